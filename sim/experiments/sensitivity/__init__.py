"""What the results of a sweep depend on."""
