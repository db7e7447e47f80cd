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

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.model import base_year, streamed_utilities
from sim.model.base_year import EXACT, Choosers, ready

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels.arrays import Nests
    from sim.model.base_year import Found, Targets
    from sim.model.streamed_utilities import Utilities


UNIFORM, BY_SITE, ERRORS_KEPT = "uniform", "by site", "errors kept"      # forms of moving.constants
NEARLY = 1e-2                  # first-guess bisection ends within this of ln B
ELIMINATED = 30                # an elimination takes as long as a pass where sites squared are so many times the movers
WIDEST = (-30.0, 30.0)         # ln B of the first guess lies between


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


class Entry(NamedTuple):
    """What is solved of entrants alone."""

    by_kind: NDArray[np.float64]       # (kind, site) constants beyond those of all
    constant: NDArray[np.float64]      # alpha (site,); 0 where it is solved together with a cost
    residual: float
    steps: int


def solve(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: Nests,
          entry: Entry | None = None, start: NDArray[np.float64] | None = None) -> Solved:
    """The base year of one member, in the form that the targets ask for.

    v (chooser, site + 1) utilities with alpha = 0 and c = 0; current (chooser,) site, or -1 for an entrant. Where
    entrants and movers are in balance apart, these are movers, somebody at every site, and `entry` is the solution for
    entrants; the search for costs begins at `start`, if there is one. The caller judges the residual, and the sign of
    the cost.
    """
    if entry is None or targets.form == UNIFORM:
        return Solved(*base_year.solve(m, v, current, targets, nests), 1.0)
    alpha, movers = entry.constant, _movers(m, v, current, targets, nests)
    if targets.form == ERRORS_KEPT:
        free = np.zeros(len(alpha))
        moved = streamed_utilities.moved(movers, alpha, free)
        return Solved(alpha, free, entry.residual, entry.steps, targets.moves * targets.candidates / moved)
    cost, off, steps = _moving_costs(alpha, movers, targets, start)
    return Solved(alpha, cost, max(entry.residual, off), entry.steps + steps, 1.0)


def _moving_costs(alpha, movers, targets, start):
    """(c (site,), residual, steps); of more movers than can be held the search begins with some of every site.

    Those are so many that their costs are near everybody's: a few Newton steps of everybody are left, each one pass
    that gives equations and slopes.
    """
    cost = (_first_costs(alpha, movers, targets) if start is None else start)[None]
    everybody = base_year.everybody(movers, _of_movers(movers, targets))
    if isinstance(movers.v, streamed_utilities.Streamed):
        some = streamed_utilities.some_of_every_site(movers)
        cost, _, _ = ready(some, _of_movers(some, targets)).solved(cost, alpha, None, EXACT)
    cost, residual, steps = everybody.solved(cost, alpha, None, EXACT)
    return cost[0], float(residual[0]), int(steps[0])


def solve_roughly(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets, nests: Nests,
                  entry: Entry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(alpha (site,), c (site,)) near those of `solve`; where entrants choose apart only c is a first guess."""
    if targets.form == UNIFORM:
        return base_year.solve_roughly(m, v, current, targets, nests)
    if targets.form == ERRORS_KEPT:
        return entry.constant, np.zeros(len(entry.constant))
    return entry.constant, _first_costs(entry.constant, _movers(m, v, current, targets, nests), targets)


def entry_constants(entrants: Choosers, targets: Targets) -> tuple[NDArray[np.float64], float, int]:
    """(alpha (site,), residual, steps) at which entrants choose the shares `targets.entering`."""
    alpha, residual, steps = entry_constants_by_kind(entrants, targets, targets.entering[None],
                                                     np.array([targets.entrants]))
    return alpha[0], float(residual[0]), int(steps[0])


def entry_constants_by_kind(entrants: Choosers, t: Targets, shares: NDArray[np.float64], number: NDArray[Any],
                            kind: NDArray[np.int64] | None = None) -> Found:
    """((kind, site), residual (kind,), steps (kind,)) of entrants by `kind` (entrant,), each searched apart.

    shares (kind, site) and number (kind,) of potential entrants are theirs; some of every kind are among the entrants.
    """
    from sim.kernels.base_year.equations import ENTRY, Problem
    nobody = np.zeros(len(t.shares))
    of_entry = Problem(ENTRY, shares, nobody, nobody, number, number, *base_year.common(t), True, False)
    who = ready(entrants, of_entry, kind)
    return who.solved(who.first_constants(), nobody, None, EXACT)


# -- who chooses ------------------------------------------------------------------------------------

def entrants_of(m: int, v: NDArray[np.float64], t: Targets, nests: Nests) -> Choosers:
    """The sampled entrants, each standing for as many potential ones."""
    each = np.full(len(v), t.entrants / len(v))
    return Choosers(v, np.full(len(v), -1), each, np.zeros(len(t.shares)), nests.of_site, base_year.length_of(m, nests))


def _movers(m, v, current, t, nests):
    """Those who may move; they stand at the sites in proportion to their shares."""
    staying = t.review * t.reviewing * t.shares
    each = (staying / np.maximum(np.bincount(current, minlength=len(t.shares)), 1))[current]
    return Choosers(v, current, each, staying, nests.of_site, base_year.length_of(m, nests))


# -- costs of leaving -------------------------------------------------------------------------------

def _of_movers(who, t):
    """What their flows should be: net moves as given and in proportion for the rest, and the amount that moves."""
    from sim.kernels.base_year.equations import MOVES, Problem
    eager = len(t.shares)**2 < ELIMINATED * len(who.current)
    return Problem(MOVES, t.shares[None], who.staying, t.drift * t.candidates, np.array([t.entrants]),
                   who.staying.sum(keepdims=True), *base_year.common(t), True, eager)


def _first_costs(alpha, who, t):
    """(site,) ln(1 + B / s_j), the solution of a plain logit without distances, with the B at which enough move.

    By bisection on ln B, with every so manieth of them: the larger B, the fewer move.
    """
    stride = max(1, len(who.v) // base_year.THIN)
    few = who._replace(v=streamed_utilities.array(who.v[::stride]), current=who.current[::stride],
                       amount=stride * who.amount[::stride])
    return ready(few, _of_movers(few, t)).first_costs(alpha, WIDEST, NEARLY)
