"""T13."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import ALIKE, field_of, settled
from sim.verification.theorems.laws import logit
from sim.verification.theorems.rows import SOLVER, Rows, close, mean

UTILITY, SUPPLY = [0.4, 0.0, -0.3], [0.2, 0.5, 0.3]


@theorem("T13", "Rents flatten shares", "Helpman 1998; Roback 1982; Saiz 2010",
         title_zh="租金使份额更均匀",
         cases={"peers and rents": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.4, "floor_share": 0.38,
                                    "eta": 0.8},
                "rents alone": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.0, "floor_share": 0.9,
                                "eta": 0.0},
                "in a nest": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.3, "floor_share": 0.2,
                              "eta": 3.0, "dissimilarity": 0.6},
                "no floor to add": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.3, "floor_share": 0.5,
                                    "eta": 0.8, "slack": 1.0}},
         more={"five sites": {"utility": [0.0, 1.0, -1.0, 0.5, 0.2],
                              "supply": [0.1, 0.3, 0.2, 0.15, 0.25], "alpha": 0.6,
                              "floor_share": 0.5, "eta": 1.5, "dissimilarity": 0.8}})
def rents(utility: list[float], supply: list[float], alpha: float, floor_share: float, eta: float,
          dissimilarity: float = 1.0, slack: float = 1000.0, number: int = 10_000, quarters: int = 40,
          members: int = 8, seed: int = 20191025) -> Rows:
    """p_j ~ exp[mu (V_j + kappa ln S0_j) / (1 - mu (alpha - kappa))], kappa = s/(1 + eta); a = 0, phi = 1.

    s is the weight of ln rent, alpha that of ln peers. Supply is S0 r^eta up to a cap of `slack` S0, where the law is
    the fixed point of p_j ~ exp[mu (V_j + alpha ln p_j - s ln r_j)] with r_j the higher of the two rents that clear.
    The base year has the enterprises where the floor is, so that rents are 1 there; then the mean field settles, and
    so do simulated enterprises who all review in every quarter, to the mean of `members` runs.
    """
    mu = 1 / dissimilarity
    world = (lab.localised(alpha, form="log", offset=0.0), lab.nesting(dissimilarity), {
        "terms": {"rent": {"beta": floor_share}},
        "land": {"rents": "clearing", "elasticity": eta, "slack": slack, "modelled_share": 1.0}})
    field = field_of(utility, *world, number=number, weights=supply)
    base = field.base / field.base.sum()
    yield close(_("floor of the base year"), base, np.array(supply) / sum(supply), 1 / number)
    p = _fixed_point(np.array(utility), base, mu, alpha, floor_share, eta, slack)
    if slack >= 1000.0:
        kappa = floor_share / (1 + eta)
        p = logit(mu * (np.array(utility) + kappa * np.log(base)) / (1 - mu * (alpha - kappa)))
    yield close(_("shares in the long run"), settled(field, np.full(len(p), 1 / len(p))), p, SOLVER)
    made = lab.world([0] * len(p), utility, lab.years(quarters), lab.people(number), ALIKE, *world, lab.seeded(seed),
                     members=members, weights=supply)
    shares = lab.counts_after(made, quarters) / number
    for site, share in enumerate(p):
        yield mean(_("simulated share of site {site}", site=site), shares[:, site], share)


def _fixed_point(utility, base, mu, alpha, weight, eta, slack):
    """Shares that answer to their own peers and rents, by steps of a tenth: mu alpha < 1 makes them converge."""
    p = np.full(len(base), 1 / len(base))
    for _turn in range(4000):
        pressure = np.log(p / base)
        rent = np.maximum(pressure / (1 + eta), pressure - np.log(slack))
        p = p + 0.1 * (logit(mu * (utility + alpha * np.log(p) - weight * rent)) - p)
    return p
