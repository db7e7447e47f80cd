"""T51."""

import dataclasses

import numpy as np
import pandas as pd

from sim.base.messages import _
from sim.model import initialise
from sim.model.mean_field import quarter_map
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import ALIKE, CHURN, quarterly
from sim.verification.theorems.rows import SOLVER, above, close, mean

CLASSES = [[0.5, 0.3, 0.2], [0.15, 0.25, 0.6]]
NESTS = [0, 0, 1]
EXITS = {"switches": {"exit": "constant"}, "exit": {"constant": 0.05, "rent_elasticity": 0.0}}
BIRTHS = {"spinoff": {"share": 0.25, "stay": 0.7}}


@theorem("T51", "The base year is in balance", "Kelly 1979, Reversibility and Stochastic Networks: detailed balance",
         title_zh="基年处于平衡",
         cases={"two classes, two nests": {"shares": CLASSES, "nests": NESTS, "dissimilarity": 0.6},
                "some leave": {"shares": CLASSES, "nests": NESTS, "dissimilarity": [0.4, 1.0], "outside": True},
                "plain logit, by distance": {"shares": CLASSES, "nests": [0, 0, 0], "log_distance": 0.3,
                                             "outside": True},
                "fresh errors": {"shares": CLASSES, "nests": NESTS, "dissimilarity": 0.8, "keep_errors": 0.0,
                                 "entry": 0.05}},
         more={"eight sites": {"shares": [[0.3, 0.2, 0.14, 0.12, 0.1, 0.08, 0.04, 0.02]],
                               "nests": [0, 0, 0, 1, 1, 2, 2, 2], "dissimilarity": 0.7, "log_distance": 0.3,
                               "outside": True, "runs": 200}})
def balance(shares: list[list[float]], nests: list[int], dissimilarity: float | list[float] = 1.0,
            log_distance: float = 0.0, outside: bool = False, rate: float = 0.04, review: float = 0.6,
            keep_errors: float = 0.5, entry: float = 0.2, constants: str = "by site", number: int = 600,
            runs: int = 50, quarters: int = 24, seed: int = 20191025):
    """Entrants of a class choose its shares s, movers keep them: then expected shares are s for ever.

    With levers, peers and rents frozen and exits independent of place, also while numbers grow; and as many move
    into a site as out of it, but for those who leave the region. A row of `shares` is a class: classes do not meet
    where peers and rents are frozen, so each is an ensemble. Chances are those of the program, quarters are iterated by
    its mean field, and `runs` of `number` enterprises are simulated. In a plain logit with distance factors g and w for
    leaving the region c_k = ln[(D - sum_(l != k) s_l g_kl - w) / s_k], D by the target of moves.
    """
    for k, row in enumerate(shares):
        s = np.asarray(row, float) / np.sum(row)
        made = _made(s, nests, runs, _common(outside, rate, review, keep_errors, entry, constants),
                     lab.nesting(dissimilarity), {"moving": {"log_distance": log_distance}}, lab.seeded(seed),
                     lab.people(number), lab.years(quarters))
        renewed = quarterly(review) * (1.0 - keep_errors)
        yield from _of_chances(_("class {number}", number=k + 1), made, s, renewed, quarterly(rate))
        if np.all(np.asarray(dissimilarity) == 1.0):
            yield close(_("class {number}: constants of the moving cost", number=k + 1), made.fixed.moving.cost[0],
                        _constants(made, s, renewed / quarterly(rate)), SOLVER)
        yield close(_("class {number}: shares over {quarters} quarters of the mean field", number=k + 1,
                      quarters=quarters), _path(made, s, quarters), s)
        yield from _of_runs(_("class {number}", number=k + 1), lab.run(made, quarters)[0], s)


def _common(outside, rate, review, keep_errors, entry, constants):
    return {"choice": {"outside": outside, "review": review, "keep_errors": keep_errors},
            "moving": {"cost": "solve", "constants": constants, "rate": rate}, "entry": {"rate": entry}}


def _made(s, nests, runs, *overrides):
    """The ensemble of a class whose opening stock has the shares s exactly, a stock group a site."""
    where = lab.region(nests)
    groups = [{"headquarters": share, "sites": [site], "weights": [1.0]} for site, share in zip(where.sites.index, s)]
    where = dataclasses.replace(where, stock=pd.DataFrame(groups, index=pd.Index(where.sites.index, name="group")))
    return lab.make(where, lab.values(lab.PLAIN, ALIKE, CHURN, EXITS, BIRTHS, *overrides), members=runs)


def _of_chances(what, made, s, renewed, moves):
    """Rows on the chances of entrants and of reviews with new errors."""
    sample = initialise.potential_entrants(made.world, made.fixed)
    came = lab.expected(made, slots=[0], economy=made.economy._replace(state=sample))[0, :-1]
    moved = np.stack([lab.expected(made, slots=[0], economy=lab.placed(made, j))[0] for j in range(len(s))])
    yield close(_("{what}: shares of entrants", what=what), came / came.sum(), s)
    flow = s[:, None] * moved
    after = flow[:, :-1].sum(axis=0)
    yield close(_("{what}: shares after a review", what=what), after / after.sum(), s)
    between = flow[:, :-1] * (1.0 - np.eye(len(s)))
    left = flow[:, -1].sum()
    yield close(_("{what}: moves out less moves in", what=what),
                flow.sum(axis=1) - np.diag(flow) - between.sum(axis=0), s * left)
    yield close(_("{what}: moves in a quarter", what=what), renewed * (between.sum() + left), moves)
    yield above(_("{what}: smallest constant of the moving cost", what=what), made.fixed.moving.cost.min(), 0.0)


def _constants(made, s, reviews_per_move):
    """c by detailed balance."""
    moving, p = made.fixed.moving, made.world.p
    factor = np.exp(-moving.log_distance[0] * moving.distance[0])
    out = p.entry.outside_share[0] / (1.0 - p.entry.outside_share[0]) * factor[:-1, -1] * moving.outside
    elsewhere = factor[:-1, :-1] @ s - s + out
    return np.log((reviews_per_move * (s * elsewhere).sum() - elsewhere) / s)


def _path(made, s, quarters):
    """(quarter, site) shares of the program's mean field that starts from s."""
    field, paths = quarter_map.build(made.world, made.fixed, made.economy, 0), []
    n = field.n.sum() * s[None]
    for _quarter in range(quarters):
        n = quarter_map.advance(field, n)
        paths.append(n.sum(axis=0) / n.sum())
    return np.array(paths)


def _of_runs(what, infos, s):
    """Rows on simulated enterprises and on their moves, at every site."""
    at = infos[-1].enterprises.sum(axis=(2, 3))
    flows = sum(info.events.flows.sum(axis=1, dtype=np.int64) for info in infos)            # (run, site, site + 1)
    left = flows[:, :, -1].sum(axis=1)
    net = flows.sum(axis=2) - flows[:, :, :-1].sum(axis=1)
    for j, share in enumerate(s):
        yield mean(_("{what}: enterprises at site-{j} over its share of all", what=what, j=j),
                   at[:, j] - share * at.sum(axis=1), 0.0)
        yield mean(_("{what}: moves out of site-{j} less moves in, over its share of those who leave", what=what, j=j),
                   net[:, j] - share * left, 0.0)
