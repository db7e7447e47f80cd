"""Tests of `sim/experiments`."""
