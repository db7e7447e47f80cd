"""Tests of `sim/cli`."""
