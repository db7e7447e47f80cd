"""Two published magnitudes that a result should not leave unsaid: but-for share and rent capitalisation.

but-for share of a policy that pays: of the enterprises that arrive at its sites while it runs, those
that would not have come otherwise, 1 - A'/A: 2 to 25 % of incented firms (Bartik 2018).
capitalisation: the share of the mean entrant's direct gain that higher rents take back, br dln(rent) / dV, both at
the sites that the policies name: 0.25 to 0.30 of a subsidy goes to landowners (Suarez Serrato & Zidar 2016).

Decision 34 (docs/decisions.md).
"""

import numpy as np
import pandas as pd

from sim.base.messages import _
from sim.experiments.paired_statistics import ratio, row
from sim.results.assumed_gain import TINY

BARTIK = (0.02, 0.25)
LANDOWNERS = (0.25, 0.30)
HEAD = ("check", "scenario", "policy", "instrument", "pays", "value", "se", "low", "high", "inside",
        "baseline", "with_policy", "source")
SOURCES = {"but_for": _("Bartik 2018: 2-25 % of incented firms"),
           "capitalisation": _("Suarez Serrato & Zidar 2016: 0.25-0.30 to landowners")}


class Treated:
    """A policy of a scenario as the checks see it: where, when, for whom."""

    def __init__(self, named, section, where, when):
        self.name, self.instrument, self.pays = named      # pays: money or relief to enterprises
        self.where = where
        self.eve, self.last = when     # labels of the quarter before its start and of the last in force
        self.industries = tuple(getattr(section, "industries", ()))
        self.movers = bool(getattr(section, "movers", True))


def table(pairs, study, rent_weights):
    """DataFrame: but-for a row a scenario and policy, capitalisation a row a scenario.

    study.treated: scenario -> [Treated]; rent_weights: scenario -> weight of log rent in utility.
    Scenarios whose policies bring nothing where they act have no row.
    """
    gaining = [pair for pair in pairs if pair[0] in study.masks and study.assumed[pair[0]].at_policies > TINY]
    rows = [_but_for(name, here, there, policy) for name, here, there in gaining for policy in study.treated[name]]
    rows += [_capitalisation(pair, study, rent_weights[pair[0]]) for pair in gaining]
    return pd.DataFrame([row for row in rows if row], columns=HEAD)


def arrivals(levels, policy):
    """(member,) enterprises that came to the policy's sites, in its industries, while it runs."""
    named = policy.industries or tuple(levels.names["industry"])
    chosen = np.array([name in named for name in levels.names["industry"]])
    came = levels["entries"].sum(axis=4) + (levels["arrivals"] if policy.movers else 0)
    since = came[:, levels.at(policy.last)] - came[:, levels.at(policy.eve)]
    return since[:, policy.where][:, :, chosen].sum(axis=(1, 2))


def _but_for(name, here, there, policy):
    came, otherwise = arrivals(here, policy), arrivals(there, policy)
    if not came.any():
        return None
    found = ratio(came - otherwise, came)
    return _row("but_for", (name, policy.name, policy.instrument, policy.pays), found, BARTIK,
                (otherwise.mean(), came.mean()))


def _capitalisation(pair, study, weight):
    """Mean over all sites of own policies, each with its enterprises, in the last quarter in force."""
    name, here, there = pair
    policies, where = study.treated[name], study.masks[name]
    last = here.at(study.lasts.get(name, here.quarters[-1]))
    stock = here["enterprises"][:, last].sum(axis=(2, 3))[:, where]
    rents = [np.log(levels["rent"][:, last, where]) for levels in (here, there)]
    change = ((rents[0] - rents[1]) * stock).sum(axis=1) / np.maximum(stock.sum(axis=1), 1)
    numbers = row(weight * change / study.assumed[name].at_policies)
    who = (name, "", ", ".join(sorted({policy.instrument for policy in policies})),
           any(policy.pays for policy in policies))
    return _row("capitalisation", who, (numbers[0], numbers[2]), LANDOWNERS,
                (np.exp(rents[1]).mean(), np.exp(rents[0]).mean()))


def _row(check, who, found, bounds, levels):
    return (check, *who[:3], int(who[3]), *found, *bounds, int(bounds[0] <= found[0] <= bounds[1]),
            *map(float, levels), SOURCES[check])


def outside(checks):
    """Rows of policies that pay and lie outside the published range: to be said first."""
    return checks[(checks["pays"] == 1) & (checks["inside"] == 0) & checks["value"].notna()]
