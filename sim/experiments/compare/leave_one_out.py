"""A package without each of its policies in turn: what a policy adds to the others, and what they do together alone.

    added_p     = Y(S) - Y(S without p)                        Y of the zone at the end, member by member
    interaction = Y(S) - Y(baseline) - sum_p added_p           what policies add does not sum to what they do together

A policy that pays stays in the public accounts of the world without it (`perceived = false`): there those are counted
whom it would have been for, which a but-for share needs (Bartik 2018: incented firms). Others are switched off.
"""

import functools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.base.errors import InputError
from sim.base.messages import _
from sim.config.toml_file import dotted, format_value
from sim.experiments.compare import missing_runs, scenarios, variants
from sim.experiments.compare.effects import MEASURES, stock
from sim.experiments.compare.run_levels import Levels, Pairs, levels_of
from sim.experiments.compare.scenarios import ComparedScenario, Settings
from sim.experiments.compare.study import Study
from sim.experiments.paired_statistics import COLUMNS, row
from sim.runs.finish import Read

ALL = "all"                    # policies, and not those alone that pay
KEPT = ("headquarters", "enterprises")
INTERACTION = "interaction"
NOT_ASKED = _("its policies were not left out one at a time (--leave-one-out)")
HEAD = ("scenario", "policy", "measure", "measure_zh", "package", "without", *COLUMNS)


class LeftOut(NamedTuple):
    """The worlds of one scenario without one policy each."""

    cases: dict[str, ComparedScenario]                # policy -> ComparedScenario
    refused: dict[str, str]              # policy -> why it cannot be left out alone
    whole: bool                # every policy of the scenario has its world


class Ends(NamedTuple):
    """What is kept of such a world."""

    zone: dict[str, NDArray[Any]]                 # measure -> (member,) in the zone at the end
    eligible: dict[str, NDArray[Any]]             # policy -> (member,) registrations that it was for, over the run


def left_out(cases: Sequence[ComparedScenario], settings: Settings, folder: Path, which: str) -> dict[str, LeftOut]:
    """Scenario -> LeftOut of those that have more than the baseline by policies; `which` of them, "paying" or ALL."""
    baseline, *others = cases
    return {case.name: _left_out(case, own(case, baseline), (settings, folder, which)) for case in others} \
        if which else {}


def read(folder: Path, events: Iterable[str], light: Container[Path], data: xr.Dataset | None = None) -> Levels | Ends:
    """What is to be known of a finished run: its Levels, or the Ends of one without a policy (`light`, folders)."""
    return ends_of(folder, data) if folder in light else levels_of(folder, events, data)


def ends_of(folder: Path, data: xr.Dataset | None = None) -> Ends:
    """The Ends of the finished run in a folder."""
    levels = levels_of(folder, data=data)
    zone = {measure: stock(levels, measure, levels.zone)[:, -1] for measure in KEPT}
    return Ends(zone, eligible(levels))


def eligible(levels: Levels) -> dict[str, NDArray[Any]]:
    """Policy -> (member,) registrations that it was for, over the run; {} where the run keeps no accounts."""
    return dict(zip(levels.names.get("policy", ()), levels["eligible"].T)) if "eligible" in levels else {}


class Found:
    """What is known of the worlds without one policy each."""

    def __init__(self, left: Mapping[str, LeftOut], ready: Mapping[Path, Any]) -> None:
        self.cases = {name: each.cases for name, each in left.items() if each.cases}
        self._left, self._ready = left, ready

    @functools.cached_property
    def ends(self) -> dict[str, dict[str, Ends]]:
        """Scenario -> policy -> Ends."""
        return {name: {policy: self._ready.get(case.folder) or ends_of(case.folder) for policy, case in each.items()}
                for name, each in self.cases.items()}

    @property
    def eligible(self) -> dict[str, dict[str, NDArray[Any]]]:
        """Scenario -> policy -> (member,) registrations eligible for it in the world without it, where it pays."""
        return {name: {policy: end.eligible[policy] for policy, end in each.items() if policy in end.eligible}
                for name, each in self.ends.items()}

    def table(self, pairs: Pairs) -> pd.DataFrame:
        """DataFrame: a row a scenario, measure and policy, and the interaction where every policy was left out.

        Statistics are of what the policy adds; `package` and `without` are the mean effects of the scenario with it
        and without it.
        """
        rows = [each for name, here, there in pairs if name in self.ends for measure in KEPT
                for each in _rows((name, here, there), measure, self.ends[name], self._left[name].whole)]
        return pd.DataFrame(rows, columns=HEAD)

    def omitted(self, study: Study) -> Iterator[dict[str, str]]:
        """What is not told of scenarios, and why."""
        for case in study.others:
            paying = [name for name in own(case, study.baseline) if scenarios.pays(case, name)]
            if paying and case.name not in self._left:
                yield {"what": "but_for", "scenario": case.name, "why": NOT_ASKED}
            for policy, why in self._left[case.name].refused.items() if case.name in self._left else ():
                yield {"what": "leave_one_out", "scenario": case.name, "why": f"{policy}: {why}"}


def _rows(pair, measure, ends, whole):
    name, here, there = pair
    with_all, nothing = (stock(each, measure, here.zone)[:, -1] for each in (here, there))
    package, rest = float((with_all - nothing).mean()), with_all - nothing
    for policy, end in ends.items():
        without = end.zone[measure]
        rest = rest - (with_all - without)
        yield (name, policy, measure, MEASURES[measure][0], package, float((without - nothing).mean()),
               *row(with_all - without))
    if whole:
        yield (name, INTERACTION, measure, MEASURES[measure][0], package, np.nan, *row(rest))


def own(case: ComparedScenario, baseline: ComparedScenario) -> list[str]:
    """Names of the policies that the baseline does not have."""
    there = baseline.scenario.values.policies
    return [name for name in scenarios.own_policies(case, baseline) if name not in there]


def _left_out(case, names, how):
    settings, folder, which = how
    wanted = [name for name in names if which == ALL or scenarios.pays(case, name)]
    if len(names) == 1 and not scenarios.pays(case, names[0]):
        wanted = []                                     # without it the scenario is the baseline
    found, refused = {}, {}
    for name in wanted:
        try:
            there = _without(case, name, settings, folder / "variants" / case.name / f"without-{names.index(name)}")
            found[name] = missing_runs.placed(there, settings, there.folder)
        except InputError as error:
            refused[name] = str(error.problems[0])
    return LeftOut(found, refused, bool(found) and len(found) == len(names))


def _without(case, name, settings, folder):
    """The ComparedScenario of a scenario without a policy."""
    table = variants.table_of(case, name)
    if scenarios.pays(case, name):
        changes = [((*table, "perceived"), False)]
    else:
        changes = [((*table, "enabled"), False), *_left_by(case, name)]
    said = [f"{dotted(path)}={format_value(value)}" for path, value in changes]
    return variants.variant(case, settings, said, folder)


def _left_by(case, name):
    """Changes of head enterprises that belong to an alliance that is left out."""
    for other, policy in case.scenario.values.policies.items():
        if name in getattr(policy, "alliances", ()):
            rest = [each for each in policy.alliances if each != name]
            yield (*variants.table_of(case, other), "alliances"), rest


def reader(left: Mapping[str, LeftOut], turns: Iterable[str]) -> Read:
    """The `read` of a comparison's runs."""
    light = frozenset(case.folder for each in left.values() for case in each.cases.values())
    return functools.partial(read, events=tuple(turns), light=light)
