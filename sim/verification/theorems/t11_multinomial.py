"""T11."""

import numpy as np
import xarray as xr
from scipy import stats

from sim import metrics
from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import nested_logit
from sim.verification.theorems.rows import Rows, law, mean, p_of_counts, smallest

DIMS = ("member", "site", "industry", "hq_type")


@theorem("T11", "Independent choices are multinomial", "Ellison & Glaeser 1997",
         title_zh="独立选择服从多项分布",
         cases={"sixty": {"utility": [0.3, -0.5, 1.1, 0.0, 0.7], "nests": [0, 0, 1, 1, 1],
                          "dissimilarity": 0.5, "number": 60},
                "few": {"utility": [0.0, 1.0, -1.0], "nests": [0, 0, 0], "number": 12}},
         more={"many": {"utility": [0.1 * (k % 6) for k in range(29)], "nests": [k % 3 for k in range(29)],
                        "dissimilarity": 0.7, "number": 500, "runs": 4000}})
def multinomial(utility: list[float], nests: list[int], number: int, dissimilarity: float | list[float] = 1.0,
                runs: int = 2000, seed: int = 20191025) -> Rows:
    """Without interactions counts are multinomial, so E[HHI] = (1 - 1/N) sum p^2 + 1/N.

    Each site's counts over the runs against the binomial law by chi-square (p of the smallest), the
    covariance of the two largest sites, and the mean of the program's HHI.
    """
    made = lab.world(nests, utility, lab.years(1), lab.people(number), lab.nesting(dissimilarity), lab.seeded(seed),
                     members=runs)
    enterprises = lab.run(made, 1)[0][0].enterprises
    counts, p = enterprises.sum(axis=(2, 3)), nested_logit(utility, nests, dissimilarity)[0]
    yield law(_("counts of every site, chi-square p"), smallest([_p_binomial(counts[:, k], number, p[k])
                                                              for k in range(len(p))]))
    a, b = np.argsort(p)[-2:]
    product = (counts[:, a] - number * p[a]) * (counts[:, b] - number * p[b])
    yield mean(_("covariance of two sites"), product, -number * p[a] * p[b])
    data = xr.Dataset({"enterprises": (DIMS, enterprises.sum(axis=2, keepdims=True))})
    hhi = metrics.registry.get("hhi")(data, of="enterprises").to_numpy().ravel()
    yield mean(_("Herfindahl-Hirschman index"), hhi, (1 - 1 / number) * (p ** 2).sum() + 1 / number)


def _p_binomial(counts, number, p):
    """p of counts against the binomial law, in eight cells of about equal probability."""
    binomial = stats.binom(number, p)
    cuts = np.unique(binomial.ppf(np.linspace(0, 1, 9)[1:-1]))
    seen = np.bincount(np.searchsorted(cuts, counts), minlength=len(cuts) + 1)
    return p_of_counts(seen, np.diff(np.append(binomial.cdf(cuts), 1.0), prepend=0.0))
