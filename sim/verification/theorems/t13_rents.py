"""T13."""

import numpy as np

from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import field_of, settled
from sim.verification.theorems.laws import logit
from sim.verification.theorems.rows import SOLVER, close

UTILITY, SUPPLY = [0.4, 0.0, -0.3], [0.2, 0.5, 0.3]


@theorem("T13", "Rents flatten shares", "Helpman 1998; Roback 1982; Saiz 2010",
         title_zh="租金使份额更均匀",
         cases={"peers and rents": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.4, "floor_share": 0.38,
                                    "eta": 0.8},
                "rents alone": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.0, "floor_share": 0.9,
                                "eta": 0.0},
                "in a nest": {"utility": UTILITY, "supply": SUPPLY, "alpha": 0.3, "floor_share": 0.2,
                              "eta": 3.0, "dissimilarity": 0.6}},
         more={"five sites": {"utility": [0.0, 1.0, -1.0, 0.5, 0.2],
                              "supply": [0.1, 0.3, 0.2, 0.15, 0.25], "alpha": 0.6,
                              "floor_share": 0.5, "eta": 1.5, "dissimilarity": 0.8}})
def rents(utility: list[float], supply: list[float], alpha: float, floor_share: float, eta: float,
          dissimilarity: float = 1.0, number: int = 10_000):
    """p_j ~ exp[mu (V_j + kappa ln S0_j) / (1 - mu (alpha - kappa))], kappa = s/(1 + eta); a = 0, phi = 1.

    s is the weight of ln rent, alpha that of ln peers; supply S0 r^eta without a cap. The base year has the
    enterprises where the floor is, so that rents are 1 there; then the mean field settles.
    """
    mu, kappa = 1 / dissimilarity, floor_share / (1 + eta)
    field = field_of(utility, lab.localised(alpha, form="log", offset=0.0), lab.nesting(dissimilarity), {
        "terms": {"rent": {"beta": floor_share}},
        "land": {"rents": "clearing", "elasticity": eta, "slack": 1000.0, "modelled_share": 1.0}},
        number=number, weights=supply)
    base = field.base / field.base.sum()
    yield close("floor of the base year", base, np.array(supply) / sum(supply), 1 / number)
    p = logit(mu * (np.array(utility) + kappa * np.log(base)) / (1 - mu * (alpha - kappa)))
    yield close("shares in the long run", settled(field, np.full(len(p), 1 / len(p))), p, SOLVER)
