"""What was assumed of a scenario: the direct gain of the mean potential entrant from its own policies.

Own policies are those that the baseline does not have, or not so; the gain is that of `sim.results.assumed_gain`, at
the zone's sites, at all others, and at those that the policies name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.compare.scenarios import ComparedScenario
from sim.experiments.paired_statistics import row
from sim.results import assumed_gain

ALL = "all"
SAME = 1e-9                    # share of the largest below which two direct gains are one
HEAD = ("scenario", "part", "quarter", "zone", "elsewhere", "at_policies", "reached")
PER_UNIT = ("scenario", "measure", "assumed_dv", "effect", "percent", "per_unit", "per_unit_se")


class Assumed:
    """The Gains of a scenario's own policies; `where` (site,) are the sites that they name.

    `there` is the baseline's Offer, if the scenario differs from it by its policies alone and it is at hand.
    """

    def __init__(self, case: ComparedScenario, baseline: ComparedScenario, where: NDArray[np.bool_],
                 there: assumed_gain.Offer | None = None) -> None:
        others = [(name, baseline.scenario.instruments[name], section)
                  for name, section in baseline.scenario.values.policies.items()]
        self.pair = assumed_gain.pair(case.region, case.scenario, others, there)
        self.gains = assumed_gain.gains(self.pair)
        self.in_zone = case.region.sites["in_zone"].to_numpy(bool)
        self._places = {"zone": self.in_zone, "elsewhere": ~self.in_zone, "at_policies": where}

    @property
    def zone(self) -> float:
        """Mean gain at the zone's sites: the assumed direct effect of the scenario."""
        return self.gains.mean(self.in_zone)

    def at_policies(self, part: str | None = None) -> float:
        """Mean gain at the sites that the policies name, or what an addend of utility has of it."""
        return self.gains.mean(self._places["at_policies"], part)

    def parts(self) -> list[str]:
        """Addends of utility that the policies change, the one that gives most in the zone first."""
        found = {part: self.part(part) for part in self.gains.parts}
        return sorted((part for part in found if abs(found[part]) > assumed_gain.TINY), key=lambda part: -found[part])

    def part(self, name: str) -> float:
        """What an addend of utility has of the mean gain at the zone's sites."""
        return self.gains.mean(self.in_zone, name)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Rows of the table: all together, then by addend of utility."""
        quarter = self.pair.here.world.calendar.labels()[self.pair.quarter + 1]
        reached = self.gains.reached(self.in_zone)
        for part in (None, *self.parts()):
            means = {place: self.gains.mean(where, part) for place, where in self._places.items()}
            yield dict(means, scenario=name, part=part or ALL, quarter=quarter, reached=reached)


def table(assumed: Mapping[str, Assumed]) -> pd.DataFrame:
    """DataFrame: a row a scenario and addend of utility; assumed: scenario -> Assumed."""
    return pd.DataFrame([row for name, each in assumed.items() for row in each.rows(name)], columns=HEAD)


def zones(table: pd.DataFrame) -> dict[str, float]:
    """Scenario -> assumed direct effect on the zone, of such a table."""
    rows = table[table["part"] == ALL]
    return dict(zip(rows["scenario"].tolist(), rows["zone"].tolist()))


def proportion(per_unit: pd.DataFrame) -> dict[str, Any] | None:
    """How near effects on enterprises are to being in proportion to what was assumed; None of fewer than two.

    `low` and `high` are the least and the largest effect per unit of dV; `same_order` says whether scenarios stand in
    the order of their assumed dV, which scenarios that assume the same (one policy from two dates, say) do not have.
    """
    rows = per_unit[(per_unit["measure"] == "enterprises") & per_unit["per_unit"].notna()]
    if len(rows) < 2:
        return None
    by_effect, by_dv = (list(rows.sort_values(key, ascending=False)["scenario"]) for key in ("effect", "assumed_dv"))
    steps = np.diff(np.sort(rows["assumed_dv"].to_numpy(float)))
    ordered = bool((steps > SAME * rows["assumed_dv"].abs().max()).all())
    return {"low": rows["per_unit"].min(), "high": rows["per_unit"].max(),
            "same_order": ordered and by_effect == by_dv}


def per_unit(effects: Mapping[tuple[str, str], tuple[NDArray[Any], float]],
             assumed: Mapping[str, Assumed]) -> pd.DataFrame:
    """DataFrame: the effect on the zone at the end per unit of assumed dV, and in per cent of the baseline.

    effects: (scenario, measure) -> ((member,) effects, mean level of the baseline). Where `per_unit` is nearly the same
    for all scenarios, their order is that of what was assumed. It takes dV as known.
    """
    rows = []
    for (name, measure), (effect, level) in effects.items():
        mean, _, se, *_ = row(effect)
        dv = assumed[name].zone
        unit = (mean / dv, se / abs(dv)) if abs(dv) > assumed_gain.TINY else (float("nan"),) * 2
        rows.append((name, measure, dv, mean, 100.0 * mean / level if level else float("nan"), *unit))
    return pd.DataFrame(rows, columns=PER_UNIT)
