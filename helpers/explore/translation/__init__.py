"""Explorers of notebook 04."""
