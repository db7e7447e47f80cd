"""What a run reports about itself: feedback, rivalness, the long run, from its mean field."""

SIZES = (16, 2000)            # enterprises sampled of a cell (kind, site); potential entrants
