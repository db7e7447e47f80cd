"""Rivals for where a mover goes and where an arrival settles: rules that know past choices and past stocks.

Each gives (event, site) probabilities; the site that is left is no alternative.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.experiments.backtest.choice_events import Choices

SPAN = 5                       # years of past arrivals
HALF = 0.5                     # arrivals that every site is given (Jeffreys 1946)
SHRINK = 20.0                  # arrivals of all sectors that a sector's own are mixed with
NEAR_KM = 30.0                 # added to distances, about the radius of a metropolitan area


class Known(NamedTuple):
    """What a rival may know at an origin."""

    past: Choices                          # up to the origin
    stock: NDArray[np.float64]             # (site, industry + 1) at the origin
    km: NDArray[np.float64]                # (site, site)
    year: int                              # the origin's


def proportional(known: Known, events: Choices) -> NDArray[np.float64]:
    """In proportion to the stock of all sectors."""
    return _normalised(np.tile(known.stock.sum(axis=1), (len(events.to), 1)), events)


def gravity(known: Known, events: Choices) -> NDArray[np.float64]:
    """Gravity: exp(a ln n_j - b ln(km + 30)), a and b by maximum likelihood on the past choices of the same kind.

    Of arrivals, which have no origin, a alone (Fotheringham & O'Kelly 1989).
    """
    moves = bool((events.origin >= 0).any())
    same = known.past.only((known.past.origin >= 0) == moves)
    loss = lambda beta: -_log_likelihood(_gravity(beta, known, same), same)        # noqa: E731
    found = optimize.minimize(loss, np.array([1.0, 0.5]) if moves else np.array([1.0]), method="BFGS")
    return np.exp(_gravity(found.x, known, events))


def smoothed_arrivals(known: Known, events: Choices) -> NDArray[np.float64]:
    """Shares of sites in the arrivals and moves of the last five years, half a one added to each."""
    return _normalised(np.tile(_recent(known).sum(axis=0), (len(events.to), 1)), events)


def smoothed_by_sector(known: Known, events: Choices) -> NDArray[np.float64]:
    """The same of the chooser's own sector, mixed with that of all sectors as if by 20 further arrivals."""
    recent = _recent(known)
    share = recent.sum(axis=0) / recent.sum()
    mixed = recent + SHRINK * share
    mixed[-1] = share * mixed[-1].sum()                # of unknown sector: that of all
    return _normalised(mixed[events.industry], events)


RIVALS = {"proportional": proportional, "gravity": gravity, "smoothed_arrivals": smoothed_arrivals,
          "smoothed_by_sector": smoothed_by_sector}


def _recent(known):
    """(industry + 1, site) arrivals and moves of the last years."""
    table = np.full(known.stock.T.shape, HALF / len(known.stock.T))
    recent = known.past.only(known.past.year > known.year - SPAN)
    np.add.at(table, (recent.industry, recent.to), recent.times)
    return table


def _normalised(weight, events):
    weight = np.array(weight, float)
    moved = events.origin >= 0
    weight[np.flatnonzero(moved), events.origin[moved]] = 0.0
    return weight / weight.sum(axis=1, keepdims=True)


def _gravity(beta, known, events):
    """(event, site) ln probabilities of the two-parameter logit."""
    v = beta[0] * np.log(known.stock.sum(axis=1) + HALF)[None, :] * np.ones((len(events.to), 1))
    if len(beta) > 1:
        v -= beta[1] * np.log(known.km[events.origin] + NEAR_KM)
        v[np.arange(len(events.to)), events.origin] = -np.inf
    top = v.max(axis=1, keepdims=True)
    return v - top - np.log(np.exp(v - top).sum(axis=1, keepdims=True))


def _log_likelihood(log_probability, events):
    return float(events.times @ log_probability[np.arange(len(events.to)), events.to])
