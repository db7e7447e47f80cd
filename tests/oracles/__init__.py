"""What production code must equal: naive twins in plain loops, and sweeps whose runs are a formula."""
