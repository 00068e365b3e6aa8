"""Explorers of notebook 05."""
