"""T16."""

import numpy as np
from scipy.optimize import brentq

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import field_of
from sim.verification.theorems.rows import SOLVER, Row, Rows, close


@theorem("T16", "Two sites with linear peers: m = tanh(bh + bJ m)", "Brock & Durlauf 2001",
         title_zh="两地线性同行集聚：m = tanh(bh + bJ m)",
         cases={"bJ 0.9": {"strength": 0.9}, "bJ 1.5": {"strength": 1.5, "published": 0.858560},
                "bJ 2": {"strength": 2.0, "published": 0.957504},
                "unlike sites": {"strength": 1.5, "field": 0.05},
                "very unlike sites": {"strength": 1.5, "field": 0.3},
                "scale": {"strength": 1.0, "field": 0.02, "beta": 1.6}},
         more={"strong": {"strength": 3.0, "field": 0.4, "beta": 1.2}})
def brock_durlauf(strength: float, field: float = 0.0, beta: float = 1.0, published: float | None = None) -> Rows:
    """m = tanh(b h + b J m), m the difference of the two shares: every equilibrium, stable and unstable.

    Sites differ by 2 h, peers are worth 2 J times a share, and b = 1/l. The search for equilibria must find
    the roots, each stable where tanh is flatter than 45 degrees; `published` is a root's known value.
    """
    from sim.experiments.equilibria.search import search

    made = field_of([field, -field], lab.localised(2 * strength, form="linear"), lab.nesting(1 / beta))
    found = sorted((e.shares[0] - e.shares[1], e.stable) for e in search(made, random=3).equilibria)
    known = _roots(beta * field, beta * strength)
    yield Row(_("equilibria"), len(known), len(found), 0.0)
    if len(known) != len(found):
        return
    yield close(_("magnetisation of every one"), [m for m, _ in found], known, SOLVER)
    stable = [beta * strength * (1 - m * m) < 1 for m in known]
    yield Row(_("judged otherwise on stability"), 0.0, sum(a != b for a, (_, b) in zip(stable, found)), 0.0)
    if published is not None:
        yield Row(_("the published value"), published, max(m for m, _ in found), 5e-7)


def _roots(field, strength):
    """All m in (-1, 1) with m = tanh(field + strength m)."""
    gap = lambda m: np.tanh(field + strength * m) - m             # noqa: E731
    grid = np.linspace(-1, 1, 20002)                              # even, so that 0 is no point of it
    values = gap(grid)
    return [brentq(gap, a, b, xtol=1e-15) for a, b, u, w in zip(grid, grid[1:], values, values[1:]) if u * w < 0]
