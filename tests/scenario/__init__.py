"""Tests of `sim/scenario`."""
