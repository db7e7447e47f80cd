"""Tests of `sim/runs`."""
