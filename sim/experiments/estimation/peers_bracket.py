"""Estimates of peers as a bracket: without effects of places, with them, and what each says where there are no peers.

Without effects, firms that follow firms and firms that like the same places look the same: too high. With effects of
each industry at each place a count of the past year stands beside a mean over a few years that it is part of: too low
(Nickell 1981), by an order 1/T that the split-panel jackknife takes out in part (Dhaene & Jochmans 2015):

    b_J = 2 b - (b_first half + b_second half) / 2

The same estimators are run in simulated worlds without peers (`null_worlds`).
"""

from collections.abc import Callable, Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import estimates, identification, null_worlds
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.events import Events, Stocks
from sim.experiments.estimation.newton import Array

JACKKNIFE = "jackknife"


class Bound(NamedTuple):
    """What one estimator says of one regressor of peers."""

    effects: str                   # "none", "site", "industry x site", "jackknife"
    name: str
    value: float
    error: float                   # clustered standard error
    null: tuple[float, ...]        # what it says in each world without peers

    @property
    def null_mean(self) -> float:
        """Mean over the worlds."""
        return float(np.mean(self.null)) if self.null else float("nan")

    @property
    def null_sd(self) -> float:
        """Standard deviation over the worlds."""
        return float(np.std(self.null, ddof=1)) if len(self.null) > 1 else float("nan")


class Problem(NamedTuple):
    """Choices of one kind, and how to make their regressors of other counts."""

    stock: Stocks
    events: Events
    choices: Choices
    tabled: Callable[[Stocks, Events], Array]          # (event, place, regressor)
    peers: NDArray[np.bool_]                           # (regressor,) which are peers
    industries: tuple[str, ...]
    places: tuple[str, ...]
    kinds: tuple[str, ...]                             # effects that are estimated


def jackknife(problem: Problem, choices: Choices, kind: str, whole: Array) -> Array | None:
    """(regressor,) coefficients by the split-panel jackknife; None where a half of the years decides nothing."""
    middle = np.median(problem.events.year)
    halves = [_coefficients(problem, choices, kind, rows) for rows in (problem.events.year <= middle,
                                                                      problem.events.year > middle)]
    return None if any(half is None for half in halves) else 2.0 * whole - 0.5 * (halves[0] + halves[1])


def bracket(problem: Problem, found: dict[str, Estimate], worlds: int,
            seed: int) -> Generator[int, None, list[Bound]]:
    """Generator of worlds done; returns the Bounds of every regressor of peers."""
    null: dict[str, list[Array]] = {}
    for done in range(worlds):
        for kind, values in _estimators(problem, *_drawn(problem, found, seed, done)).items():
            null.setdefault(kind, []).append(values)
        yield done + 1
    return list(_bounds(problem, found, null))


def _bounds(problem, found, null):
    """Bounds in the order of effects; the jackknife has the errors of the estimate that it corrects."""
    for kind, values, error in _told(problem, found):
        for k in np.flatnonzero(problem.peers & np.isfinite(values)):
            yield Bound(kind, problem.choices.names[k], float(values[k]), float(error[k]),
                        tuple(float(each[k]) for each in null.get(kind, ())))


def _told(problem, found):
    for kind, estimate in found.items():
        yield kind, estimate.coefficients, estimate.errors("clustered")
        if kind != "none":
            corrected = jackknife(problem, problem.choices, kind, estimate.coefficients)
            if corrected is not None:
                yield f"{kind}, {JACKKNIFE}", corrected, estimate.errors("clustered")


def _drawn(problem, found, seed, number):
    """(Choices, Events) of a world without peers."""
    names = problem.choices.names
    first = next(iter(found.values()))
    known = problem.choices.x @ np.where(problem.peers, 0.0, np.nan_to_num(first.coefficients))
    generator = random_streams.generator(f"worlds without peers {' '.join(names)}", seed, number)
    stock, events = null_worlds.world(problem.stock, problem.events, known, problem.choices.available, generator)
    return problem.choices._replace(x=problem.tabled(stock, events), chosen=events.place), events


def _estimators(problem, choices, events):
    """Effects -> (regressor,) coefficients, of those that decide them."""
    drawn = problem._replace(choices=choices, events=events)
    values = {}
    for kind in problem.kinds:
        whole = _coefficients(drawn, choices, kind, slice(None))
        if whole is not None:
            values[kind] = whole
            corrected = jackknife(drawn, choices, kind, whole) if kind != "none" else None
            if corrected is not None:
                values[f"{kind}, {JACKKNIFE}"] = corrected
    return values


def _coefficients(problem, choices, kind, rows):
    """(regressor,) coefficients of some of the choices, None where the data do not decide them."""
    some = choices.at(rows)
    made = estimates.with_effects(some, problem.events.industry[rows], problem.industries, problem.places, kind)
    left, _never = identification.chosen_only(made)
    found = logit.fit(left)
    return found.point[:len(choices.names)] if found.converged else None
