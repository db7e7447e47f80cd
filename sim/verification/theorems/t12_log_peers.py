"""T12."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import field_of, settled
from sim.verification.theorems.laws import logit
from sim.verification.theorems.rows import SOLVER, Rows, above, below, close

UTILITY = [0.4, 0.0, -0.3]


@theorem("T12", "Log peers sharpen shares; above one a site takes over", "Krugman 1991; Brock & Durlauf 2001",
         title_zh="对数同行集聚使份额更集中；超过一则一地独占",
         cases={"plain": {"utility": UTILITY, "theta": 0.5}, "repelled": {"utility": UTILITY, "theta": -0.6},
                "nest": {"utility": UTILITY, "theta": 0.3, "dissimilarity": 0.5},
                "seven sites": {"utility": [0.1, 0.3, -0.2, 0.0, 0.5, -0.4, 0.2], "theta": 0.8},
                "above one": {"utility": [0.0, 0.0, 0.0], "theta": 1.3},
                "above one in a nest": {"utility": [0.0, 0.0, 0.0], "theta": 0.7, "dissimilarity": 0.5}},
         more={"near one": {"utility": [0.01, 0.0, -0.02], "theta": 0.95}})
def log_peers(utility: list[float], theta: float, dissimilarity: float = 1.0, number: int = 400,
              members: int = 8, seed: int = 20191025) -> Rows:
    """p_j ~ exp(mu V_j / (1 - mu theta)), a = 0, mu = 1/l, where mu theta < 1; above, a leader takes all.

    The long run of the mean field from an uneven start. Above one it is tried from a small lead of every
    site, and runs of `number` enterprises must tip.
    """
    sites, mu = len(utility), 1 / dissimilarity
    rules = (lab.localised(theta, form="log", offset=0.0), lab.nesting(dissimilarity))
    field = field_of(utility, *rules)
    if mu * theta < 1:
        start = np.arange(1.0, sites + 1) / sum(range(1, sites + 1))
        yield close(_("shares in the long run"), settled(field, start),
                    logit(mu * np.array(utility) / (1 - mu * theta)), SOLVER)
        return
    for leader in range(sites):
        lead = (1 - 0.01) / sites + 0.01 * np.eye(sites)[leader]
        yield above(_("share of site {leader}, which led by 1 %", leader=leader),
                    settled(field, lead)[leader], 1 - 1e-6)
    tipping, calm = (lab.counts_after(lab.world([0] * sites, utility, lab.years(60), lab.people(number),
                                                lab.seeded(seed), *rules, *more, members=members), 60).max(axis=1)
                     for more in ((), (lab.localised(0.5 * dissimilarity),)))
    yield above(_("smallest leader of {members} runs", members=members), tipping.min() / number, 0.95)
    yield below(_("largest leader where mu theta is 1/2"), calm.max() / number, 0.6)
