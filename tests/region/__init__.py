"""Tests of `sim/region`."""
