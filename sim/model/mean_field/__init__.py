"""What a run reports about itself: feedback, rivalness, the long run, from its mean field."""

SIZES = (16, 2000)            # enterprises sampled of a cell (kind, site); potential entrants
MOST = 300                    # steps in search of a solution, after which a map is written out all the same
EVERY = 10                    # replicates of which at most one is measured, to bound the cost


def number(members: int, replicates: int) -> int:
    """How many of so many replicates are measured, the first ones, where `members` are asked for."""
    return min(members, -(-replicates // EVERY))
