"""Experiments: scenarios made into one more dimension."""
