"""T08."""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Rows, close, law, p_of_counts, refuted

CROWDED = [[0.0, -0.4, -0.7, -0.9, -1.2, -1.5, -1.8, -2.0]] * 2
FRIENDLY = [[0.0, 0.5, 0.8, 1.0, 1.1, 1.2]] * 3
MIXED = [[0.0, 0.3, 0.6, 0.9, 1.2], [0.0, -0.3, -0.6, -0.9, -1.2], [1.0, 0.0, 1.0, 0.0, 1.0],
         [0.0, 0.0, 0.0, 0.0, 2.0]]
FORMS = {"log": lambda n, total, offset, half: math.log(offset + n),
         "linear": lambda n, total, offset, half: n / max(total, 1),
         "saturating": lambda n, total, offset, half: n / (n + half)}
MOST = 4000                    # occupancies up to which every transition is compared
TURNS = 12                     # of every enterprise, before counts are compared


@theorem("T08", "Gibbs law of one reviser at a time", "Blume 1993; Brock & Durlauf 2001",
         title_zh="逐一修订的 Gibbs 分布",
         cases={"friendly": {"payoff": FRIENDLY, "constants": [0.0, 0.2, -0.3], "control": True},
                "crowded": {"payoff": CROWDED, "constants": [0.0, 0.4], "dissimilarity": 0.5,
                            "control": True},
                "mixed": {"payoff": MIXED, "constants": [0.0, 0.1, 0.2, 0.3], "dissimilarity": 0.7,
                          "control": True},
                "log peers": {"form": "log", "number": 6, "constants": [0.1, 0.0, -0.2]},
                "linear peers": {"form": "linear", "number": 6, "constants": [0.1, 0.0, -0.2],
                                 "dissimilarity": 0.5},
                "saturating peers": {"form": "saturating", "number": 6, "constants": [0.2, 0.0],
                                     "dissimilarity": 0.4, "half": 2.0}},
         more={"twenty": {"payoff": [[0.1 * n for n in range(20)], [0.3 * (n % 3) for n in range(20)],
                                     [-0.01 * n * n for n in range(20)]], "constants": [0.0, 0.5, 0.2],
                          "control": True, "runs": 10_000}})
def gibbs(constants: list[float], payoff: Sequence[list[float]] = (), form: str = "table", number: int = 0,
          dissimilarity: float = 1.0, strength: float = 1.0, offset: float = 1.0, half: float = 1.0,
          turns: int = TURNS, control: bool = False, runs: int = 2000, seed: int = 20191025) -> Rows:
    """pi(n) ~ N!/prod n_k! exp(sum_k (c_k n_k + g sum_{m<=n_k} f_k(m)) / l), one nest, equal enterprises.

    f_k(n) is what site k, of n enterprises with oneself, is worth: row k of `payoff`, or a `form` of the
    n - 1 others. One random enterprise revises at a step, `turns` steps for each of them. That the law is
    kept is compared transition by transition, and its histogram over `runs` by chi-square; one after
    another is compared likewise, and with `control` all at once, which has another law.
    """
    number = number or len(payoff[0])
    worth = _worth(payoff, form, number, len(constants), offset, half)
    game = {"choice": {"dissimilarity": dissimilarity},
            "peers": {"form": form, "payoff": [list(row) for row in payoff], "offset": offset, "half": half}}
    occupancies, pi = _law(worth, constants, strength, 1 / dissimilarity)
    world = (constants, strength, number, game, seed)
    if len(occupancies) <= MOST:
        flows = _balance(_made(world, "one", 1, 1), occupancies, pi)
        yield close(_("flow between every two occupancies, relative to that back"), flows, 1.0)
    for revision, quarters, judge in (("one", turns * number, law), ("sequential", turns, law),
                                      ("simultaneous", turns, refuted))[:2 + control]:
        counts = lab.counts_after(_made(world, revision, quarters, runs), quarters)
        row = {n: k for k, n in enumerate(occupancies)}
        seen = np.bincount([row[tuple(n)] for n in counts.tolist()], minlength=len(pi))
        yield judge(_("{runs} runs, revision {revision}, chi-square p", runs=runs, revision=revision),
                    p_of_counts(seen, pi))


def _worth(payoff, form, number, sites, offset, half):
    """[site][n] of n others there, for n = 0 to N - 1; a table's last value stands for all larger counts."""
    if form == "table":
        return [[row[min(n, len(row) - 1)] for n in range(number)] for row in payoff]
    return [[FORMS[form](n, number - 1, offset, half) for n in range(number)]] * sites


def _law(worth, constants, strength, beta):
    """Occupancies of the sites and their probabilities."""
    number, sites = len(worth[0]), len(constants)
    cuts = itertools.combinations(range(number + sites - 1), sites - 1)
    occupancies = [tuple(int(n) for n in np.diff([-1, *cut, number + sites - 1]) - 1) for cut in cuts]
    potential = [np.concatenate([[0.0], np.cumsum(c + strength * np.array(row))]) for c, row in zip(constants, worth)]
    weight = [sum(beta * potential[k][m] - math.lgamma(m + 1) for k, m in enumerate(n)) for n in occupancies]
    p = np.exp(np.array(weight) - max(weight))
    return occupancies, p / p.sum()


def _made(world, revision, quarters, runs):
    constants, strength, number, game, seed = world
    return lab.world([0] * len(constants), constants, lab.years(quarters), lab.people(number), lab.seeded(seed), game,
                     {"terms": {"localisation": {"gamma": strength}}, "switches": {"revision": revision}}, members=runs)


def _balance(made, occupancies, pi):
    """Flow from n to n + e_k - e_j relative to the flow back, for every pair that carries weight."""
    sites, number = made.world.sites, sum(occupancies[0])
    chance = {n: _leaving(made, n) for n in occupancies}
    weight = dict(zip(occupancies, pi))
    found = []
    for n in occupancies:
        for j, k in itertools.permutations(range(sites), 2):
            if n[j] and weight[n] > 1e-250:
                there = tuple(m + (i == k) - (i == j) for i, m in enumerate(n))
                to, back = n[j] / number * chance[n][j, k], there[k] / number * chance[there][k, j]
                found.append(weight[n] * to / (weight[there] * back))
    return found


def _leaving(made, occupancy):
    """(site, site) probability that an enterprise at j takes k, one of an occupancy of the sites."""
    at = np.repeat(np.arange(len(occupancy)), occupancy)
    first = np.minimum(np.cumsum((0, *occupancy[:-1])), len(at) - 1)
    return lab.expected(made, slots=first, economy=lab.placed(made, at))[:, :-1]
