"""Explorers of translation: what a network makes of a shifted picture."""
