"""T23."""

import numpy as np
from scipy import stats

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.rows import Rows, law, mean, refuted, smallest

ALIVE = {"switches": {"churn": True, "exit": "constant"}, "entry": {"rate": 0.0}, "choice": {"review": 0.0},
         "exit": {"constant": 0.0}, "growth": {"sd": 0.0, "drift": 0.0, "density": 0.0},
         "population": {"spread": 1e9}}


@theorem("T23", "Spin-offs that stay are Pólya's urn", "Eggenberger & Pólya 1923; Klepper 2007",
         title_zh="留在本地的衍生企业构成 Pólya 罐",
         cases={"two and three": {"start": [2, 3], "control": True}, "one and one": {"start": [1, 1]},
                "three sites": {"start": [4, 1, 2]}},
         more={"many": {"start": [3, 5, 2, 4], "members": 4000, "quarters": 260}})
def urn(start: list[int], rate: float = 0.08, quarters: int = 200, members: int = 600, control: bool = False,
        seed: int = 20191025) -> Rows:
    """From n_j enterprises at site j, spin-offs that stay lead to shares Beta(n_j, N - n_j).

    Every enterprise has spin-offs at the same `rate` a year and nobody closes or moves: N (1 + rate / 4)^q of them
    are expected after q quarters. The law of the shares is that of an endless time; with `control` a third of the
    runs let spin-offs choose freely, which is no urn and must fail.
    """
    counts = _counts(start, rate, quarters, members, seed, 1.0)
    shares = counts / counts.sum(axis=1, keepdims=True)
    p = [stats.kstest(shares[:, j], stats.beta(n, sum(start) - n).cdf).pvalue for j, n in enumerate(start)]
    yield law(_("shares of the sites, Kolmogorov-Smirnov p"), p[0] if len(start) == 2 else smallest(p))
    yield mean(_("enterprises after so many quarters"), counts.sum(axis=1), sum(start) * (1 + rate / 4) ** quarters)
    if control:
        free = _counts(start, rate, quarters, members // 3, seed, 0.0)
        law_of_first = stats.beta(start[0], sum(start) - start[0])
        yield refuted(_("spin-offs that choose, Kolmogorov-Smirnov p"),
                      stats.kstest(free[:, 0] / free.sum(axis=1), law_of_first.cdf).pvalue)


def _counts(start, rate, quarters, members, seed, stay):
    """(member, site) enterprises after the last quarter."""
    made = lab.world([0] * len(start), [0.0] * len(start), lab.years(quarters), lab.people(sum(start)), ALIVE,
                     lab.seeded(seed), {"spinoff": {"rate": rate, "stay": stay, "size_exponent": 0.0}},
                     members=members, weights=np.array(start) / sum(start))
    return lab.counts_after(made, quarters)
