"""Draws of the parameters from their ranges, the variants of a scenario under them, and weights by earlier data.

Weights are likelihoods of the observations up to the origin, raised to the largest power not above 1 at which the
effective number of draws, (sum w)^2 / sum w^2, is at least LEAST or a twentieth of the draws (annealed importance
weights: Neal 2001; effective sample size: Kong, Liu & Wong 1994). The power is reported: below 1 the data say more than
so few draws can tell apart.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import terms
from sim.experiments.backtest.plan import Plan
from sim.experiments.compare import uncertainty
from sim.experiments.compare.scenarios import ComparedScenario
from sim.model.ensemble import Member, members_of
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario

LEAST, SHARE = 8.0, 0.05       # effective draws at least
MODEL, NO_PEERS, NO_POLICY = "model", "no_peers", "no_policy"
SCALE = ("population.candidates",)     # how many enterprises there are is not a matter of belief
VARIANTS = (MODEL, NO_PEERS, NO_POLICY)


class Weights(NamedTuple):
    """(draw,) weights that sum to 1, the power of the likelihood, and how many draws they amount to."""

    weight: NDArray[np.float64]
    power: float
    effective: float


def drawn(plan: Plan) -> list[dict[str, float]]:
    """[values by key] of the plan's draws, with which each of its runs has a base year at the scale that it has."""
    cases = [ComparedScenario(run.scenario.path, run.scenario, plan.region, Path("."), None) for run in plan.runs]
    return uncertainty.drawn(cases, plan.draws, plan.per_draw, held=SCALE, openings=len(cases))


def members(scenario: Scenario, values: Mapping[str, float], variant: str, replicates: Sequence[int]) -> list[Member]:
    """The members of a variant of the scenario under a draw."""
    return members_of(varied(uncertainty.changed(scenario, values), variant), replicates)


def varied(scenario: Scenario, variant: str) -> Scenario:
    """The scenario itself, without all peer terms, or without its policies and the statuses that come after the start.

    With `no_policy` the statuses of the base year end with it, so that nothing but what was there acts.
    """
    if variant == NO_PEERS:
        off = [(("terms", entry.name, "gamma"), 0.0) for entry in terms.registry.entries() if entry.peers]
        return parameter_paths.changed(scenario, off)
    if variant == NO_POLICY:
        values = scenario.values.model_copy(update={"policies": {}})
        values = values.model_copy(update={"switches": values.switches.model_copy(update={"statuses": False})})
        return dataclasses.replace(scenario, values=values, instruments={})
    return scenario


def weights(log_likelihood: NDArray[np.float64]) -> Weights:
    """The Weights of draws by their log likelihood (draw,); all alike where there is nothing to tell them apart."""
    wanted = min(max(LEAST, SHARE * len(log_likelihood)), float(len(log_likelihood)))
    low, high = 0.0, 1.0
    if _effective(log_likelihood) >= wanted:
        low = 1.0
    for _ in range(60 if low < 1.0 else 0):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _effective(middle * log_likelihood) >= wanted else (low, middle)
    found = _normalised(low * log_likelihood)
    return Weights(found, low, float(1.0 / (found ** 2).sum()))


def _normalised(log_weight):
    raised = np.exp(log_weight - log_weight.max())
    return raised / raised.sum()


def _effective(log_weight):
    return 1.0 / (_normalised(log_weight) ** 2).sum()
