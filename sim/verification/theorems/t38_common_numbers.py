"""T38."""

import numpy as np

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Row, Rows, above, estimate

UTILITY = [0.3, -0.5, 0.9, 0.0, 0.6, -0.2]
NESTS = {"one nest": ([0] * 6, 1.0), "nests": ([0, 0, 1, 1, 1, 2], 0.5),
         "deep nests": ([0, 0, 0, 1, 1, 1], 0.1)}
FROZEN = {"peers": {"counts": "frozen", "decay": 15.0}, "land": {"rents": "frozen"},
          "terms": {"localisation": {"gamma": 0.5}, "headquarters": {"gamma": 0.3}}}


@theorem("T38", "Common random numbers: a subsidy moves enterprises only to its site",
         "Explicit errors; Kanter 1975",
         title_zh="共同随机数：补贴只吸引企业迁入该地",
         cases={name: {"utility": UTILITY, "nests": nests, "dissimilarity": length, "site": 2}
                for name, (nests, length) in NESTS.items()},
         more={"dear moves": {"utility": UTILITY, "nests": NESTS["nests"][0], "dissimilarity": 0.5,
                              "site": 1, "cost": 2.0},
               "errors kept": {"utility": UTILITY, "nests": NESTS["nests"][0], "dissimilarity": 0.5,
                               "site": 0, "keep_errors": 0.75, "subsidy": 1.0}})
def common(utility: list[float], nests: list[int], dissimilarity: float | list[float], site: int,
           subsidy: float = 0.4, keep_errors: float = 0.0, cost: float = 0.0, number: int = 100,
           runs: int = 1000, seed: int = 20191025) -> Rows:
    """With frozen peers and rents a subsidy to j moves enterprises only into j, and Var(dn) = N d (1 - d).

    d is the rise of P_j for one of the N enterprises of a run (one class: they differ in nothing but their
    errors), so each of them switches or does not, independently: dn is binomial. One quarter is tried with
    an outside option, several without: whoever leaves the region is gone. With a moving `cost` the first
    quarter alone, since a move changes what later ones cost.
    """
    for quarters, outside in ((1, True), (4, False))[:1 if cost else 2]:
        made = lab.world(nests, utility, lab.years(4), lab.people(number), lab.nesting(dissimilarity), FROZEN, {
            "choice": {"outside": outside, "keep_errors": keep_errors}, "moving": {"cost": cost},
            "run": {"seed": seed}}, members=runs)
        better = made._replace(fixed=made.fixed._replace(
            constant=made.fixed.constant + subsidy * np.eye(len(utility))[site]))
        before, after = (lab.run(each, quarters)[1].state.site for each in (made, better))
        yield Row(_("switches to other places in {quarters} quarters", quarters=quarters), 0.0,
                  float((after[before != after] != site).sum()), 0.0)
        yield above(_("switches to the site in {quarters} quarters", quarters=quarters), (before != after).sum(), 20)
        if quarters == 1 and keep_errors == cost == 0.0:
            yield from _moments(made, better, site, number, runs)


def _moments(made, better, site, number, runs):
    """Mean and variance of what the site gains in a quarter against the binomial law's."""
    gain = [(lab.run(each, 1)[1].state.site == site).sum(axis=1) for each in (made, better)]
    dn, d = gain[1] - gain[0], (lab.expected(better, slots=[0]) - lab.expected(made, slots=[0]))[0, site]
    variance = number * d * (1 - d)
    yield estimate(_("mean gain"), dn.mean(), number * d, np.sqrt(variance / runs))
    fourth = variance ** 2 * (3 + (1 - 6 * d * (1 - d)) / variance)      # fourth moment of the binomial law
    yield estimate(_("variance of the gain"), dn.var(ddof=1), variance,
                   np.sqrt((fourth - variance ** 2 * (runs - 3) / (runs - 1)) / runs))
