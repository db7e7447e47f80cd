"""Tests of `sim/model`."""
