"""Parameter uncertainty and Monte Carlo uncertainty of the effects, kept apart.

    e_dr = effect under draw d of the parameters, replicate r          common to all scenarios
    sigma^2_mc = mean_d var_r(e_dr)
    sigma^2_par = max(0, var_d(mean_r e_dr) - sigma^2_mc / R)           one-way random effects (ANOVA)

Draws are independent and uniform over the schema's `range` of every number marked literature, sign only or
assumption; what policies are, their sizes and dates, stay. Numbers that were estimated together ([estimated]) are drawn
together from the normal law of their estimates, whatever their range. A draw that the schema's rules refuse (a
move rate beyond what reviews allow), or with which the first scenario has no base year in balance, is drawn again: the
prior is the uniform one given that the model can be run.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pydantic
from numpy.typing import NDArray

from sim.base import random_streams
from sim.base.errors import InputError, Problem
from sim.config import fault_wording
from sim.config.parameters import BELIEVED, interval, rows, value_at
from sim.experiments.compare.ranking import best_shares
from sim.experiments.compare.scenarios import ComparedScenario
from sim.model.ensemble import members_of
from sim.model.preflight import validation
from sim.scenario import parameter_paths, schema
from sim.scenario.load import Scenario
from sim.scenario.schema import Whole
from sim.scenario.sections import estimated

MOST_TRIES = 200               # draws refused in a row before giving up
COLUMNS = ("scenario", "measure", "mean", "se", "p05", "p95", "sd_parameters", "sd_monte_carlo",
           "share_parameters", "share_se", "positive", "best", "regret", "draws", "replicates")
KEPT = ("headquarters", "enterprises", "balance")            # of the zone; the last is public money, RMB million


def priors(values: Whole) -> list[tuple[str, float, float, bool]]:
    """[(dotted key, low, high, whole)] of the numbers that are drawn, in the order of the schema."""
    found = []
    for row in rows(schema.build()):
        value = value_at(values, row.key.split("."))
        if row.range and row.evidence in BELIEVED and type(value) in (int, float):
            bounds = interval(row.range)
            found.append((row.key, bounds.low, bounds.high, isinstance(value, int)))
    return found


def drawn(cases: Sequence[ComparedScenario], number: int, replicates: int = 4, first: int = 0,
          held: Sequence[str] = (), openings: int = 1) -> list[dict[str, float]]:
    """[values by key] of `number` draws that every case allows, and of which so many replicates have a base year.

    Keys that are held keep the value of each case, and move no other draw. Base years are those of the first
    `openings` cases: scenarios that are compared open alike.
    """
    return [_draw(d, cases, replicates, held, openings) for d in range(first, first + number)]


def table(effects: Mapping[str, Mapping[str, NDArray[Any]]]) -> pd.DataFrame:
    """DataFrame; effects: measure -> scenario -> (draw, replicate) effects."""
    return pd.DataFrame([row for measure, each in effects.items() for row in _rows(measure, each)], columns=COLUMNS)


def spread(values: NDArray[np.float64]) -> dict[str, float] | None:
    """{median, p05, p95, draws} of (draw,) values, infinite ones among them; None of none."""
    if not len(values):
        return None
    low, middle, high = np.percentile(values, [5, 50, 95], method="inverted_cdf")
    return {"median": float(middle), "p05": float(low), "p95": float(high), "draws": len(values)}


def turns(effects: Mapping[str, NDArray[Any]]) -> list[dict[str, Any]]:
    """[{scenario, other, share}]: of all pairs, in how many draws the lower one by mean effect (`other`) is above.

    effects: scenario -> (draw, replicate) effects; compared are means of a draw, ties count half.
    """
    means = {name: each.mean(axis=1) for name, each in effects.items()}
    order = sorted(means, key=lambda name: (-means[name].mean(), name))
    return [{"scenario": upper, "other": lower,
             "share": float((means[lower] > means[upper]).mean() + 0.5 * (means[lower] == means[upper]).mean())}
            for k, upper in enumerate(order) for lower in order[k + 1:]]


def components(effects: NDArray[Any]) -> tuple[float, float, float]:
    """(sigma_par, sigma_mc, share of parameters) of (draw, replicate) effects; nan where there is one."""
    draws, replicates = effects.shape
    if draws < 2 or replicates < 2:
        return float("nan"), float("nan"), float("nan")
    chance = effects.var(axis=1, ddof=1).mean()
    between = max(0.0, effects.mean(axis=1).var(ddof=1) - chance / replicates)
    share = between / (between + chance) if between + chance > 0.0 else float("nan")
    return float(between ** 0.5), float(chance ** 0.5), float(share)


def _draw(d, cases, replicates, held, openings):
    """Values by key of one draw: the first that no rule refuses."""
    generator = random_streams.generator("parameters", cases[0].scenario.values.run.seed, d)
    base = cases[0].scenario.values
    known, together = priors(base), base.estimated
    among = {key: k for key, k in estimated.in_force(together, base).items() if key in {each[0] for each in known}}
    for _ in range(MOST_TRIES):
        unit = generator.random(len(known))
        values = {key: _between(low, high, u, whole) for (key, low, high, whole), u in zip(known, unit)}
        values |= estimated.drawn(together, among, generator)
        values = {key: value for key, value in values.items() if key not in held}
        refused = next(filter(None, (_refused(case, values) for case in cases)), None) \
            or next(filter(None, (_unbalanced(case, values, replicates) for case in cases[:openings])), None)
        if not refused:
            return values
    raise InputError([*refused, Problem("", "--uncertainty",
                                        _("{count} draws in a row cannot be run", count=MOST_TRIES),
                                        _("ranges that the scenarios allow"))])


def _refused(case, values):
    """Problems of a scenario with these values, none if it can be run with them."""
    try:
        return validation.against_region(changed(case.scenario, values), case.region, threads=0)
    except pydantic.ValidationError as error:
        return [Problem(case.given, "", fault_wording.in_a_line(error))]


def changed(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with values by dotted key."""
    return parameter_paths.changed(scenario, [(tuple(key.split(".")), value) for key, value in values.items()])


def _unbalanced(case, values, replicates):
    """Problems of the base year of the first replicates, none if each is in balance."""
    if not replicates:
        return []
    from sim.model import assemble, initialise

    members = members_of(changed(case.scenario, values), range(replicates))
    try:
        initialise.prepare(assemble.build(case.region, members))
    except InputError as error:
        return error.problems
    return []


def _between(low, high, u, whole):
    value = low + (high - low) * float(u)
    return int(round(value)) if whole else value


def _rows(measure, effects):
    means = np.stack([each.mean(axis=1) for each in effects.values()])          # (scenario, draw)
    every = np.vstack([means, np.zeros_like(means[:1])])                         # doing nothing is a candidate
    best, regret = best_shares(every), (every.max(axis=0) - means).mean(axis=1)
    for k, (name, each) in enumerate(effects.items()):
        draws, replicates = each.shape
        low, high = np.percentile(means[k], [5, 95])
        se = float(means[k].std(ddof=1) / draws ** 0.5) if draws > 1 else float("nan")
        positive = (means[k] > 0).mean() + 0.5 * (means[k] == 0).mean()
        yield (name, measure, float(means[k].mean()), se, float(low), float(high), *components(each),
               _share_se(each), float(positive), best[k], float(regret[k]), draws, replicates)


def _share_se(effects):
    """Standard error of the parameters' share of variance, by the jackknife over draws."""
    draws = len(effects)
    if draws < 3:
        return float("nan")
    left = np.array([components(np.delete(effects, d, axis=0))[2] for d in range(draws)])
    return float(((draws - 1) / draws * ((left - left.mean()) ** 2).sum()) ** 0.5)
