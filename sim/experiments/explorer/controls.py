"""Controls: what can be turned in a scenario, between which values, and what it is called.

A control moves one key of a scenario file, or several together. A date counts in quarters since year 0, a switch is
0 or 1, and towns are a list of ids. It acts on the baseline too where the baseline has the key: assumptions are the
same in both, policies of the scenario alone are not.
"""

import dataclasses
import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim import policies
from sim.base.calendar import first_day, quarter_of
from sim.base.errors import InputError, Problem
from sim.base.messages import _, both
from sim.config import parameters, toml_file
from sim.config.parameters import Row, interval
from sim.config.toml_positions import Key
from sim.model.preflight import validation
from sim.policies import Policy
from sim.region.load import Region
from sim.scenario import load as scenario_files
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario
from sim.scenario.policies import titles_of

KINDS = ("float", "int", "bool", "date")
# Sobol' total indices over 0.05 of the effect of FTZ status (docs/sensitivity.md), and the weight of its counterpart.
ASSUMPTIONS = ("terms.ftz.beta", "terms.scitech.beta", "choice.dissimilarity", "entry.outside_share", "entry.rate",
               "terms.localisation.gamma", "peers.decay")
STEPS = 20                     # of a slider over a range of numbers
MOST_SAVED = 5                 # controls of a saved page
SWITCH, START, TOWNS = both(_("in force")), both(_("start date")), both(_("places where it applies"))


@dataclass(frozen=True)
class Control:
    """One control; numbers are those of the page (dates as quarters, switches as 0 and 1)."""

    name: str
    paths: tuple[Key, ...]
    kind: str                  # float, int, bool, date or places
    titles: tuple[str, str]    # English, Chinese
    of: tuple[str, str]        # what it belongs to: a policy, or ("", "") for assumptions
    unit: str
    value: Any                 # in the opened scenario
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    values: tuple[float, ...] = ()     # of a design; anything in between where there are none

    def typed(self, number: Any) -> Any:
        """The value of a scenario file for a number of the page."""
        if self.kind == "date":
            return first_day(number)
        return list(number) if self.kind == "places" else {"bool": bool, "int": int, "float": float}[self.kind](number)


def number(value: Any) -> Any:
    """A value of a scenario as a number of the page.

    >>> number(datetime.date(2026, 4, 1)), number(True), number(0.5)
    (8105, 1, 0.5)
    """
    if isinstance(value, datetime.date):
        return quarter_of(value)
    return int(value) if isinstance(value, bool) else value


@dataclass(frozen=True)
class Opened:
    """A scenario that is explored beside its baseline."""

    scenario: Scenario
    baseline: Scenario
    region: Region
    controls: tuple[Control, ...]

    def at(self, values: Mapping[str, Any], of: str = "scenario") -> Scenario:
        """The scenario, or of="baseline", with controls at such numbers by name; InputError if it cannot be run."""
        scenario: Scenario = getattr(self, of)
        layers = [parameter_paths.layer(path, control.typed(values[control.name]), toml_file.dotted(path))
                  for control in self.controls if control.name in values for path in control.paths
                  if parameter_paths.target(scenario, path)]
        made = dataclasses.replace(scenario_files.over((*scenario.layers.sources, *layers)), path=scenario.path)
        if problems := validation.against_region(made, self.region, threads=0):
            raise InputError(problems)
        return made


def own_policies(scenario: Scenario, baseline: Scenario) -> list[str]:
    """Names, in the scenario's files, of the policies that the baseline does not set."""
    return list(dict.fromkeys(str(table[1]) for table in scenario.tables_of.values() if not baseline.sets(table[:2])))


def controls_of(scenario: Scenario, baseline: Scenario, keys: Iterable[str] = ()) -> tuple[Control, ...]:
    """The controls of the scenario's own policies and of the strongest assumptions, and those of further keys."""
    found = [control for name in own_policies(scenario, baseline) for control in _of_policy(scenario, name)]
    found += [control for key in ASSUMPTIONS if (control := _plain(scenario, tuple(key.split("."))))]
    named = [of_key(scenario, key) for key in keys]
    return (*named, *(one for one in found if one.name not in {each.name for each in named}))


def of_key(scenario: Scenario, key: str) -> Control:
    """The control of a dotted key; InputError naming a key that cannot be explored."""
    fixed = key in parameter_paths.known(scenario) and not parameter_paths.target(scenario, tuple(key.split(".")))
    made = None if fixed else _plain(scenario, parameter_paths.asked(scenario, key, "--control")[0])
    if not made:
        raise InputError(Problem("--control", "", _("{key} cannot be explored: it is neither a switch, a date nor a "
                                                    "number with a usual range", key=key), "",
                                 _("choose another parameter")))
    return made


def _of_policy(scenario, name):
    """Switch, places, start and strengths of a policy of the files; of a regime, strengths of all its parts."""
    inside = {made: table for made, table in scenario.tables_of.items() if table[1] == name}
    first = next(iter(inside))
    titles, base = _title(scenario, name), ("policies", name)
    yield Control(f"{'.'.join(base)}.enabled", ((*base, "enabled"),), "bool", SWITCH, titles, "switch", 1)
    used = policies.registry.get(scenario.instruments[first])
    policy = scenario.values.policies[first]
    if "sites" not in used.unused and not used.settles:
        yield Control(f"{'.'.join(base)}.sites", ((*base, "sites"),), "places", TOWNS, titles, "names", policy.sites)
    time = scenario.values.time
    yield Control(f"{'.'.join(base)}.start", ((*base, "start"),), "date", START, titles, "date", number(policy.start),
                  number(time.start), quarter_of(time.end))
    for made, table in inside.items():                   # strengths: keys of its own, what it costs apart
        for key in type(scenario.values.policies[made]).model_fields:
            if key not in Policy.model_fields and "cost" not in key and (
                    control := _plain(scenario, (*table, key))) and control.kind != "bool":
                yield control


def _title(scenario, name):
    """(English, Chinese) of what a policy of the files is called."""
    return titles_of(name, scenario.layers.merged()["policies"][name])


def _plain(scenario: Scenario, path: Key) -> Control | None:
    """The control of a key path that is a switch, a date or a number with a usual range; else None."""
    found = parameter_paths.target(scenario, path)
    value = value_at(scenario, path)
    kind = next((kind for kind in KINDS if found and kind in found.row.kind), "")
    if not found or not kind or found.rest or isinstance(value, str) or value is None:
        return None
    if kind in ("float", "int") and not found.row.range:
        return None
    low, high, step = _range(scenario, kind, found.row, value)
    return Control(toml_file.dotted(path), (path,), kind, _said(scenario, path, found.row), _owner(scenario, path),
                   found.row.unit, number(value), low, high, step)


def _said(scenario, path, row):
    """What a key is, with the part of a regime that it belongs to."""
    said = row.doc, row.doc_zh or row.doc
    if path[:1] != ("policies",) or len(path) < 4:
        return said
    part = next(scenario.values.policies[name] for name, _ in parameter_paths.places(scenario, path))
    titles = part.title, part.title_zh or part.title
    return tuple(f"{title}{colon}{text}" if title else text for title, colon, text in zip(titles, (": ", "："), said))


def _step(width):
    """A round step, of which there are about STEPS in a range: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width / STEPS))
    return float(f"{next(k for k in (1, 2, 5, 10) if k * power >= width / STEPS * 0.999) * power:.6g}")


def _range(scenario, kind, row: Row, value):
    if kind == "bool":
        return 0, 1, 1
    if kind == "date":
        return quarter_of(scenario.values.time.start), quarter_of(scenario.values.time.end), 1
    usual = interval(row.range)
    low, high = min(usual.low, value), max(usual.high, value)
    return low, high, 1 if kind == "int" else _step(high - low)


def _owner(scenario, path):
    """Titles of the policy that a key belongs to, ("", "") of none."""
    if path[0] != "policies":
        return "", ""
    return _title(scenario, path[1])


def value_at(scenario: Scenario, path: Key) -> Any:
    """What stands at a key path in the scenario's values."""
    if path[0] != "policies":
        return parameters.value_at(scenario.values, path)
    for name, inside in parameter_paths.places(scenario, path):
        return getattr(scenario.values.policies[name], str(inside[0]), None)
    return 1 if path[2:] == ("enabled",) else None


def refuse_many(controls: Sequence[Control]) -> None:
    """InputError for a saved page with more controls than its data can be computed for."""
    if len(controls) > MOST_SAVED:
        raise InputError(Problem("--control", "", _("{count} controls", count=len(controls)),
                                 _("at most {most} in a saved page", most=MOST_SAVED), _("leave some out")))
