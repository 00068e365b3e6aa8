"""Explorers of notebook 02."""
