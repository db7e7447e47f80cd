"""T39."""

import numpy as np

from sim.base.messages import _
from sim.kernels.choice import expected
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import integral, nested_logit
from sim.verification.theorems.rows import Rows, close

UTILITY, NESTS = [0.3, -0.5, 1.1, 0.0, 0.7, 0.2], [0, 0, 1, 1, 1, 2]


@theorem("T39", "Consumer surplus is the path integral of P dV", "Hotelling 1938; Small & Rosen 1981",
         title_zh="消费者剩余等于 P dV 的路径积分",
         cases={"one step": {"utility": UTILITY, "nests": NESTS, "dissimilarity": [0.4, 0.8, 1.0],
                             "path": [[0.5, 0, 0, -1.0, 0, 2.0]]},
                "a detour": {"utility": UTILITY, "nests": NESTS, "dissimilarity": 0.5,
                             "path": [[3.0, 0, 0, 0, 0, 0], [3.0, -2.0, 1.0, 0, 0, 0],
                                      [1.0, 1.0, 1.0, 0, 0, 0]]},
                "a loop": {"utility": UTILITY, "nests": NESTS, "dissimilarity": 0.3,
                           "path": [[2.0, 0, 0, 0, 0, 0], [2.0, -3.0, 0, 0, 1.0, 0], [0, 0, 0, 0, 0, 0]]},
                "with a moving cost": {"utility": UTILITY, "nests": NESTS, "dissimilarity": 0.7, "cost": 2.0,
                                       "path": [[0, 1.5, 0, 0, 0, 0], [0, 1.5, -0.5, 0, 0.5, 0]]}},
         more={"deep and far": {"utility": UTILITY, "nests": [0, 0, 0, 1, 1, 1], "dissimilarity": 0.05,
                                "path": [[8.0, 0, 0, 0, 0, -8.0], [0, 6.0, 0, 3.0, 0, 0]]}})
def welfare(utility: list[float], nests: list[int], path: list[list[float]],
            dissimilarity: float | list[float] = 1.0, cost: float = 0.0, outside: bool = True) -> Rows:
    """Log-sum after less log-sum before = integral of sum_j P_j dV_j along any path of utilities.

    The path goes in straight lines from the sites' constants through each change in `path`; both sides are
    means over enterprises at every site, who pay `cost` to leave theirs.
    """
    sites = len(utility)
    made = lab.world(nests, utility, lab.people(sites), lab.nesting(dissimilarity),
                     {"choice": {"outside": outside}, "moving": {"cost": cost}})
    made = made._replace(economy=lab.placed(made, np.arange(sites)))
    corners = np.array([[0.0] * sites, *path], float)
    surplus = np.mean([_values(made, corners[-1])[1] - _values(made, corners[0])[1]])
    integral = sum(_along(made, a, b, np.min(dissimilarity)) for a, b in zip(corners, corners[1:]))
    yield close(_("surplus and path integral"), integral, surplus)
    theory = [nested_logit(np.add(utility, corners[-1]) + cost * (np.arange(sites) == j), nests,
                           dissimilarity, outside)[1] - cost for j in range(sites)]
    yield close(_("log-sums at the end"), _values(made, corners[-1])[1], theory)


def _values(made, change):
    """((enterprise, site + 1) probabilities, (enterprise,) log-sums) as the sites' constants change."""
    table, nests = lab.offers(made, 0, constant=made.fixed.constant + change), made.world.nests
    v = lab.utilities(made, range(made.world.sites), table)
    value = expected.logit(v, nests.of_site, nests.dissimilarity[0])
    return v, value


def _along(made, start, end, length):
    """Integral of the mean enterprise's sum_j P_j dV_j on a straight line, by Gauss and Legendre."""
    panels = int(np.ceil(4 * np.abs(end - start).max() / length)) or 1
    return integral(lambda at: [(_values(made, start + t * (end - start))[0][:, :-1] @ (end - start)).mean()
                                for t in at], panels)
