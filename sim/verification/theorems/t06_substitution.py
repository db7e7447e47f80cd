"""T06."""

import numpy as np

from sim.base.messages import _
from sim.kernels.base_year import expected_flows
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import nested_logit, slope_at_zero
from sim.verification.theorems.rows import SOLVER, Rows, close


@theorem("T06", "Own effect, cross effect and diversion within one nest",
         "Train 2009; Brülhart & Schmidheiny 2015",
         title_zh="自身效应、交叉效应与转移",
         cases={"plain logit": {"utility": [0.4, -0.2, 1.0], "dissimilarity": 1.0},
                "nest": {"utility": [-0.4, -1.0, 0.2], "dissimilarity": 0.6, "beta": 0.5},
                "deep nest": {"utility": [0.4, -0.2, 1.0, 0.1, -2.0], "dissimilarity": 0.2, "beta": 1.5}},
         more={"many sites": {"utility": [0.1 * (k % 5) for k in range(25)], "dissimilarity": 0.7}})
def substitution(utility: list[float], dissimilarity: float, beta: float = 1.0) -> Rows:
    """d ln n_j / d ln x_j = theta (1 - rho s_j), across -theta rho s_j, D = rho (1 - s)/(1 - rho s).

    One nest of sites and an outside option of utility 0, V = alpha + beta ln x: theta = beta / l,
    rho = 1 - l (1 - P_inside), s the share within the nest. x is ecological quality; slopes are those
    that the base-year solver uses, and differences of choices as x changes.
    """
    sites = len(utility)
    made = lab.world([0] * sites, utility, {"choice": {"outside": True}}, lab.people(2), lab.nesting(dissimilarity),
                     {"terms": {"ecology": {"beta": beta}}})
    p = nested_logit(utility, [0] * sites, dissimilarity, outside=True)[0][:-1]
    theta, rho, s = beta / dissimilarity, 1 - dissimilarity * (1 - p.sum()), p / p.sum()
    theory = theta * (np.eye(sites) - rho * s)
    for kind, tolerance, slope in ((_("slopes"), 1e-12, beta * _slopes(made) / p[:, None]),
                                   (_("differences"), SOLVER, _differences(made, 0.02 / max(1.0, abs(theta))))):
        yield close(_("own effects, {kind}", kind=kind), np.diag(slope), np.diag(theory), tolerance)
        across = ~np.eye(sites, dtype=bool)
        yield close(_("cross effects, {kind}", kind=kind), slope[across], theory[across], tolerance)
    change = _slopes(made)
    diverted = (np.diag(change) - change.sum(axis=0)) / np.diag(change)
    yield close(_("diversion"), diverted, rho * (1 - s) / (1 - rho * s))


def _slopes(made):
    """(site, site) dP_j/dV_k of an entrant's choice."""
    sites, nests = made.world.sites, made.world.nests
    jacobian = np.empty((sites + 2, sites + 1))
    expected_flows.flows(lab.utilities(made, [0]), np.array([-1]), np.ones(1), np.zeros(sites), 0.0, nests.of_site,
                   nests.dissimilarity[0], jacobian)
    return jacobian[:sites, :sites]


def _differences(made, step):
    """(site, site) d ln P_j / d ln x_k from choices at several qualities of each site."""
    units = np.eye(made.world.sites)
    return np.stack([slope_at_zero(lambda x, unit=unit: np.log(_chances(made, np.exp(x * unit))), step)
                     for unit in units], axis=1)


def _chances(made, ecology):
    return lab.expected(made, slots=[0], table=lab.offers(made, 0, ecology=ecology[None]))[0, :-1]
