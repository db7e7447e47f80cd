"""What rents take back of a gain: at the horizon, in the long run, by formula; and what comes through floor and rents.

    kappa / (1 - g + kappa),   kappa = b_r phi / (1 + eta),   g = gL + gC + gH

is the long run of a lasting gain at one small place of one nest, with peers that count at their own place alone and
slack land (Helpman 1998; T13). The long run of the model itself is `capitalised_long_run` of a run: derived on the
mean field, with decay between towns, several nests and the outside option.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.compare.study import Study
from sim.experiments.paired_statistics import row
from sim.scenario.schema import Whole

LONG_RUN = "capitalised_long_run"
SIZE_TERM = "floor"                      # the term of utility that is in proportion to ln floor
HEAD = ("scenario", "size_term", "other_terms", "rents", "rents_se", "rents_p05", "rents_p95")


def formula(values: Whole) -> float:
    """kappa / (1 - g + kappa) of a scenario's values; nan where peers' exponents come to 1 + kappa."""
    terms, land = values.terms, values.land
    g = terms.localisation.gamma + terms.coagglomeration.gamma + terms.headquarters.gamma
    kappa = terms.rent.beta * land.modelled_share / (1.0 + land.elasticity)
    return float(kappa / (1.0 - g + kappa)) if g < 1.0 + kappa else float("nan")


def long_run(levels: Levels) -> tuple[float, float]:
    """(mean, standard error) over the measured members, at the end of a run; nan where none was."""
    found = levels[LONG_RUN][:, -1] if LONG_RUN in levels else np.array([])
    found = found[np.isfinite(found)]
    numbers = row(found) if len(found) else (float("nan"),) * 3
    return numbers[0], numbers[2]


def log_rents(pair: tuple[str, Levels, Levels], study: Study) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """((member,) rise of ln rent that a scenario brings, [(member, site) ln rents with it, without it]).

    At all sites of its own policies, a mean over the enterprises there, in the last quarter in force.
    """
    name, here, there = pair
    where, last = study.masks[name], here.at(study.lasts.get(name, here.quarters[-1]))
    stock = here["enterprises"][:, last].sum(axis=(2, 3))[:, where]
    rents = [np.log(levels["rent"][:, last, where]) for levels in (here, there)]
    return ((rents[0] - rents[1]) * stock).sum(axis=1) / np.maximum(stock.sum(axis=1), 1), rents


def by_channel(pairs: Pairs, study: Study, weights: dict[str, Any]) -> pd.DataFrame:
    """DataFrame: what the policies of a scenario change of utility at their sites, through floor and through rents.

    `size_term` and `other_terms` are given: parts of the direct gain (`assumed.csv`, at_policies). `rents` is found:
    -b_r times the rise of ln rent, negative where rents rise. More floor acts twice: it counts in the size term, and
    it is cheaper until somebody comes. weights: scenario -> b_r.
    """
    found = []
    for pair in (pair for pair in pairs if pair[0] in study.masks):
        assumed = study.assumed[pair[0]]
        size = assumed.at_policies(SIZE_TERM) if SIZE_TERM in assumed.parts() else 0.0
        mean, _sd, *error_and_ends = row(-weights[pair[0]] * log_rents(pair, study)[0])[:5]
        found.append((pair[0], size, assumed.at_policies() - size, mean, *error_and_ends))
    return pd.DataFrame(found, columns=HEAD)
