"""What is learnt from many runs together: sweeps on as many processors as there are, equilibria, targets, estimation, back-tests."""
