"""Tests, in the rooms of the package; `oracles` say what is right, `samples` make what is tried."""
