"""Explorers of notebook 03."""
