"""Tests of `sim/terms`."""
