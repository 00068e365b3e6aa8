"""Explorers of notebook 07."""
