"""Small worlds, runs, sweeps, comparisons, pages and clusters that tests share."""
