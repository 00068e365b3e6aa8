"""Digits, photographs, clothes, heartbeats and names: found, downloaded, drawn, or recorded.

May import: `arguments`, `files`, `stats`, `layers`, `plots`.
"""
