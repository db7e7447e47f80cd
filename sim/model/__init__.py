"""One run: from members to a world, its opening, quarter after quarter, to what is recorded."""
