"""Figures, drawn from datasets and tables alone."""
