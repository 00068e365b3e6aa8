"""Explorers of notebook 11."""
