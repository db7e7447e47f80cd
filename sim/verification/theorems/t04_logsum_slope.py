"""T04."""

from collections.abc import Sequence

import numpy as np

from sim.base.messages import _
from sim.kernels.choice import expected
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import integral, nested_logit
from sim.verification.theorems.rows import Rows, close

UTILITY = [0.3, -0.5, 1.1, 0.0, 0.7, 0.2]


@theorem("T04", "The log-sum rises with V_j by P_j", "Williams 1977; Daly & Zachary 1978",
         title_zh="log-sum 对 V_j 的导数等于 P_j",
         cases={"one nest": {"utility": UTILITY, "nests": [0] * 6},
                "three nests": {"utility": UTILITY, "nests": [0, 0, 1, 1, 1, 2],
                                "dissimilarity": [0.4, 0.8, 1.0]},
                "deep nests": {"utility": UTILITY, "nests": [0, 0, 0, 1, 1, 1], "dissimilarity": 0.1}},
         more={"far": {"utility": UTILITY, "nests": [0, 0, 0, 1, 1, 1], "dissimilarity": 0.05,
                       "rises": [-12.0, 12.0]}})
def slope(utility: list[float], nests: list[int], dissimilarity: float | list[float] = 1.0,
          rises: Sequence[float] = (-2.0, 0.5, 3.0)) -> Rows:
    """d log-sum / dV_j = P_j, tried as log-sum(V + r e_j) - log-sum(V) = integral of P_j over the rise.

    Every site is raised by every rise; the integral by Gauss and Legendre, finely enough for the nests.
    """
    made = lab.world(nests, utility, {"choice": {"outside": True}}, lab.people(2), lab.nesting(dissimilarity))
    for rise in rises:
        panels = int(np.ceil(4 * abs(rise) / np.min(dissimilarity)))
        pairs = [_gain_and_integral(made, j, rise, panels) for j in range(len(utility))]
        yield close(_("gain from a rise of {rise:g}, site by site", rise=rise), *zip(*pairs))  # type: ignore[arg-type]  # two
        found = [_probabilities(made, rise * np.eye(len(utility))[j])[1] for j in range(len(utility))]
        theory = [nested_logit(utility + rise * np.eye(len(utility))[j], nests, dissimilarity, True)[1]
                  for j in range(len(utility))]
        yield close(_("log-sums after a rise of {rise:g}", rise=rise), found, theory)


def _probabilities(made, change):
    """(probabilities (point, site), log-sums (point,)) of an enterprise as constants change."""
    points = np.atleast_2d(change)
    v = lab.utilities(made, [0]) + np.column_stack([points, np.zeros(len(points))])
    nests = made.world.nests
    value = expected.logit(v, nests.of_site, nests.dissimilarity[0])
    return v, value if np.ndim(change) > 1 else value[0]


def _gain_and_integral(made, j, rise, panels):
    """The gain of the log-sum, and the integral of P_j over so many panels of 20 points."""
    unit = np.eye(made.world.sites)[j]
    gain = _probabilities(made, rise * unit)[1] - _probabilities(made, 0.0 * unit)[1]
    return gain, rise * integral(lambda at: _probabilities(made, rise * at[:, None] * unit)[0][:, j], panels)
