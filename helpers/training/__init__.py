"""What surrounds a training: curves, schedules, clocks, devices, processes, export.

May import: all but `interpret`, `explore` and `checks`.
"""
