"""T21."""

import math

import numpy as np

from sim.base.messages import _
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import churning, moving_eigenvalue, quarterly
from sim.verification.theorems.rows import Rows, close

LASTING = 20_000               # quarters that stand for ever
SMALL = 1e-4                   # of a site's enterprises: an impulse whose square does not count


@theorem("T21", "Multiplier 1/(1 - R), decay 1 - delta (1 - R)", "Derivation in the model description",
         title_zh="乘数 1/(1-R)，衰减 1-delta(1-R)",
         cases={"costly moves": {"sites": 4, "g": 0.5, "review": 0.25, "entry": 0.02, "cost": 1.0},
                "free moves": {"sites": 4, "g": 0.9, "review": 0.25, "entry": 0.02},
                "above one": {"sites": 3, "g": 1.3, "review": 0.25, "entry": 0.02}},
         more={"many": {"sites": 12, "g": 0.7, "review": 0.5, "entry": 0.01, "cost": 2.0}})
def multiplier(sites: int, g: float, review: float, entry: float, cost: float = 0.0) -> Rows:
    """A lasting gain grows to 1/(1 - R_dyn) times its direct effect; an impulse keeps 1 - delta (1 - R_dyn).

    delta = h (1 - p) + x is the rate at which an impulse dies without peers. The impulse is put on the map of
    a quarter; the lasting gain is a rise of the utility of one site, followed for 20,000 quarters.
    """
    from sim.model.mean_field import feedback, quarter_map, rivalness

    field, found = (made := churning(sites, g, review, entry, cost)), feedback.measure(made)
    h, p = quarterly(review), moving_eigenvalue(sites, cost)
    delta, r = h * (1 - p) + entry, g * (h * (1 - p ** 2) + entry) / (h * (1 - p) + entry)
    impulse = SMALL * field.n * np.cos(2 * math.pi * np.arange(sites) / sites)
    there, back = (quarter_map.advance(field, field.n + sign * impulse) for sign in (1, -1))
    leader = (there - back)[0, 0] / 2 / impulse[0, 0]
    yield close(_("left of an impulse after a quarter"), leader, 1 - delta * (1 - r), 1e-6)
    kept = 1 - delta * (1 - r)
    if r >= 1:
        yield close(_("half-life is endless"), 0.0 if math.isinf(found.half_life) else 1.0, 0.0)
        return
    yield close(_("reported multiplier"), found.multiplier / (1 / (1 - r)), 1.0, 1e-4)
    yield close(_("reported half-life, years"), found.half_life, 0.25 * math.log(0.5) / math.log(kept), 1e-4)
    where = np.arange(sites) == 0
    plain = churning(sites, 0.0, review, entry, cost)
    direct, lasting = (rivalness.response(each, where, LASTING)[0] for each in (plain, field))
    yield close(_("lasting gain over direct effect"), lasting / direct * (1 - r), 1.0, 1e-4)
