"""T02."""

import numpy as np
from scipy import stats

from sim.base.messages import _
from sim.kernels import arrays
from sim.kernels.choice import draws, expected
from sim.kernels.numerics.hashing import combine
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import EULER, nested_logit
from sim.verification.theorems.rows import Rows, close, law, mean

UTILITY = [0.3, -0.5, 1.1, 0.0, 0.7, 0.2]


@theorem("T02", "Expected best utility is the log-sum and Euler's constant", "McFadden 1978; Williams 1977",
         title_zh="最大效用的期望等于 log-sum 加欧拉常数",
         cases={"one nest": {"utility": UTILITY, "nests": [0] * 6},
                "three nests": {"utility": UTILITY, "nests": [0, 0, 1, 1, 1, 2],
                                "dissimilarity": [0.4, 0.8, 1.0]}},
         more={"deep nest": {"utility": UTILITY, "nests": [0, 0, 0, 0, 1, 1], "dissimilarity": [0.05, 0.3],
                             "number": 200_000}})
def best_utility(utility: list[float], nests: list[int], dissimilarity: float | list[float] = 1.0,
                 number: int = 40_000, seed: int = 20191025) -> Rows:
    """E[max_j V_j + error_j] = log-sum + 0.5772157, and the best utility is Gumbel.

    V and the errors are those by which enterprises choose, an error vector for each of `number`.
    """
    made = lab.world(nests, utility, {"choice": {"outside": True}}, lab.people(number), lab.nesting(dissimilarity),
                     lab.seeded(seed))
    v = lab.utilities(made, range(number))
    logsum = nested_logit(utility, nests, dissimilarity, outside=True)[1]
    best = (v + errors(made, number)).max(axis=1) - logsum
    yield close(_("log-sum of the program"), expected.logit(v, made.world.nests.of_site,
                                                         made.world.nests.dissimilarity[0])[0], logsum)
    yield mean(_("mean best utility less log-sum"), best, EULER)
    yield law(_("best utility against Gumbel, Kolmogorov-Smirnov p"), stats.kstest(best, "gumbel_r").pvalue)


def errors(made, number):
    """(enterprise, site + 1) errors of the enterprises' present epochs, as the choice kernel draws them."""
    nests, keys, state = made.world.nests, made.world.keys, made.economy.state
    room, length = draws.draws_for(len(nests.of_site), len(nests.size)), draws.lengths_of(nests)[0]
    streams = [np.uint64(combine(keys.choice[0], own)) for own in state.id[0, :number]]
    key = np.array([combine(*pair) for pair in zip(streams, state.epoch[0].astype(np.uint64))], np.uint64)
    found = []
    for first in range(0, number, arrays.LANES):
        block = key[first:first + arrays.LANES]
        room.key[:len(block)] = block
        draws.draw_errors(room, keys.site, keys.nest, nests.of_site, length)
        found.append(room.error.T[:len(block)].copy())
    return np.concatenate(found)
