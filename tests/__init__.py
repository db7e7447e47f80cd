"""Tests, in folders like those of the package; `oracles` say what is right, `samples` make what is tried."""
