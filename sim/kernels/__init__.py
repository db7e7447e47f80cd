"""Compiled kernels: arrays in, arrays out; no units, no classes, no Python objects."""
