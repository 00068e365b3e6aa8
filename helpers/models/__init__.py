"""Networks, trained or to be trained, and Keras itself: `backend` imports it.

May import: `arguments`, `files`, `stats`, `layers`, `plots`, `datasets`.
"""
