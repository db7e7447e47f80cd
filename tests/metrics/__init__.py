"""Tests of `sim/metrics`."""
