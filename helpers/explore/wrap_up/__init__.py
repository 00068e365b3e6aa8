"""Explorers of notebook 12."""
