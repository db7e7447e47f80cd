"""T01."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import logit
from sim.verification.theorems.rows import Rows, close, law, p_of_counts

UTILITY = [0.3, -0.5, 1.1, 0.0, 0.7]


@theorem("T01", "Logit shares and independence of irrelevant alternatives", "McFadden 1974",
         title_zh="Logit 份额与无关选项独立性",
         cases={"five sites": {"utility": UTILITY},
                "five sites and outside": {"utility": UTILITY, "outside": True},
                "far apart": {"utility": [-9.0, 0.0, 6.0]}},
         more={"forty sites": {"utility": [0.1 * k * (-1) ** k for k in range(40)], "number": 100_000}})
def shares(utility: list[float], outside: bool = False, number: int = 20_000, seed: int = 20191025) -> Rows:
    """Shares are e^V / sum e^V, V = 0 outside; the odds of two sites do not depend on a third.

    The last rule of theory is tried by moving the last site's utility up and down; draws are those of
    `number` enterprises that choose once.
    """
    made = _made(utility, outside, number, seed)
    p = lab.expected(made, slots=[0])[0]
    expected = logit([*utility, 0.0] if outside else [*utility, -np.inf])
    yield close(_("expected shares"), p, expected)
    for other in (-3.0, 4.0):
        moved = lab.expected(_made([*utility[:-1], other], outside, 2, seed), slots=[0])[0]
        kept = np.delete(np.arange(len(utility)), -1)
        yield close(_("log odds with the last site at {other:g}", other=other), np.log(moved[kept] / moved[0]),
                    np.subtract(utility, utility[0])[kept])
    site = lab.chosen(made, made.economy)[0].site[0]
    seen = np.bincount(np.where(site < 0, len(utility), site), minlength=len(utility) + 1)
    yield law(_("drawn choices, chi-square p"), p_of_counts(seen[:len(utility) + outside],
                                                         expected[:len(utility) + outside]))


def _made(utility, outside, number, seed):
    return lab.world([0] * len(utility), utility, {"choice": {"outside": outside}}, lab.people(number),
                     lab.seeded(seed))
