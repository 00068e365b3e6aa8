"""Explorers of notebook 10."""
