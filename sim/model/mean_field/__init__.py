"""What a run reports about itself: feedback, rivalness, the long run, from its mean field."""
