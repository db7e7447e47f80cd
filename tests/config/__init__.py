"""Tests of `sim/config`."""
