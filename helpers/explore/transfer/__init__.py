"""Explorers of transfer learning: what a network that was trained before is worth."""
