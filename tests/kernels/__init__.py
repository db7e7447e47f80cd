"""Tests of `sim/kernels`."""
