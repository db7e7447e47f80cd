"""Theorems of the model on the production code, in a laboratory of small worlds.

Decision 28 (docs/decisions.md).
"""
