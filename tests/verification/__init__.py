"""Tests of `sim/verification`."""
