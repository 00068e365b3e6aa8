"""Explorers of notebook 00."""
