"""Tests of `sim/base`."""
