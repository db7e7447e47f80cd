"""What it is worth to know a parameter before choosing between two scenarios.

    d_i = effect of the better scenario less that of the other under draw i of the parameters, E d >= 0
    regret of choosing by what is known now       E max(-d, 0)        the expected value of perfect information
    value of knowing x alone                      E max(-E[d | x], 0)
    value of an estimate t = x + error            E max(-E[d | t], 0)

E[d | .] is a smooth regression over the draws (Strong, Oakley & Brennan 2014; of an estimate Strong, Oakley, Brennan &
Breeze 2015). Such a value is never negative, and noise alone makes it positive. So it stands beside two checks:

- `p_value`: how often the largest value of any parameter is as large once the outcomes are shuffled among the draws
  (500 permutations; Westfall & Young 1993), so that one chance find among many parameters does not pass;
- `held_out`: what the choice by the regression of all other draws gains in the draw that it has not seen; noise gains
  nothing there.

Chance within a draw is taken out of the perfect information by shrinking deviations from the mean to the variance that
is the parameters'. Intervals are 95 % percentiles over 200 resamples of the draws.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import terms
from sim.base import random_streams
from sim.experiments.compare import penalised_splines as splines
from sim.experiments.compare.coefficients import of_utility

UNITS = {"headquarters": "headquarters", "enterprises": "enterprises", "balance": "RMB million"}
ALL, LIST, ONE = "everything", "firm list", "parameter"
LIST_KEYS = ("moving.rate", "moving.log_distance", "moving.log_size", "moving.age", "peers.decay",
             "choice.dissimilarity")      # beside coefficients of utility, what `sim estimate` gives
LEAST_DRAWS = 20
PERMUTATIONS, RESAMPLES, ERRORS, AT_ONCE = 500, 200, 8, 50
ESTIMATE = 0.1                 # standard error of an estimate, as a share of the parameter's range
CERTAIN = 0.05                 # p-value up to which a value is no chance find
COLUMNS = ("scenario", "other", "measure", "unit", "difference", "se", "what", "parameter", "from_list", "value", "low",
           "high", "p_value", "held_out", "sample_value", "turns", "reverses_at", "draws")


class Pair(NamedTuple):
    """Two candidates, the better one by its mean first; doing nothing is one."""

    measure: str
    scenario: str
    other: str
    draws: NDArray[np.float64]     # (draw, replicate) effect of the first less that of the second


def table(effects: Mapping[str, Mapping[str, NDArray[Any]]], values: Sequence[Mapping[str, float]],
          priors: Sequence[tuple[str, float, float, bool]], baseline: str, seed: int) -> pd.DataFrame:
    """DataFrame: for each measure and pair of candidates a row for everything, for a firm list and for each parameter.

    effects: measure -> scenario -> (draw, replicate), of which the baseline's are 0; values: [values by key] of the
    draws; priors: (key, low, high, whole). Without rows where there are fewer than LEAST_DRAWS draws.
    """
    pairs = [pair for measure, each in effects.items() for pair in _pairs(measure, each, baseline)]
    if len(values) < LEAST_DRAWS or not pairs:
        return pd.DataFrame(columns=COLUMNS)
    known = {key: np.array([each[key] for each in values], float) for key, *_ in priors}
    ranges = {key: high - low for key, low, high, _whole in priors}
    keys = [key for key in known if np.ptp(known[key]) > 0]
    return pd.DataFrame(list(_rows(pairs, keys, known, ranges, seed)), columns=COLUMNS)


def listed() -> set[str]:
    """Dotted keys of the parameters that a list of firms can give (`sim estimate`), no regime among them."""
    regimes = tuple(f"terms.{entry.name}." for entry in terms.registry.entries() if "regimes" in str(entry.driver))
    return {*(key for key in of_utility() if not key.startswith(regimes)), *LIST_KEYS}


def value(fit: NDArray[np.float64]) -> NDArray[np.float64]:
    """(outcome,) E max(-f, 0) - max(-E f, 0) of (draw, outcome) expected differences: what choosing by f gains."""
    return np.maximum(-fit, 0.0).mean(axis=0) - np.maximum(-fit.mean(axis=0), 0.0)


def held_out(expected: NDArray[np.float64], outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(outcome,) what choosing by expectations that have not seen a draw gains in it, over the choice by the mean."""
    return np.where(expected < 0, -outcomes, 0.0).mean(axis=0) - np.maximum(-outcomes.mean(axis=0), 0.0)


def _pairs(measure, effects, baseline):
    every = dict(effects)
    every[baseline] = np.zeros_like(next(iter(every.values())), dtype=float) if every else np.zeros((0, 1))
    for one, other in itertools.combinations(every, 2):
        better, worse = (one, other) if every[one].mean() >= every[other].mean() else (other, one)
        yield Pair(measure, better, worse, np.asarray(every[better], float) - every[worse])


def _rows(pairs, keys, known, ranges, seed):
    """Rows of all pairs: designs, permutations and resamples are shared."""
    outcomes = np.stack([pair.draws.mean(axis=1) for pair in pairs], axis=1)
    mine = [key for key in keys if key in listed()]
    designs = _designs({key: known[key] for key in keys}, mine)
    chance = _p_values(designs, outcomes, seed)
    ends = _intervals(pairs, keys, mine, known, seed)
    sampled = _sampled(designs, known, ranges, outcomes, mine, seed)
    fits = {name: splines.fitted(design, outcomes) for name, design in designs.items()}
    unseen = {name: held_out(splines.left_out(design, outcomes), outcomes) for name, design in designs.items()}
    for number, pair in enumerate(pairs):
        head = (pair.scenario, pair.other, pair.measure, UNITS[pair.measure], float(outcomes[:, number].mean()),
                float(outcomes[:, number].std(ddof=1) / len(outcomes) ** 0.5))
        shrunk = _shrunk(pair.draws)[:, None]
        yield (*head, ALL, "", 0, float(value(shrunk)[0]), *ends[ALL][:, number], np.nan, np.nan, np.nan,
               float((shrunk < 0).mean()), np.nan, len(outcomes))
        for name, fit in fits.items():
            what, key = (LIST, "") if name == LIST else (ONE, name)
            of_list = what == LIST or key in mine
            turned = np.nan if what == LIST else _crossing(known[key], fit[:, number])
            yield (*head, what, key, int(of_list), float(value(fit)[number]), *ends[name][:, number],
                   float(chance[name][number]), float(unseen[name][number]), float(sampled[name][number]),
                   float((fit[:, number] < 0).mean()), turned, len(outcomes))


def _shrunk(draws):
    """(draw,) means of draws, drawn towards their mean until their variance is that of the parameters alone."""
    means, chance = draws.mean(axis=1), draws.var(axis=1, ddof=1).mean() / draws.shape[1] if draws.shape[1] > 1 else 0.0
    spread = means.var(ddof=1)
    share = max(0.0, 1.0 - chance / spread) if spread > 0 else 0.0
    return means.mean() + share ** 0.5 * (means - means.mean())


def _p_values(designs, outcomes, seed):
    """Name -> (outcome,) share of permutations in which the largest value of any parameter is as large.

    A value that chance would make of anything, 0, has 1. The firm list, which is many columns, is held against itself.
    """
    found = {name: value(splines.fitted(design, outcomes)) for name, design in designs.items()}
    most, own = _permuted(designs, outcomes, random_streams.generator("value of information", seed, 0))
    return {name: np.where(each > 0, (1 + ((own if name == LIST else most) >= each - 1e-12).sum(axis=0))
                           / (1 + PERMUTATIONS), 1.0) for name, each in found.items()}


def _permuted(designs, outcomes, draw):
    """((permutation, outcome) largest value of the parameters, that of the firm list)."""
    most, own = [], []
    for _ in range(PERMUTATIONS // AT_ONCE):
        orders = [draw.permutation(len(outcomes)) for _ in range(AT_ONCE)]
        shuffled = np.concatenate([outcomes[order] for order in orders], axis=1)
        by_name = {name: value(splines.fitted(design, shuffled)).reshape(AT_ONCE, -1)
                   for name, design in designs.items()}
        own.append(by_name.pop(LIST, np.zeros((AT_ONCE, outcomes.shape[1]))))
        most.append(np.max(list(by_name.values()), axis=0) if by_name else own[-1])
    return np.concatenate(most), np.concatenate(own)


def _intervals(pairs, keys, mine, known, seed):
    """Name -> (2, outcome) 95 % percentiles over resamples of the draws."""
    draw, found = random_streams.generator("value of information", seed, 1), []
    for _ in range(RESAMPLES):
        rows = draw.integers(0, len(pairs[0].draws), len(pairs[0].draws))
        outcomes = np.stack([pair.draws[rows].mean(axis=1) for pair in pairs], axis=1)
        found.append(_values({key: known[key][rows] for key in keys}, mine, outcomes)
                     | {ALL: value(np.stack([_shrunk(pair.draws[rows]) for pair in pairs], axis=1))})
    return {name: np.percentile([each[name] for each in found], [2.5, 97.5], axis=0) for name in found[0]}


def _sampled(designs, known, ranges, outcomes, mine, seed):
    """Name -> (outcome,) value of an estimate with a standard error of ESTIMATE of the range, mean over its errors."""
    draw, found = random_streams.generator("value of information", seed, 2), []
    for _ in range(ERRORS):
        seen = {key: known[key] + ESTIMATE * ranges[key] * draw.standard_normal(len(outcomes))
                for key in designs if key != LIST}
        found.append(_values(seen, mine, outcomes))
    return {name: np.mean([each[name] for each in found], axis=0) for name in found[0]}


def _values(columns, mine, outcomes):
    """Name -> (outcome,) values of knowing columns by key, and all of `mine` together."""
    return {name: value(splines.fitted(design, outcomes)) for name, design in _designs(columns, mine).items()}


def _designs(columns, mine):
    """Name -> Smoother of each column by key, and of all of `mine` together where there are any."""
    return {key: splines.smoother([each]) for key, each in columns.items()} | (
        {LIST: splines.smoother([columns[key] for key in mine])} if mine else {})


def _crossing(x, fit):
    """The value of a parameter at which the fitted difference changes sign, nan where it does so never or twice."""
    order = np.argsort(x, kind="stable")
    x, fit = x[order], fit[order]
    turns = np.flatnonzero(np.diff(np.sign(fit)) != 0)
    if len(turns) != 1:
        return float("nan")
    at = turns[0]
    return float(np.interp(0.0, *zip(*sorted([(fit[at], x[at]), (fit[at + 1], x[at + 1])]), strict=True)))


def told(found: pd.DataFrame) -> list[dict[str, Any]]:
    """[what is said of neighbours in the order of the means, in headquarters and in public money], from a `table`.

    Each has everything, the firm list, and the parameters, the most worth first, that are no chance find.
    """
    said = []
    for measure in ("headquarters", "balance"):
        mine = found[found["measure"] == measure]
        for upper, lower in itertools.pairwise(_order(mine)):
            said.append(_told(mine[(mine["scenario"] == upper) & (mine["other"] == lower)]))
    return said


def _order(rows):
    """Candidates, the best by its mean first: how often each is the better one of a pair says so."""
    pairs = rows[rows["what"] == ALL]
    wins = pairs["scenario"].value_counts()
    every = dict.fromkeys([*pairs["scenario"], *pairs["other"]])
    return sorted(every, key=lambda name: -int(wins.get(name, 0)))


def _told(rows):
    first = rows.iloc[0]
    sure = rows[(rows["what"] == ONE) & (rows["p_value"] <= CERTAIN)]
    one = sure.sort_values("value", ascending=False, kind="stable")
    of_list = next(iter(rows[rows["what"] == LIST].to_dict("records")), None)
    numbers = ["value", "low", "high", "p_value", "held_out", "sample_value", "reverses_at", "turns"]
    return {**first[["scenario", "other", "measure", "unit", "difference", "se", "draws"]].to_dict(),
            "everything": rows[rows["what"] == ALL][numbers].iloc[0].to_dict(),
            "firm_list": of_list and {**{key: of_list[key] for key in numbers},
                                      "certain": of_list["p_value"] <= CERTAIN},
            "parameters": one[["parameter", "from_list", *numbers]].to_dict("records")}
