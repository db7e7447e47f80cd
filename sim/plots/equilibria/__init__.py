"""Figures of a search for equilibria."""
