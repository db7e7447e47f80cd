"""Compiled kernels: arrays in, arrays out; no units, no classes, no Python objects.

Decision 59 (docs/decisions.md).
"""
