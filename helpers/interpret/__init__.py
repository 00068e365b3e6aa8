"""What a network has learned: activations, receptive fields, attributions and their tests.

May import: all but `training`, `explore` and `checks`.
"""
