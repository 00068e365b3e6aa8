"""Explorers of notebook 09."""
