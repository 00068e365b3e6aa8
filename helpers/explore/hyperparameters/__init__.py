"""Explorers of notebook 08."""
