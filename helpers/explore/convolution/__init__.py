"""Explorers of notebook 01."""
