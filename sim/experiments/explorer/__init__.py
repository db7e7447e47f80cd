"""What the explorer shows: controls of a scenario, paired effects at their values, estimates between them."""
