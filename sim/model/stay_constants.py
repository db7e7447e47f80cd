"""A base year in balance: constants under which entrants choose the base shares and movers keep them.

One constant of the moving cost cannot do both: entrants go with e^alpha, and under a cost that is the same everywhere
movers settle about as e^(2 alpha). Here the constant belongs to the site that is left. Unknown are alpha_j and c_j;

    inflow of entrants at j                   proportional to s_j, and a given share of them outside         alpha
    moves into j less moves out of j          s_j times the net inflow, which is what leaves the region      c
    enterprises that move in a quarter        the target

with enterprises at the base shares s. (Entrants' shares may be given apart from s, and moves in less moves out by
jurisdiction: `entry.share`, `moving.net`.) Entrants know no moving cost, so alpha is solved first and c then. In a
plain logit with symmetric distance factors g = e^(-c3 ln(1 + d)) flows between two sites are in balance if and only if

    s_k e^(c_k) + sum_(l != k) s_l g_kl = D   for all k,       c_k = ln[(D - sum_(l != k) s_l g_kl) / s_k]

so of h who choose anew h sum_(l != k) s_l g_kl / D leave, and D follows from the target (detailed balance; Kelly 1979,
Reversibility and Stochastic Networks). With nests, sizes and kinds of enterprises the sum over all of them is in
balance at the start, and each kind by itself only about.

Where errors are kept instead (`moving.constants = "errors kept"`), a move costs nothing and enterprises stay because
they keep their errors: movers go with e^alpha as entrants do, so both keep s, and the share of reviews with new errors
is the one at which as many move as the target says. Shares and numbers of movers cannot tell this world from the other
(heterogeneity and state dependence: Heckman 1981, Heterogeneity and State Dependence); effects of policies can.

A number is expected flows of a quarter. Exits and spin-offs are no part: they are in proportion to the stock but for
the chance of who stands where at the opening, which no constant should make good for ever.

Decision 74 (docs/decisions.md).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.model import base_year, streamed_utilities
from sim.model.base_year import TOLERANCE, Choosers, Equations, System

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.kernels.arrays import Nests
    from sim.model.base_year import Targets
    from sim.model.streamed_utilities import Utilities

    Entry = Callable[[Choosers, Targets], tuple[NDArray[np.float64], float, int]]

UNIFORM, BY_SITE, ERRORS_KEPT = "uniform", "by site", "errors kept"      # forms of moving.constants
NEARLY = 1e-2                  # first-guess bisection ends within this of ln B
WIDEST = (-30.0, 30.0)         # ln B of the first guess lies between
NO_SLOPES = np.empty((0, 0))
FEW_STEPS = 12                 # of everybody, where the search begins with some


def form(p: Any) -> str:
    """What keeps enterprises where they are, of a World's parameters: where the cost is given it is uniform."""
    return p.moving.constants if isinstance(p.moving.cost, str) else UNIFORM


class Solved(NamedTuple):
    """The base year of one member, in units of the error's scale."""

    constant: NDArray[np.float64]      # alpha (site,)
    cost: NDArray[np.float64]          # c (site,)
    residual: float                    # largest error of an equation, relative to those that choose
    steps: int
    renewed: float                     # share of reviews with new errors, relative to the targets' own


def solve(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets,
          nests: Nests, entry: Entry | None = None) -> Solved:
    """The base year of one member, in the form that the targets ask for.

    v (chooser, site + 1) utilities with alpha = 0 and c = 0; current (chooser,) site, or -1 for an entrant. Where
    entrants and movers are in balance apart, somebody is at every site and entrants are the last. The caller judges
    the residual, and the sign of the cost. `entry` solves for entrants, by default `entry_constants`.
    """
    if targets.form == UNIFORM:
        return Solved(*base_year.solve(m, v, current, targets, nests), 1.0)
    entrants, movers = _apart(m, v, current, targets, nests)
    alpha, off, steps = (entry or entry_constants)(entrants, targets)
    if targets.form == ERRORS_KEPT:
        free = np.zeros(len(alpha))
        _, moved = _flows(movers, alpha, free, NO_SLOPES)
        return Solved(alpha, free, off, steps, targets.moves * targets.candidates / moved)
    cost, off_too, more = _moving_costs(alpha, movers, targets)
    return Solved(alpha, cost, max(off, off_too), steps + more, 1.0)


def _moving_costs(alpha, movers, targets):
    """(c (site,), residual, steps); of more movers than can be held the search begins with some of every site.

    Those are so many that their costs are near everybody's: a few Newton steps of everybody are left, each one pass
    that gives equations and slopes. Where these do not get there, everybody's search is that of a smaller number.
    """
    start, system = _first_costs(alpha, movers, targets), _movers_at(alpha)
    if not isinstance(movers.v, streamed_utilities.Streamed):
        return _solved(movers, start, targets, system)
    near = _solved(streamed_utilities.some_of_every_site(movers), start, targets, system)[0]
    cost, residual, steps = _newton_in_one_pass(alpha, movers, near, targets)
    return (cost, residual, steps) if residual < TOLERANCE else _solved(movers, near, targets, system)


def _newton_in_one_pass(alpha, who, cost, t):
    """(c, residual, steps) by Newton steps whose slopes are those of everybody, worked out with the equations.

    The last step is taken from within the tolerance, and brings c from there to rounding errors.
    """
    from sim.kernels.numerics.linear import solved
    slopes, sites = np.empty((len(cost) + 2, len(cost))), len(cost)
    for step in range(FEW_STEPS):
        at = _moving_gaps(*_flows(who, alpha, cost, slopes), who, t)
        correction = solved(_moving_rows(slopes, sites, t), at.gap)
        size = np.abs(correction).max()
        if not np.isfinite(size):
            return cost, np.inf, step
        cost = cost - correction * min(1.0, base_year.LONGEST / max(size, 1e-300))
        if at.residual < TOLERANCE:
            break
    return cost, at.residual, step


def solve_roughly(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: Nests,
                  entry: Entry | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(alpha (site,), c (site,)) near those of `solve`; where entrants choose apart only c is a first guess."""
    if targets.form == UNIFORM:
        return base_year.solve_roughly(m, v, current, targets, nests)
    entrants, movers = _apart(m, v, current, targets, nests)
    alpha = (entry or entry_constants)(entrants, targets)[0]
    return alpha, np.zeros(len(alpha)) if targets.form == ERRORS_KEPT else _first_costs(alpha, movers, targets)


def entry_constants(entrants: Choosers, targets: Targets) -> tuple[NDArray[np.float64], float, int]:
    """(alpha (site,), residual, steps) at which entrants choose the shares `targets.entering`."""
    of_entry = targets._replace(shares=targets.entering)
    room = streamed_utilities.room_for(entrants)
    system = System(partial(_entry_equations, room), partial(_entry_slopes, room))
    return _solved(entrants, base_year.first_constants(entrants, of_entry), of_entry, system)


def _solved(who: Choosers, start: NDArray[np.float64], targets: Targets,
            system: System) -> tuple[NDArray[np.float64], float, int]:
    """(x, residual, steps) of a search; a last Newton step takes it from the tolerance to rounding errors."""
    x, residual, steps = base_year.newton(who, who, start, targets, TOLERANCE, system)
    if not residual < TOLERANCE:
        return x, residual, steps
    from sim.kernels.numerics.linear import solved
    last = x - solved(system.slopes(who, x, targets), system.equations(who, x, targets).gap)
    after = system.equations(who, last, targets).residual
    return (last, after, steps + 1) if after < residual else (x, residual, steps)


# -- who chooses ------------------------------------------------------------------------------------

def _apart(m, v, current, t, nests):
    """(entrants, movers), Choosers each, views of v; movers stand at the sites in proportion to their shares."""
    movers, length = int((current >= 0).sum()), base_year.length_of(m, nests)
    new = np.full(len(v) - movers, t.entrants / (len(v) - movers))
    here = current[:movers]
    staying = t.review * t.reviewing * t.shares
    each = (staying / np.maximum(np.bincount(here, minlength=len(t.shares)), 1))[here]
    return (Choosers(v[movers:], current[movers:], new, np.zeros(len(t.shares)), nests.of_site, length),
            Choosers(v[:movers], here, each, staying, nests.of_site, length))


# -- the equations of entrants: alpha ---------------------------------------------------------------

def _flows(who: Choosers, alpha: Any, cost: Any, jacobian: NDArray[np.float64],
           room: Any = None) -> tuple[NDArray[np.float64], float]:
    """Inflow (site + 1,) and the amount that moves."""
    return streamed_utilities.flows(who, alpha, cost, jacobian, room)


def _entry_equations(room, who, alpha, t):
    """A row a site: inflow less its share of it; in place of the last the share outside, or the level of alpha."""
    inflow, _ = _flows(who, alpha, 0.0, NO_SLOPES, room)
    gap = inflow[:-1] - t.shares * inflow[:-1].sum()
    residual = np.abs(gap).max() / t.entrants
    gap[-1] = alpha.sum()
    if t.has_outside:
        outside = max(t.outside, base_year.OUTSIDE_FLOOR) * t.entrants
        residual = max(residual, abs(inflow[-1] - t.outside * t.entrants) / t.entrants)
        gap[-1] = base_year.log_gap(inflow[-1], outside)
    return Equations(gap, residual)


def _entry_slopes(room, who, alpha, t):
    """(site, site) d gap / d alpha."""
    sites = len(t.shares)
    slopes = np.empty((sites + 2, sites + 1))
    _flows(who, alpha, 0.0, slopes, room)
    rows = slopes[:sites, :-1] - t.shares[:, None] * slopes[:sites, :-1].sum(axis=0)
    rows[-1] = slopes[sites, :-1] if t.has_outside else 1.0
    return rows


# -- the equations of movers: c ---------------------------------------------------------------------

def _movers_at(alpha):
    """The System of movers where sites have these constants."""
    return System(partial(_moving_equations, alpha), partial(_moving_slopes, alpha))


def _moving_equations(alpha, who, cost, t):
    """A row a site: net moves less what is given of them and its share of the rest; last, the amount that moves.

    The last site's own follows from the others'.
    """
    return _moving_gaps(*_flows(who, alpha, cost, NO_SLOPES), who, t)


def _moving_gaps(inflow, moved, who, t):
    """The equations at these flows."""
    net = inflow[:-1] - who.staying
    gap, all_of_them = net - t.shares * net.sum() - t.drift * t.candidates, who.staying.sum()
    residual = max(np.abs(gap).max() / all_of_them, abs(moved / t.candidates - t.moves))
    gap[-1] = base_year.log_gap(moved, t.moves * t.candidates)
    return Equations(gap, residual)


def _moving_slopes(alpha, who, cost, t):
    """(site, site) d gap / d c."""
    sites = len(cost)
    slopes = np.empty((sites + 2, sites))
    _flows(who, alpha, cost, slopes)
    return _moving_rows(slopes, sites, t)


def _moving_rows(slopes, sites, t):
    """The slopes of the equations from those of the flows."""
    rows = slopes[:sites] - t.shares[:, None] * slopes[:sites].sum(axis=0)
    rows[-1] = slopes[sites + 1]
    return rows


def _first_costs(alpha, who, t):
    """(site,) ln(1 + B / s_j), the solution of a plain logit without distances, with the B at which enough move.

    By bisection on ln B, with every so manieth of them: the larger B, the fewer move.
    """
    (low, high), stride = WIDEST, max(1, len(who.v) // base_year.THIN)
    few = who._replace(v=who.v[::stride].copy(), current=who.current[::stride].copy(),
                       amount=stride * who.amount[::stride])
    while high - low > NEARLY:
        middle = 0.5 * (low + high)
        _, moved = _flows(few, alpha, np.log1p(np.exp(middle) / t.shares), NO_SLOPES)
        low, high = (middle, high) if moved > t.moves * t.candidates else (low, middle)
    return np.log1p(np.exp(0.5 * (low + high)) / t.shares)
