"""Analyses of many runs together, and of data: comparisons, sweeps, equilibria, targets, estimation, back-tests."""
