"""Tests of `sim/results`."""
