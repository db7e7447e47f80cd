"""Two published magnitudes that a result should not leave unsaid: but-for share and rent capitalisation.

but-for share of a policy that pays: of the registrations that are eligible for it, those that would not have come
without it, 1 - A'/A; A' from the world in which this policy alone is left out (`leave_one_out`): 2 to 25 % of incented
firms (Bartik 2018).
but-for share of a package: of the enterprises that come to the sites of its policies while they run, those that would
not have come without all of them. Not Bartik's: most of them draw no money, and shares of policies do not add up to it.
capitalisation: the share of the mean entrant's direct gain that higher rents take back, br dln(rent) / dV, both at
the sites that the policies name: 0.25 to 0.30 is landowners' part in the incidence of a US state's corporate tax
(Suárez Serrato & Zidar 2016), a weak bound, on which no parameter is set. Beside it stand the long run of a lasting
gain of the zone on the scenario's own mean field, and a formula (`capitalisation`).

Decision 34 (docs/decisions.md).
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.calendar import label, numbered
from sim.base.messages import _
from sim.experiments.compare import capitalisation
from sim.experiments.compare.leave_one_out import eligible
from sim.experiments.compare.run_levels import Levels, Pairs
from sim.experiments.compare.study import Study
from sim.experiments.paired_statistics import ratio, row
from sim.results.assumed_gain import TINY

BARTIK = (0.02, 0.25)
LANDOWNERS = (0.25, 0.30)
NO_RANGE = (float("nan"), float("nan"))
HEAD = ("check", "scenario", "policy", "instrument", "pays", "value", "se", "low", "high", "inside",
        "baseline", "with_policy", "source")
SOURCES = {"but_for": _("Bartik 2018: 2-25 % of incented firms"), "but_for_package": "",
           "capitalisation": _("Suárez Serrato & Zidar 2016: landowners bear 0.25-0.30 of a US state's corporate tax; "
                              "a weak bound"),
           "capitalisation_long_run": "", "capitalisation_formula": ""}


def table(pairs: Pairs, study: Study, rent_weights: Any, without: Any) -> pd.DataFrame:
    """DataFrame: but-for a row a scenario and policy left out, and a row a package; capitalisation a row a scenario.

    study.treated: scenario -> [Treated]; rent_weights: scenario -> weight of log rent in utility; without: scenario ->
    policy -> (member,) registrations eligible for it in the world without it. Scenarios whose policies bring nothing
    where they act have no row of their own.
    """
    rows = [_share("but_for", (name, policy.name, policy.instrument, True),
                   (eligible(here)[policy.name], without[name][policy.name]), BARTIK)
            for name, here, _ in pairs for policy in study.treated[name] if policy.name in without.get(name, {})]
    for pair in pairs:
        if pair[0] in study.masks and study.assumed[pair[0]].at_policies() > TINY:
            rows += [_package(pair, study), _capitalisation(pair, study, rent_weights[pair[0]]),
                     *_lasting(pair, study)]
    return pd.DataFrame([row for row in rows if row], columns=HEAD)


def arrivals(levels: Levels, where: NDArray[np.bool_], eve: str, last: str) -> NDArray[Any]:
    """(member,) enterprises that came to sites (site,) from the close of one quarter to that of another."""
    first, end = levels.at(eve), levels.at(last)
    came = [levels[name][:, end] - levels[name][:, first] for name in ("entries", "arrivals")]
    return sum(each[:, where].reshape(len(each), -1).sum(axis=1) for each in came)


def _package(pair, study):
    """But-for share of all policies of a scenario that name sites, from the first that starts to the last that ends."""
    name, here, there = pair
    policies = study.treated[name]
    eve, last = min(numbered(each.eve) for each in policies), max(numbered(each.last) for each in policies)
    came, otherwise = (arrivals(levels, study.masks[name], label(eve), label(last)) for levels in (here, there))
    return _share("but_for_package", (name, "", _instruments(policies), False), (came, otherwise), NO_RANGE)


def _share(check, who, numbers, bounds):
    """A row on the share of those who came with the policies that would not have without them; none if nobody came."""
    came, otherwise = numbers
    levels = otherwise.mean(), came.mean()
    return _row(check, who, ratio(came - otherwise, came), bounds, levels) if came.any() else None


def _instruments(policies):
    return ", ".join(sorted({policy.instrument for policy in policies}))


def _capitalisation(pair, study, weight):
    """Mean over all sites of own policies, each with its enterprises, in the last quarter in force."""
    name = pair[0]
    policies = study.treated[name]
    change, rents = capitalisation.log_rents(pair, study)
    numbers = row(weight * change / study.assumed[name].at_policies())
    who = (name, "", _instruments(policies), any(policy.pays for policy in policies))
    return _row("capitalisation", who, (numbers[0], numbers[2]), LANDOWNERS,
                (np.exp(rents[1]).mean(), np.exp(rents[0]).mean()))


def _lasting(pair, study):
    """The long run of any lasting gain of the zone, by the scenario's mean field and by the formula."""
    name, here, _ = pair
    values = next(case.scenario.values for case in study.others if case.name == name)
    who = (name, "", _instruments(study.treated[name]), False)
    for check, found in (("capitalisation_long_run", capitalisation.long_run(here)),
                         ("capitalisation_formula", (capitalisation.formula(values), float("nan")))):
        yield _row(check, who, found, NO_RANGE, NO_RANGE)


def _row(check, who, found, bounds, levels):
    inside = int(bounds[0] <= found[0] <= bounds[1]) if bounds[0] == bounds[0] else ""
    return (check, *who[:3], int(who[3]), *found, *bounds, inside, *map(float, levels), SOURCES[check])


def outside(checks: pd.DataFrame) -> pd.DataFrame:
    """Rows of policies that pay and lie outside the published range: to be said first."""
    return checks[(checks["pays"] == 1) & (checks["inside"] == 0) & checks["value"].notna()]
