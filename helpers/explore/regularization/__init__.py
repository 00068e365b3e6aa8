"""Explorers of regularisation: what helps against overfitting, and how."""
