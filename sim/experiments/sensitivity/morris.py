"""Morris screening: elementary effects of every axis, from trajectories (Morris 1991).

The design moves one axis at a time by delta = levels / (2 (levels - 1)) of its range. An elementary
effect is the change of the quantity over delta, so it reads as the change over the whole range. mu* is
the mean of absolute effects (Campolongo, Cariboni & Saltelli 2007), sigma their standard deviation:
0 for an axis whose effect is the same wherever the others stand.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import CorruptError
from sim.base.messages import _
from sim.experiments.salib import salib
from sim.experiments.sensitivity.quantity import Quantity, Swept
from sim.experiments.sweep import design

RESAMPLES = 1000


def table(sweep: Swept, quantity: Quantity, confidence: float = 0.95) -> pd.DataFrame:
    """DataFrame, one row an axis in the order of mu*: axis, mu, mu_star, mu_star_low, mu_star_high, sigma.

    The interval is a bootstrap over trajectories.
    """
    morris = salib("SALib.analyze.morris")
    places = unit(sweep)[quantity.whole]
    problem = {"num_vars": len(sweep.axes), "names": list(sweep.axes), "bounds": [[0.0, 1.0]] * len(sweep.axes),
               "groups": None}
    found = morris.analyze(problem, places, quantity.mean[quantity.whole], conf_level=confidence,
                           num_resamples=RESAMPLES, num_levels=sweep.defined["levels"], seed=1)
    half = np.array(found["mu_star_conf"], dtype=float)
    star = np.array(found["mu_star"], dtype=float)
    rows = pd.DataFrame({"axis": sweep.axes, "mu": np.array(found["mu"], dtype=float), "mu_star": star,
                         "mu_star_low": np.maximum(star - half, 0.0), "mu_star_high": star + half,
                         "sigma": np.array(found["sigma"], dtype=float)})
    return rows.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def unit(sweep: Swept) -> NDArray[np.float64]:
    """(point, axis) places of the design in the unit cube, drawn again from its seed.

    CorruptError if the values in the folder are not those of these places: another version of the
    library may draw other trajectories.
    """
    said = sweep.defined
    places = design.unit("morris", len(sweep.axes), said["points"] // sweep.block, said["seed"], said["levels"])
    for k, axis in enumerate(sweep.axes):
        if not _one_to_one(places[:, k], sweep.columns[axis]):
            raise CorruptError(_("{folder}: the points are not those that this version of SALib draws; "
                                 "run the sweep again in another folder", folder=sweep.folder))
    return places


def _one_to_one(u, values):
    """Whether each place has one value, so that the values may come from these places."""
    order = np.argsort(u, kind="stable")
    ranked = pd.factorize(values)[0][order]
    return all(len(set(ranked[u[order] == place])) == 1 for place in np.unique(u))
