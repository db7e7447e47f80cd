"""Tests of `sim/front_door`."""
