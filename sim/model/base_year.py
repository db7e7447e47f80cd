"""The base year: site constants and the moving cost under which the start is in balance.

Peers, rents and statuses are held at base-year values. Unknowns are the constants alpha (site) and
c0; the equations say that the expected net flow at every site is proportional to its share, that
the expected outside share of entrants is the one given, and that the expected share of enterprises
that move in a year is the target. That alpha reproduces its targets checks the solver, not the model.
A cost by the site that is left, under which entrants and movers are in balance apart, is in `stay_constants`.

Decisions 11 and 12 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.model.streamed_utilities import Passes, Streamed, Utilities, array, held

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels import arrays
    from sim.kernels.base_year.equations import Problem

    Found = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]

SAMPLE = 1000                 # potential entrants over whom entry is averaged
TOLERANCE = 1e-10             # largest error of an equation, relative to the number of candidates
EXACT = TOLERANCE, 2e-14      # that error, and the last correction of a search
NEAR = 1e-6                   # the error for the thinned sample, which is off by more anyway, whatever the correction
THIN = 1000                   # choosers with whom the search begins, about
COMING = 50                   # potential entrants among them at least
COSTS = (-30.0, 50.0)         # the first guess of the moving cost lies between
NEARLY = 0.1                  # and ends within this


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

    @property
    def nests(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Nest of each alternative, and dissimilarity of each nest."""
        return self.of_site, self.length


class Ready(NamedTuple):
    """Choosers side by side, and room for a search of what is asked of their flows."""

    who: Choosers
    problem: Problem
    search: Any
    lanes: Any
    blocks: NDArray[np.int64]      # (group + 1,) first block of a group

    def first_constants(self) -> NDArray[np.float64]:
        """(group, unknown) constants that would do if entrants were alike and nobody moved; a cost stays 0."""
        from sim.kernels.base_year.first_constants import first_constants
        x = np.empty((len(self.problem.shares), len(self.search.x)))
        first_constants(self.who.v, self.lanes, self.blocks, self.search, self.problem, *self.who.nests, x)
        return x

    def first_costs(self, alpha: NDArray[np.float64], between: tuple[float, float],
                    nearly: float) -> NDArray[np.float64]:
        """(site,) costs of leaving at which the target share moves, about."""
        from sim.kernels.base_year.first_constants import first_costs
        first_costs(self.who.v, alpha, self.lanes, self.search, self.problem, *self.who.nests, *between, nearly)
        return self.search.cost.copy()

    def solved(self, start: NDArray[np.float64], alpha: NDArray[np.float64], few: Ready | None,
               within: tuple[float, float]) -> Found:
        """((group, unknown), residual (group,), steps (group,)) of a search from `start`, with slopes of a few.

        alpha (site,) are constants beside costs. It ends `within` the tolerance of equations and that of the last
        correction, unless rounding errors are all that is left, or where it cannot go on: the caller judges.
        """
        from sim.kernels.base_year.constants_search import search
        x, residual, steps = start.copy(), np.empty(len(start)), np.empty(len(start), np.int64)
        few_v, lanes = (self.who.v, type(self.lanes)(*(part[:0] for part in self.lanes))) if few is None else (
            few.who.v, few.lanes)
        search(self.who.v, alpha, self.lanes, self.blocks, few_v, lanes, self.search, self.problem, *self.who.nests,
               *within, x, residual, steps)
        return x, residual, steps


def ready(who: Choosers, problem: Problem, group: NDArray[np.int64] | None = None) -> Ready:
    """Choosers whose utilities are held, made ready; `group` (chooser,) where groups are searched apart."""
    from sim.kernels.base_year.chooser_lanes import lanes_of
    return Ready(who, problem, search_for(who, problem), *lanes_of(who.current, who.amount, group, *who.nests))


def everybody(who: Choosers, problem: Problem) -> Ready | Passes:
    """Choosers made ready, whether their utilities are held or not."""
    if isinstance(who.v, Streamed):
        return Passes(who, problem, search_for(who, problem))
    return ready(who, problem)


def search_for(who: Choosers, problem: Problem) -> Any:
    """Room for a search."""
    from sim.kernels.base_year import chooser_lanes, equations
    if problem.shares.shape[1] != len(who.of_site) - 1:
        raise ValueError("the length of shares is not the number of sites")
    return equations.search_for(problem.form, chooser_lanes.room_for_flows(*who.nests))


def solve(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets,
          nests: arrays.Nests) -> tuple[NDArray[np.float64], NDArray[np.float64], float, int]:
    """(alpha, c0 (site,), residual, steps) of one member, by a damped Newton search.

    v (chooser, site + 1) utilities with alpha = 0 and c0 = 0; current (chooser,) site or -1. The
    search begins with a thinned sample and ends with everybody. It stops at TOLERANCE, or where it
    cannot go on: the caller judges the residual.
    """
    few, start, near, off = _thinned(m, v, current, targets, nests)
    who = _choosers(v, current, targets, nests.of_site, length_of(m, nests))
    all_of_them = everybody(who, problem_of(who, targets))
    for first in (near, start) if off < NEAR else (start,):
        x, residual, steps = all_of_them.solved(first, first[0, :0], few, EXACT)
        if residual[0] < TOLERANCE:
            break
    return x[0, :-1], _everywhere(x[0]), float(residual[0]), int(steps[0])


def solve_roughly(m: int, v: Utilities, current: NDArray[np.int64], targets: Targets,
                  nests: arrays.Nests) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(alpha, c0 (site,)) of a thinned sample, to NEAR of the candidates; of everybody where that search fails."""
    _, _, x, off = _thinned(m, v, current, targets, nests)
    return (x[0, :-1], _everywhere(x[0])) if off < NEAR else solve(m, v, current, targets, nests)[:2]


def _everywhere(x):
    """(site,) the moving cost, the same wherever one leaves."""
    return np.full(len(x) - 1, x[-1])


def _thinned(m, v, current, targets, nests):
    """(thinned sample, start of the search, where it ends for the sample, its residual)."""
    who = _choosers(v, current, targets, nests.of_site, length_of(m, nests), max(1, len(v) // THIN))
    few = ready(who, problem_of(who, targets))
    start = few.first_constants()
    start[0, -1] = targets.cost
    if targets.cost is None:
        start[0, -1] = few.first_costs(start[0, :-1], COSTS, NEARLY)[0]
    x, residual, _ = few.solved(start, start[0, :0], None, (NEAR, np.inf))
    return few, start, x, residual[0]


def problem_of(who: Choosers, t: Targets) -> Problem:
    """What flows of entrants and movers together should be.

    A row a site: net flow less share * total; the share outside; the share that moves, or the given cost.
    """
    from sim.kernels.base_year.equations import UNIFORM, Problem
    return Problem(UNIFORM, t.shares[None], who.staying - t.born + t.exits, np.zeros(len(t.shares)),
                   np.array([t.entrants]), np.array([t.candidates]), *common(t), t.cost is None, False)


def common(t: Targets) -> tuple[float, bool, float, float]:
    """What every Problem has of Targets: share outside, whether there is an outside, moves, candidates."""
    return float(t.outside), bool(t.has_outside), float(t.moves * t.candidates), float(t.candidates)


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
    amount = np.where(kept >= 0, t.review * (current >= 0).sum() / max(incumbents, 1), t.entrants / max(entrants, 1))
    here = kept >= 0
    staying = np.bincount(kept[here], weights=amount[here], minlength=len(t.shares))
    some = held(v) if stride == 1 else array(v[chosen])
    return Choosers(some, kept, amount, staying, of_site, length)
