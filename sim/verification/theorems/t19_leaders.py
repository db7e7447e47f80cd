"""T19."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import field_of, settled
from sim.verification.theorems.rows import SOLVER, Row, Rows, above, below, close

NEAR = 1e-3                    # how far from a threshold its two sides are tried


@theorem("T19", "More sites with linear peers: uniform until bJ = K, leaders from less",
         "Brock & Durlauf 2002; Potts model, Wu 1982",
         title_zh="多地线性同行集聚：bJ = K 失稳，领先均衡更早出现",
         cases={"three": {"sites": 3, "published": 2.745644}, "four": {"sites": 4},
                "five": {"sites": 5, "published": 3.564502}},
         more={"nine": {"sites": 9}})
def leaders(sites: int, published: float | None = None, dissimilarity: float = 1.0) -> Rows:
    """Uniform shares lose stability at bJ = K, yet one leader of K equal sites holds out from a smaller bJ.

    A leader of share x and equal followers are an equilibrium at bJ = ln(x/y)/(x - y), y = (1 - x)/(K - 1):
    the least of it over x is the threshold, taken from the program's map and from the formula.
    """
    from sim.model.mean_field import feedback, quarter_map

    made = field_of(np.zeros(sites), lab.localised(dissimilarity * sites, form="linear"),
                    lab.nesting(dissimilarity), number=1000 * sites)
    uniform = np.full(sites, 1 / sites)
    for factor in (0.98, 1.02):
        yield close(_("R_dyn of uniform shares at {factor:g} K", factor=factor),
                    feedback.measure(_times(made, factor)).r_dyn, factor, 1e-5)
    near = uniform + 1e-3 * (np.eye(sites)[0] - 1 / sites)
    yield close(_("back to uniform below K"), settled(_times(made, 0.98), near), uniform, 1e-8)
    yield above(_("leader above K"), settled(_times(made, 1.02), near)[0], 2 / sites)
    threshold = sites * _least(lambda x: _strength(made, quarter_map.advance, x), sites)
    theory = _least(lambda x: _formula(x, sites), sites)
    yield close(_("threshold of a leader"), threshold, theory, SOLVER)
    if published is not None:
        yield Row(_("the published value"), published, threshold, 5e-7)
    led = np.append(0.9, np.full(sites - 1, 0.1 / (sites - 1)))
    yield below(_("leader below it"), settled(_times(made, (theory - NEAR) / sites), led)[0], 1 / sites + 1e-6)
    yield above(_("leader above it"), settled(_times(made, (theory + NEAR) / sites), led)[0], 1.5 / sites)


def _times(field, factor):
    return field._replace(peers=field.peers._replace(gamma=factor * field.peers.gamma))


def _strength(field, advance, x):
    """The multiple of the field's strength at which a leader of share x is an equilibrium of the map."""
    sites, total = field.n.shape[1], field.n.sum()
    n = total * np.append(x, np.full(sites - 1, (1 - x) / (sites - 1)))[None]
    return brentq(lambda factor: advance(_times(field, factor), n)[0, 0] / total - x, 1e-3, 10.0, xtol=1e-15)


def _least(function, sites):
    """The least value over shares of a leader."""
    return minimize_scalar(function, bounds=(1 / sites + 1e-3, 0.99), method="bounded", options={"xatol": 1e-9}).fun


def _formula(x, sites):
    y = (1 - x) / (sites - 1)
    return np.log(x / y) / (x - y)
