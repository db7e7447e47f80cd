"""T09."""

import math

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Rows, close, law, p_of_counts

UTILITY = [0.5, -0.4, 0.0, 1.0]
MIXED, MOST_QUARTERS = 1e-4, 2000      # what may be left of the opening's shares, and the longest run


@theorem("T09", "Stationary law with a moving cost", "Rust 1987; detailed balance",
         title_zh="含迁移成本的稳态分布",
         cases={"free": {"utility": UTILITY, "cost": 0.0}, "cheap": {"utility": UTILITY, "cost": 0.8},
                "dear": {"utility": UTILITY, "cost": 2.5},
                "errors kept": {"utility": UTILITY, "cost": 1.2, "keep_errors": 0.4},
                "seven sites": {"utility": [0.0, 0.3, -1.0, 2.0, 0.5, -0.2, 1.0], "cost": 1.5}},
         more={"very dear": {"utility": UTILITY, "cost": 5.0, "number": 50_000}})
def moving(utility: list[float], cost: float, keep_errors: float = 0.0, review: float = 1.0,
           number: int = 20_000, seed: int = 20191025) -> Rows:
    """pi_j ~ e^{u_j} [e^{u_j} (1 - e^{-c}) + e^{-c} sum_l e^{u_l}], constant u, cost c of leaving one's site.

    pi is compared with itself a review later, and with `number` enterprises once the opening is forgotten:
    after as many quarters as leave 1/10,000 of it by the second eigenvalue of the theory's moves, unless
    these are more than 2,000.
    """
    sites, pi = len(utility), law_of(utility, cost)
    quarters = _quarters(utility, cost, (1 - keep_errors) * (1 - (1 - review) ** 0.25))
    reached = quarters <= MOST_QUARTERS
    made = lab.world([0] * sites, utility, lab.years(quarters if reached else 1), lab.people(number), lab.seeded(seed),
                     {"moving": {"cost": cost}, "choice": {"keep_errors": keep_errors, "review": review}})
    moves = np.stack([lab.expected(made, slots=[0], economy=lab.placed(made, j))[0, :-1] for j in range(sites)])
    yield close(_("shares after a review from pi"), pi @ moves, pi)
    yield close(_("chances of moving"), moves, moves_of(utility, cost))
    if reached and sites > 1:                        # one site has no shares that could differ
        seen = lab.counts_after(made, quarters)[0]
        yield law(_("{number} enterprises after {quarters} quarters, chi-square p", number=number,
                    quarters=quarters),
                  p_of_counts(seen, pi))


def law_of(utility, cost):
    weight = np.exp(utility)
    pi = weight * (weight * (1 - math.exp(-cost)) + math.exp(-cost) * weight.sum())
    return pi / pi.sum()


def moves_of(utility, cost):
    """(site, site) probability of being at k after a review at j."""
    weight = np.exp(utility) * np.exp(-cost * (1 - np.eye(len(utility))))
    return weight / weight.sum(axis=1, keepdims=True)


def _quarters(utility, cost, reviewing):
    """Quarters until the opening is forgotten."""
    if len(utility) == 1:
        return 1
    second = np.sort(np.linalg.eigvals(moves_of(utility, cost)).real)[-2]
    left = min(max(1 - reviewing * (1 - second), 1e-9), 1 - 1e-9)
    return max(math.ceil(math.log(MIXED) / math.log(left)), 4)
