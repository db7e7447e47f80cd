"""T07."""

import numpy as np

from sim.base.messages import _
from sim.policies.regime_exposure import regime_exposure
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.laws import nested_logit, slope_at_zero
from sim.verification.theorems.rows import SOLVER, Rows, above, close, estimate


@theorem("T07", "Difference-in-differences on towns returns theta, not the effect",
         "Brülhart & Schmidheiny 2015",
         title_zh="城镇双重差分得到 theta 而非真实效应（复现偏误）",
         cases={"two of five": {"utility": [0.3, -0.5, 1.1, 0.0, 0.7], "treated": [0, 2],
                                "dissimilarity": 0.6},
                "one of three": {"utility": [1.0, 0.0, 0.5], "treated": [0], "dissimilarity": 1.0,
                                 "effect": 0.5}},
         more={"ten of thirty": {"utility": [0.1 * (k % 4) - 2 for k in range(30)], "treated": [*range(10)],
                                 "dissimilarity": 0.7, "effect": 0.4}})
def bias(utility: list[float], treated: list[int], dissimilarity: float, effect: float = 0.3,
         number: int = 100_000, seed: int = 20191025) -> Rows:
    """log DiD between treated and other towns is theta d, though the treated gain only theta (1 - rho s) d.

    One nest of sites and an outside option: what treated towns take from the others enters the comparison
    group, so the estimate does not fall with rho. d is the effect of a package in utility, theta = 1/l. The
    last rows let `number` enterprises choose before and after the start of a policy.
    """
    sites, theta = len(utility), 1 / dissimilarity
    is_treated = np.isin(np.arange(sites), treated)
    p = nested_logit(utility, [0] * sites, dissimilarity, outside=True)[0][:-1]
    rho, s = 1 - dissimilarity * (1 - p.sum()), p[is_treated].sum() / p.sum()
    before, after = (_expected(utility, treated, dissimilarity, effect * size) for size in (0, 1))
    yield close(_("difference-in-differences, expected"), _did(before, after, is_treated), theta * effect)
    true = slope_at_zero(lambda x: np.log(_expected(utility, treated, dissimilarity, x)[is_treated].sum()))
    yield close(_("true effect on the treated, a unit of utility"), true, theta * (1 - rho * s), SOLVER)
    yield above(_("its bias, a unit of utility"), theta - true, 0.5 * theta * rho * s)
    counts = _counts(utility, treated, dissimilarity, effect, number, seed)
    drawn = _did(counts[0], counts[1], is_treated)
    error = np.sqrt(sum((1 / n[is_treated]).sum() / is_treated.sum() ** 2
                        + (1 / n[~is_treated]).sum() / (~is_treated).sum() ** 2 for n in counts))
    yield estimate(_("difference-in-differences, drawn"), drawn, theta * effect, error)
    yield above(_("standard errors between it and the true effect"),
                abs(drawn - theta * (1 - rho * s) * effect) / error, 4.0)


def _made(utility, treated, dissimilarity, effect, number, seed=20191025, members=1):
    """Sites of one nest; those treated get a zone's package of this effect from the second quarter."""
    package = lab.policy(regime_exposure, exposure="bundle", start=lab.date(2021, 4),
                         sites=[lab.region([0] * len(utility)).sites.index[j] for j in treated])
    return lab.world([0] * len(utility), utility, lab.years(2), lab.people(number), lab.nesting(dissimilarity),
                     lab.seeded(seed), {"choice": {"outside": True}, "terms": {"zone_bundle": {"beta": effect}}},
                     policies=[package], members=members)


def _expected(utility, treated, dissimilarity, effect):
    made = _made(utility, treated, dissimilarity, effect, 2)
    return lab.expected(made, slots=[0], quarter=1)[0, :-1]


def _counts(utility, treated, dissimilarity, effect, number, seed):
    """Counts of two crowds of as many enterprises, one that chooses before and one after the start."""
    made = _made(utility, treated, dissimilarity, effect, number, seed, members=2)
    chosen = (lab.chosen(made, made.economy, quarter)[0].site[quarter] for quarter in (0, 1))
    return [np.bincount(site[site >= 0], minlength=len(utility)) for site in chosen]


def _did(before, after, is_treated):
    change = np.log(after) - np.log(before)
    return change[is_treated].mean() - change[~is_treated].mean()
