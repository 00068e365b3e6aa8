"""Explorers of notebook 06."""
