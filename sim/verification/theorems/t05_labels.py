"""T05."""

import copy
import dataclasses

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.everything import NESTS, full
from sim.verification.theorems.rows import Rows, close, same

UTILITY = [0.3, -0.5, 1.1, 0.0, 0.7, 0.1]

KEPT = {"enterprises": _("enterprises, every quarter"), "headquarters": _("headquarters, every quarter"),
        "employees": _("employees, every quarter"), "rent": _("rent, every quarter"),
        "floor": _("floor, every quarter")}


@theorem("T05", "Constants and labels do not matter", "Identity; McFadden 1974",
         title_zh="常数与标签无关",
         cases={"a small constant": {"constant": 0.1, "order": [4, 0, 5, 2, 1, 3]},
                "a large one": {"constant": 300.0, "order": [5, 4, 3, 2, 1, 0], "dissimilarity": 0.1},
                "a negative one": {"constant": -20.0, "order": [1, 0, 2, 3, 4, 5], "dissimilarity": 0.5}},
         more={"long": {"constant": 1.0, "order": [3, 5, 0, 1, 4, 2], "quarters": 60}})
def labels(constant: float, order: list[int], dissimilarity: float = 1.0, quarters: int = 12,
           seed: int = 20191025) -> Rows:
    """A constant added to all sites changes no choice; sites in another order permute the output bit by bit.

    The second is tried on a world of six sites with everything switched on (churn, rents, peers, nests, a
    policy) whose rows of sites and nests are put in another order.
    """
    plain, raised = (lab.world(NESTS, np.array(UTILITY) + by, lab.people(3000), lab.nesting(dissimilarity),
                               lab.seeded(seed)) for by in (0.0, constant))
    yield close(_("expected shares"), lab.expected(raised, slots=[0]), lab.expected(plain, slots=[0]))
    sites = [lab.chosen(made, made.economy)[0].site for made in (raised, plain)]
    yield same(_("choices of 3,000 enterprises"), *sites)
    made = full(lab.nesting(dissimilarity), lab.seeded(seed), quarters=quarters)
    other = _permuted(made, np.array(order), (lab.nesting(dissimilarity), lab.seeded(seed)), quarters)
    (infos, _state), (others, _its) = (lab.run(each, quarters) for each in (made, other))
    for name, what in KEPT.items():
        yield same(what, [getattr(info, name) for info in others],
                   [getattr(info, name)[:, order] for info in infos])
    yield same(_("moves between sites, every quarter"), [info.events.flows for info in others],
               [info.events.flows[:, :, order][..., [*order, len(order)]] for info in infos])


def _permuted(made, order, overrides, quarters):
    """The same opening with rows of sites, and of nests, in another order."""
    region = made.world.region
    where = dataclasses.replace(region, sites=region.sites.iloc[order], nests=region.nests.iloc[::-1])
    other = full(*overrides, where=where, quarters=quarters)
    site = made.economy.state.site
    moved = np.where(site >= 0, np.argsort(order)[site], site).astype(site.dtype)
    registered = np.argsort(order)[made.economy.state.legal].astype(site.dtype)
    state = copy.deepcopy(made.economy.state)._replace(site=moved, legal=registered)
    economy = made.economy._replace(state=state, counts=made.economy.counts[..., order],
                                    employees=made.economy.employees[:, order],
                                    log_density=made.economy.log_density[:, order])
    fixed = other.fixed._replace(base_spending=made.fixed.base_spending[:, order],
                                 background=made.fixed.background[:, order])
    return other._replace(fixed=fixed, economy=economy)
