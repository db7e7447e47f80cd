"""Whether a firm moves in a year: a hazard (complementary log-log) of what its present place is like.

    p_it = 1 - exp(-exp(x_i,t b + a_t))        a_t an effect of each year

Peers at the present place leave the firm itself out. Distance says nothing here.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.experiments.estimation import estimates, hazard
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.identification import directions
from sim.experiments.estimation.newton import Array

LINK: hazard.Link = "cloglog"


def estimate(x: Array, names: tuple[str, ...], year: NDArray[np.intp], moved: NDArray[np.bool_],
             cluster: ArrayLike) -> tuple[Estimate, list[str]]:
    """(Estimate of a hazard, names of regressors left out because others say the same); x (firm-year, regressor).

    Years in which nobody moves, or all do, have no effect that is finite: they are left out.
    """
    some = np.isin(year, [each for each in np.unique(year) if 0.0 < moved[year == each].mean() < 1.0])
    x, year, moved, cluster = x[some], year[some], moved[some], np.asarray(cluster)[some]
    constants = (year[:, None] == np.unique(year)).astype(float)
    kept, out = _decided(x, names, constants)
    made = np.column_stack([x[:, kept], constants])
    found = hazard.fit(made, moved, LINK)
    y = moved.astype(float)
    share = y.mean()
    null = float(len(y) * (share * np.log(share) + (1.0 - share) * np.log1p(-share)))
    scores = hazard.evaluate(made, y, found.point, LINK)[1]
    return estimates.of_maximum(tuple(np.array(names, object)[kept]), found, scores, cluster, null), out


def _decided(x, names, constants):
    """(numbers of regressors that are decided beside effects of years, names of the others)."""
    kept = list(range(len(names)))
    while kept:
        made = np.column_stack([x[:, kept], constants])
        flat = [name for found in directions(made.T @ made, [names[k] for k in kept] + [""] * constants.shape[1])
                for name in found if name]
        if not flat:
            break
        kept.remove(max(names.index(name) for name in flat))
    return kept, [name for k, name in enumerate(names) if k not in kept]
