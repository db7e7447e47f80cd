"""Mean fields of small worlds, as the diagnostics of a run make them. No entry is registered here."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.mean_field import quarter_map
from sim.verification import laboratory as lab

ALIKE = {"population": {"size_sd": 0.0, "tail_share": 1e-9, "tail_exponent": 10.0, "largest": 1e10,
                        "spread": 1e9}}      # enterprises of one size, spread exactly by weights
CHURN = {"switches": {"churn": True}, "spinoff": {"share": 0.0},
         "growth": {"drift": 0.0, "sd": 0.0, "density": 0.0},
         "exit": {"headquarters_factor": 1.0, "size_elasticity": 0.0, "rent_elasticity": 0.0}}


def field_of(utility: Sequence[float] | NDArray[np.float64], *overrides: Mapping[str, Any], number: int = 1000,
             weights: Sequence[float] | None = None, nests: Sequence[int] | None = None) -> quarter_map.Field:
    """The Field of sites with these constants in the first quarter; `number` enterprises of one industry."""
    made = lab.world(nests or [0] * len(utility), utility, lab.people(number), ALIKE, *overrides, weights=weights)
    return quarter_map.build(made.world, made.fixed, made.economy, 0)


def churning(sites: int, strength: float, review: float, entry: float, cost: float,
             *overrides: Mapping[str, Any]) -> quarter_map.Field:
    """The Field of equal sites where as many enterprises come in a quarter, a share `entry` of all, as close.

    review is yearly, cost that of a move, strength the exponent of log peers with a = 0.
    """
    hazard = 1 - (1 - entry) ** 4
    return field_of(np.zeros(sites), CHURN, lab.localised(strength, form="log", offset=0.0),
                    {"exit": {"hazard_by_age": [hazard]}, "entry": {"rate": 4 * entry},
                     "choice": {"review": review}, "moving": {"cost": cost}}, *overrides, number=500 * sites)


def quarterly(yearly: float) -> float:
    """Probability in a quarter that belongs to a yearly one."""
    return 1 - (1 - yearly) ** 0.25


def moving_eigenvalue(sites: int, cost: float) -> float:
    """Second eigenvalue p of the movers' map between equal sites: (1 - e^-c) / (1 + (K - 1) e^-c)."""
    return (1 - np.exp(-cost)) / (1 + (sites - 1) * np.exp(-cost))


def settled(field: quarter_map.Field, start: ArrayLike) -> NDArray[np.float64]:
    """Shares of the sites where the mean field settles from shares `start`, by the solver of a run."""
    from sim.model.mean_field import long_run

    end = long_run.settle(field, field.n.sum() * np.asarray(start, float)[None])
    return end.n[0] / end.n.sum() if end.found else np.full(field.n.shape[1], np.nan)
