"""T03."""

from collections.abc import Sequence

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import logit, nested_logit
from sim.verification.theorems.rows import Rows, close, law, p_of_counts

UTILITY = [0.3, -0.5, 1.1, 0.0, 0.7]
BUSES = {"utility": [0.0, 0.0, 0.0], "nests": [0, 1, 1]}


@theorem("T03", "Nested logit; red bus and blue bus", "McFadden 1978; Debreu 1960; Cardell 1997",
         title_zh="嵌套 Logit；红蓝巴士",
         cases={"two nests": {"utility": UTILITY, "nests": [0, 0, 1, 1, 1], "dissimilarity": 0.5},
                "deep nests and outside": {"utility": UTILITY, "nests": [0, 1, 1, 2, 2], "dissimilarity": 0.1,
                                           "outside": True},
                "unlike nests": {"utility": UTILITY, "nests": [0, 0, 1, 1, 2],
                                 "dissimilarity": [0.3, 0.9, 0.6]},
                "red bus, blue bus": {**BUSES, "dissimilarity": 1e-12, "limit": [0.5, 0.25, 0.25]},
                "buses nearly alike": {**BUSES, "dissimilarity": 1e-6},
                "a better car": {"utility": [1.0, 0.0, 0.0], "nests": [0, 1, 1], "dissimilarity": 1e-3}},
         more={"thirty sites": {"utility": [0.2 * (k % 7) for k in range(30)], "number": 100_000,
                                "nests": [k % 4 for k in range(30)], "outside": True,
                                "dissimilarity": [0.2, 0.5, 0.8, 1.0]}})
def shares(utility: list[float], nests: list[int], dissimilarity: float | list[float], outside: bool = False,
           limit: Sequence[float] = (), number: int = 20_000, seed: int = 20191025) -> Rows:
    """P(m) P(j|m); with dissimilarity 1 the plain logit; alternatives that are alike share one's odds.

    `limit` are shares that theory gives besides. Draws are those of `number` enterprises choosing once.
    """
    made = _made(utility, nests, dissimilarity, outside, number, seed)
    theory, _sums = nested_logit(utility, nests, dissimilarity, outside)
    p = lab.expected(made, slots=[0])[0, :len(theory)]
    yield close(_("expected shares"), p, theory)
    if len(limit):
        yield close(_("shares in the limit"), p, limit)
    flat = lab.expected(_made(utility, nests, 1.0, outside, 2, seed), slots=[0])[0, :len(theory)]
    yield close(_("shares with dissimilarity 1"), flat, logit([*utility, 0.0] if outside else utility))
    site = lab.chosen(made, made.economy)[0].site[0]
    seen = np.bincount(np.where(site < 0, len(utility), site), minlength=len(theory))
    yield law(_("drawn choices, chi-square p"), p_of_counts(seen, theory))


def _made(utility, nests, dissimilarity, outside, number, seed):
    return lab.world(nests, utility, {"choice": {"outside": outside}}, lab.people(number), lab.nesting(dissimilarity),
                     lab.seeded(seed))
