"""The base year: site constants and the moving cost under which the start is in balance.

Peers, rents and statuses are held at base-year values. Unknowns are the constants alpha (site) and
c0; the equations say that the expected net flow at every site is proportional to its share, that
the expected outside share of entrants is the one given, and that the expected share of enterprises
that move in a year is the target. That alpha reproduces its targets checks the solver, not the model.
A cost by the site that is left, under which entrants and movers are in balance apart, is in `stay_constants`.

Decisions 11 and 12 (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.model import streamed_utilities
from sim.model.streamed_utilities import Utilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels import arrays

SAMPLE = 1000                 # potential entrants over whom entry is averaged
TOLERANCE = 1e-10             # largest error of an equation, relative to the number of candidates
NEAR = 1e-6                   # the same for the thinned sample, which is off by more anyway
THIN = 1000                   # choosers with whom the search begins, about
COMING = 50                   # potential entrants among them at least
MOST_STEPS = 50
LONGEST, SHORTEST = 3.0, 1e-6  # change of an unknown in a step; share of a Newton step
COSTS = (-30.0, 50.0)         # the first guess of the moving cost lies between
NO_SLOPES = np.empty((0, 0))
OUTSIDE_FLOOR = 1e-11         # an outside share of 0 is met by this one, within the tolerance


class BaseYear(NamedTuple):
    """What the base year was solved for, and how well."""

    constant: np.ndarray      # (member, site)
    cost: np.ndarray          # (member, site) constant of the moving cost by the site that is left
    residual: np.ndarray      # (member,) largest error of an equation, relative
    steps: np.ndarray         # (member,)
    shares: np.ndarray        # (member, site) allocated shares of candidates
    renewed: np.ndarray       # (member,) share of reviews with new errors


class Targets(NamedTuple):
    shares: np.ndarray        # (site,) shares of candidates
    exits: np.ndarray         # (site,) expected exits of a quarter
    born: np.ndarray          # (site,) expected spin-offs of a quarter that stay without a choice
    entrants: float           # potential entrants of a quarter, spin-offs that choose among them
    review: float             # probability in a quarter that an enterprise chooses with new errors
    outside: float            # share of potential entrants that stay outside
    moves: float              # share of enterprises that move in a quarter
    candidates: float
    reviewing: float          # candidates that review their site: all but anchors
    has_outside: bool
    cost: float | None        # the moving cost where it is given; None: solve it for `moves`
    form: str                 # moving.constants: what keeps enterprises where they are, and by which constants
    entering: np.ndarray      # (site,) shares of the sites among entrants
    drift: np.ndarray         # (site,) moves in less moves out in a quarter, as a share of candidates; sum 0


class Choosers(NamedTuple):
    """Who chooses: all incumbents and the sample of entrants, or a thinned sample of both."""

    v: Utilities              # (chooser, site + 1) utilities with alpha = 0 and c0 = 0
    current: np.ndarray       # (chooser,) site, -1 for an entrant
    amount: np.ndarray        # (chooser,) choices of a quarter that a chooser stands for
    staying: np.ndarray       # (site,) choices of a quarter by the enterprises there
    of_site: np.ndarray       # (site + 1,) nest
    length: np.ndarray        # (nest,) dissimilarity


class Equations(NamedTuple):
    gap: np.ndarray           # (site + 1,) what is left of them
    residual: float           # largest error, relative to the number of candidates


class System(NamedTuple):
    """What a search is for: functions of (who, x, targets)."""

    equations: Callable[..., Equations]        # Equations at x
    slopes: Callable[..., NDArray[np.float64]]  # (equation, unknown) of their gaps


def solve(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets,
          nests: arrays.Nests) -> tuple[NDArray[np.float64], NDArray[np.float64], float, int]:
    """(alpha, c0 (site,), residual, steps) of one member, by a damped Newton search.

    v (chooser, site + 1) utilities with alpha = 0 and c0 = 0; current (chooser,) site or -1. The
    search begins with a thinned sample and ends with everybody. It stops at TOLERANCE, or where it
    cannot go on: the caller judges the residual.
    """
    everybody = _choosers(v, current, targets, nests.of_site, length_of(m, nests))
    few, start, near, residual = _thinned(m, v, current, targets, nests)
    for first in (near, start) if residual < NEAR else (start,):
        x, residual, steps = newton(everybody, few, first, targets, TOLERANCE, UNIFORM)
        if residual < TOLERANCE:
            break
    return x[:-1], _everywhere(x), residual, steps


def solve_roughly(m, v, current, targets, nests):
    """(alpha, c0 (site,)) of a thinned sample, to NEAR of the candidates; of everybody where that search fails."""
    _, _, x, residual = _thinned(m, v, current, targets, nests)
    return (x[:-1], _everywhere(x)) if residual < NEAR else solve(m, v, current, targets, nests)[:2]


def _everywhere(x):
    """(site,) the moving cost, the same wherever one leaves."""
    return np.full(len(x) - 1, x[-1])


def _thinned(m, v, current, targets, nests):
    """(thinned sample, start of the search, where it ends for the sample, its residual)."""
    few = _choosers(v, current, targets, nests.of_site, length_of(m, nests), max(1, len(v) // THIN))
    alpha = first_constants(few, targets)
    start = np.append(alpha, _first_cost(few, alpha, targets) if targets.cost is None else targets.cost)
    return few, start, *newton(few, few, start, targets, NEAR, UNIFORM)[:2]


def length_of(m, nests):
    """(nest,) dissimilarity of member m."""
    return nests.dissimilarity[m % len(nests.dissimilarity)]


def _choosers(v, current, t, of_site, length, stride=1):
    """Every stride-th chooser, standing for all.

    Of the sampled entrants more are kept where the stride would leave fewer than COMING: they differ,
    and a handful of them tells nothing of the share that stays outside.
    """
    among_entrants = min(stride, max(1, SAMPLE // COMING))
    chosen = np.arange(len(v)) % np.where(current >= 0, stride, among_entrants) == 0
    kept = current[chosen]
    incumbents, entrants = (kept >= 0).sum(), (kept < 0).sum()
    amount = np.where(kept >= 0, t.review * (current >= 0).sum() / max(incumbents, 1),
                      t.entrants / max(entrants, 1))
    here = kept >= 0
    staying = np.bincount(kept[here], weights=amount[here], minlength=len(t.shares))
    return Choosers(v if stride == 1 else v[chosen], kept, amount, staying, of_site, length)


def first_constants(who, t):
    """(site,) constants that would do if all entrants were alike and nobody moved.

    alpha_j = l ln s_j|m + ln s_m - ln s_0 - mean utility   (Berry 1994, equation 27)
    """
    nest, length = who.of_site[:-1], who.length[who.of_site[:-1]]
    of_nest = np.bincount(nest, weights=t.shares, minlength=len(who.length))[nest]
    entrants = who.v[who.current < 0] if (who.current < 0).any() else who.v
    alpha = length * np.log(t.shares / of_nest) + np.log(of_nest) - entrants[:, :-1].mean(axis=0)
    if t.has_outside:
        alpha += np.log(1.0 - t.outside) - np.log(max(t.outside, OUTSIDE_FLOOR))
    else:
        alpha -= alpha.mean()
    return alpha


def _first_cost(who, alpha, t):
    """The cost at which the target share moves, by bisection: the higher, the fewer move."""
    low, high = COSTS
    for _ in range(10):
        middle = 0.5 * (low + high)
        _, moved = _flows(who, np.append(alpha, middle), NO_SLOPES)
        low, high = (middle, high) if moved > t.moves * t.candidates else (low, middle)
    return 0.5 * (low + high)


def newton(who, few, x, t, tolerance, system):
    """(x, residual, steps) of a System by Newton steps, each shortened until it brings the solution nearer.

    Nearer means that the correction that is left by the same slopes is smaller, a test in which the
    scales of the equations cancel; slopes are kept while a step leaves less than a quarter of it
    (Deuflhard 2004, Newton Methods for Nonlinear Problems, chapter 3). They are those of a few
    choosers, and of everybody once fresh ones did badly. It stops below `tolerance`.
    """
    from sim.kernels.numerics.linear import eliminated
    at, slopes = system.equations(who, x, t), eliminated(system.slopes(few, x, t))
    correction, stale, damping = _corrected(slopes, at), False, 1.0
    for step in range(MOST_STEPS):        # noqa: B007 - its last value is returned
        size = np.abs(correction).max()
        if at.residual < tolerance or damping < SHORTEST or not np.isfinite(size):
            break
        factor = min(damping, LONGEST / size)
        there = x - factor * correction
        then = system.equations(who, there, t)
        left = _corrected(slopes, then)
        rest = np.abs(left).max()
        nearer = rest <= (1.0 - 0.25 * factor) * size or then.residual < tolerance
        if nearer:
            x, at, damping = there, then, min(1.0, 2.0 * factor)
        if nearer and rest <= 0.25 * size:
            correction, stale = left, True
            continue
        if not stale:
            damping = damping if nearer or few is not who else 0.5 * factor
            few = who
        slopes, stale = eliminated(system.slopes(few, x, t)), False
        correction = _corrected(slopes, at)
    return x, at.residual, step


def _corrected(slopes, at):
    """(unknown,) what slopes that are eliminated make of the gaps of Equations."""
    from sim.kernels.numerics.linear import solution
    return solution(slopes, at.gap[:, None])[:, 0]


def _flows(who, x, jacobian):
    """Inflow (site + 1,) and the amount that moves, at constants and cost x."""
    return streamed_utilities.flows(who, x[:-1], x[-1], jacobian)


def _equations(who, x, t):
    """The equations at x = (alpha, c0).

    A row a site: net flow less share * total. The last of these follows from the others, and in its
    place stands the outside share, or the level of alpha where there is no outside option. At the
    end the share that moves, or the given cost.
    """
    inflow, moved = _flows(who, x, NO_SLOPES)
    net = inflow[:-1] - who.staying + t.born - t.exits
    gap = np.zeros(len(x))
    gap[:-1] = net - t.shares * net.sum()
    residual = np.abs(gap).max() / t.candidates
    if t.has_outside:
        outside = t.outside * t.entrants
        residual = max(residual, abs(inflow[-1] - outside) / t.entrants)
        gap[-2] = log_gap(inflow[-1], max(outside, OUTSIDE_FLOOR * t.entrants))
    else:
        gap[-2] = x[:-1].sum()
    if t.cost is None:
        residual = max(residual, abs(moved / t.candidates - t.moves))
        gap[-1] = log_gap(moved, t.moves * t.candidates)
    return Equations(gap, residual)


def log_gap(value, target):
    """value ln(value / target): to first order value - target, but nearly linear in the unknowns."""
    return value * np.log(max(value, 1e-300) / target)


def _slopes(who, x, t):
    """(site + 1, site + 1) d gap / dx, that of a logarithm times its value."""
    sites = len(t.shares)
    slopes, rows = np.empty((sites + 2, sites + 1)), np.eye(sites + 1)
    _flows(who, x, slopes)
    rows[:sites] = slopes[:sites] - t.shares[:, None] * slopes[:sites].sum(axis=0)
    rows[sites - 1] = slopes[sites] if t.has_outside else np.arange(sites + 1) < sites
    if t.cost is None:
        rows[sites] = slopes[sites + 1]
    return rows


UNIFORM = System(_equations, _slopes)
