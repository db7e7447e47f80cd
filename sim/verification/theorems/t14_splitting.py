"""T14."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import floored, nested_logit
from sim.verification.theorems.rows import Rows, close

UTILITY, FLOOR = [0.3, -0.5, 1.1], [2.0, 0.7, 1.5]


@theorem("T14", "Splitting a town changes nothing",
         "Ben-Akiva & Lerman 1985, size terms of aggregate alternatives",
         title_zh="拆分城镇不改变概率之和",
         cases={"in halves": {"utility": UTILITY, "floor": FLOOR, "nests": [0, 0, 0], "pieces": [0.5, 0.5]},
                "unevenly": {"utility": UTILITY, "floor": FLOOR, "nests": [0, 1, 1], "pieces": [0.9, 0.1],
                             "dissimilarity": 0.6},
                "in three": {"utility": UTILITY, "floor": FLOOR, "nests": [1, 0, 0],
                             "pieces": [0.2, 0.3, 0.5], "dissimilarity": [0.3, 0.8], "site": 2}},
         more={"in ten": {"utility": UTILITY, "floor": FLOOR, "nests": [0, 1, 0], "pieces": [0.1] * 10,
                          "dissimilarity": 0.1, "outside": True}})
def splitting(utility: list[float], floor: list[float], nests: list[int], pieces: list[float],
              dissimilarity: float | list[float] = 1.0, site: int = 0, outside: bool = False) -> Rows:
    """The pieces of a town, which share its floor in the parts `pieces`, have its probability together.

    V = alpha + l ln F; the pieces have the town's constant and nest.
    """
    n, keep = len(pieces), np.delete(np.arange(len(utility)), site)
    whole = _shares(utility, floor, nests, dissimilarity, outside)
    split = _shares([*np.repeat(utility[site], n), *np.array(utility)[keep]],
                    [*(floor[site] * part for part in pieces), *np.array(floor)[keep]],
                    [*np.repeat(nests[site], n), *np.array(nests)[keep]], dissimilarity, outside)
    theory = nested_logit(floored(utility, floor, nests, dissimilarity), nests, dissimilarity, outside)[0]
    yield close(_("shares with the size term"), whole[:len(theory)], theory)
    yield close(_("sum of the pieces"), split[:n].sum(), whole[site])
    yield close(_("the other sites"), split[n:], np.delete(whole, site))
    yield close(_("the pieces, by floor"), split[:n], whole[site] * np.array(pieces))


def _shares(utility, floor, nests, dissimilarity, outside):
    made = lab.world([int(nest) for nest in nests], utility, lab.people(2), lab.nesting(dissimilarity),
                     {"choice": {"outside": outside}}, floor=floor)
    return lab.expected(made, slots=[0])[0]
