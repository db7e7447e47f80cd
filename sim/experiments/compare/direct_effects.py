"""What was assumed of a scenario: the direct gain of the mean potential entrant from its own policies.

Own policies are those that the baseline does not have, or not so; the gain is that of `sim.results.assumed_gain`, at
the zone's sites, at all others, and at those that the policies name.
"""

import pandas as pd

from sim.results import assumed_gain

ALL = "all"
HEAD = ("scenario", "part", "quarter", "zone", "elsewhere", "at_policies", "reached")


class Assumed:
    """The Gains of a scenario's own policies; `where` (site,) are the sites that they name."""

    def __init__(self, case, baseline, where):
        others = [(name, baseline.scenario.instruments[name], section)
                  for name, section in baseline.scenario.values.policies.items()]
        self.pair = assumed_gain.pair(case.region, case.scenario, others)
        self.gains = assumed_gain.gains(self.pair)
        self._places = {"zone": case.region.sites["in_zone"].to_numpy(bool), "at_policies": where}
        self._places["elsewhere"] = ~self._places["zone"]

    @property
    def zone(self):
        """Mean gain at the zone's sites: the assumed direct effect of the scenario."""
        return self.gains.mean(self._places["zone"])

    @property
    def at_policies(self):
        """Mean gain at the sites that the policies name."""
        return self.gains.mean(self._places["at_policies"])

    def parts(self):
        """Addends of utility that the policies change, the one that gives most in the zone first."""
        found = {part: self.gains.mean(self._places["zone"], part) for part in self.gains.parts}
        return sorted((part for part in found if abs(found[part]) > assumed_gain.TINY), key=lambda part: -found[part])

    def rows(self, name):
        """Rows of the table: all together, then by addend of utility."""
        quarter = self.pair.here.world.calendar.labels()[self.pair.quarter + 1]
        reached = self.gains.reached(self._places["zone"])
        for part in (None, *self.parts()):
            means = {place: self.gains.mean(where, part) for place, where in self._places.items()}
            yield dict(means, scenario=name, part=part or ALL, quarter=quarter, reached=reached)


def table(assumed):
    """DataFrame: a row a scenario and addend of utility; assumed: scenario -> Assumed."""
    return pd.DataFrame([row for name, each in assumed.items() for row in each.rows(name)], columns=HEAD)
