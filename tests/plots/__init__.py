"""Tests of `sim/plots`."""
