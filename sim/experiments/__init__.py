"""What is learnt from many runs together, and from data: sweeps, equilibria, targets, estimation, back-tests."""
