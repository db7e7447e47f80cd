"""What is explored, from what is typed: scenario files, or a sweep file that is the design of a saved page.

One scenario is shown beside the first file that it extends; of several the first is the baseline, as in `sim compare`.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config import toml_file
from sim.config.fault_wording import noun
from sim.config.layers import chain
from sim.experiments.explorer import controls as made_of
from sim.experiments.explorer.controls import Control, Opened
from sim.experiments.sweep import sweep_file
from sim.experiments.sweep.axes import Axis
from sim.model.preflight import validation
from sim.policies.sites import chosen_sites
from sim.region.load import Region
from sim.scenario import load as scenario_files
from sim.scenario.load import Scenario
from sim.scenario.policies import titles_of

SWEPT = ("axes", "experiments", "design", "scenario")      # keys that only a sweep file has
UNMEASURED = "diagnostics.members=0"           # feedback is nothing that the explorer shows, and takes time
USUAL = Path("scenarios") / "baseline.toml"
LEVELS = 3                     # values of a suggested control
FEW = 2                        # policies up to which strengths and dates are suggested, and switches beyond


@dataclass(frozen=True)
class Asked:
    """Scenarios to be explored, all beside one baseline; `replicates` if a design says how many."""

    given: tuple[str, ...]
    opened: tuple[Opened, ...]
    replicates: int = 0
    titles: tuple[str, str] = ("", "")
    settings: tuple[str, ...] = ()         # "key=value" texts that both scenarios of all are changed by


def asked(arguments: Sequence[str], settings: Sequence[str] = (), controls: Sequence[str] = ()) -> Asked:
    """What is explored by such arguments; `controls` are texts KEY, or KEY=VALUE,VALUE,... for a saved page."""
    given = tuple(arguments) or _usual()
    first = toml_file.read(given[0])
    if len(given) == 1 and any(key in first.data for key in SWEPT):
        return _of_sweep(first, (*settings, UNMEASURED))
    settings = (*settings, UNMEASURED)
    if len(given) == 1:
        scenario = scenario_files.build(first, settings)
        baseline = scenario_files.over(chain(first)[:1], settings)
        scenarios = [scenario]
    else:
        baseline, *scenarios = [scenario_files.load(each, settings) for each in given]
    region = validation.region_of(baseline)
    return Asked(given, tuple(_opened(each, baseline, region, controls) for each in scenarios), settings=settings[:-1])


def with_values(one: Opened) -> Opened:
    """The scenario with the controls of a saved page: those that have values, else those that are suggested."""
    chosen = tuple(each for each in one.controls if each.values) or _suggested(one.controls)
    made_of.refuse_many(chosen)
    if not chosen:
        raise InputError(Problem(one.scenario.path, "", _("it has no policy of its own, and no control is named"),
                                 _("a scenario with a policy, or --control KEY=VALUE,VALUE")))
    return dataclasses.replace(one, controls=chosen)


def _usual():
    if USUAL.exists():
        others = sorted(str(path) for path in USUAL.parent.glob("*.toml") if path != USUAL)
        return (str(USUAL), *others)
    raise InputError(Problem("", "scenarios", _("there is nothing to explore"), _("one or more scenario files"),
                             _("name a file, or go to a folder that has {file}", file=str(USUAL))))


def _opened(scenario, baseline, region: Region, texts):
    if problems := validation.against_region(scenario, region):
        raise InputError(problems)
    if scenario.values.region != baseline.values.region or scenario.values.time != baseline.values.time:
        raise InputError(scenario.problem(("time",), _("region and period are not those of {baseline}",
                                                       baseline=baseline.name), _("the same in both")))
    keys = [text.partition("=")[0].strip() for text in texts]
    found = [_named_one_by_one(one, region) for one in made_of.controls_of(scenario, baseline, keys)]
    return Opened(scenario, baseline, region, tuple(_valued(one, texts) for one in found))


def _named_one_by_one(control, region):
    """A control of places with the ids of all places that its word means, in the order of the map."""
    if control.kind != "places":
        return control
    sites = region.sites[chosen_sites(region, control.value)].sort_values("order", kind="stable")
    return dataclasses.replace(control, value=[str(site) for site in sites.index])


def _valued(control, texts):
    """The control with the values that its text names."""
    for text in texts:
        key, _equals, values = text.partition("=")
        if key.strip() == control.name and values:
            return _at(control, [_number(control, each) for each in values.split(",")])
    return control


def _at(control: Control, values):
    """The control with such values, which are its range too; as opened it stands at its own or at the nearest."""
    values = tuple(sorted(set(values)))
    own = min(max(control.value, values[0]), values[-1])
    return dataclasses.replace(control, values=values, low=values[0], high=values[-1], value=own)


def _number(control: Control, text: str):
    """A value that was typed, as a number of the page."""
    try:
        value = toml_file.parse(f"value = {text.strip()}", "--control").data["value"]
        found = made_of.number(value)
        control.typed(found)
    except (InputError, ValueError, TypeError, OverflowError):
        raise InputError(Problem("--control", control.name, _("{text!r} cannot be read", text=text),
                                 noun(control.kind) if control.kind != "places" else _("places"))) from None
    if not control.low <= found <= control.high:
        raise InputError(Problem("--control", control.name, _("{value} is out of range", value=text.strip()),
                                 _("a value from {low} to {high}", low=_shown(control, control.low),
                                   high=_shown(control, control.high))))
    return found


def _shown(control, number):
    return str(control.typed(number))


def _suggested(found: Sequence[Control]) -> tuple[Control, ...]:
    """Strength and start of one or two policies, or a switch for each of the first five of more."""
    policies = [one for one in found if one.name.startswith("policies.")]
    switches = [one for one in policies if one.name.endswith(".enabled")]
    if len(switches) > FEW:
        return tuple(_at(one, (0, 1)) for one in switches[:5])
    chosen = []
    for switch in switches:
        own = [one for one in policies if one.of == switch.of]
        strength = next((one for one in own if one.kind == "float"), switch)
        chosen += [_spread(one) for one in (strength, *(one for one in own if one.kind == "date"))]
    return tuple(chosen)


def _spread(one: Control) -> Control:
    """A control with LEVELS values from low to high, its own among them as far as it goes."""
    if one.kind == "bool":
        return _at(one, (0, 1))
    if one.kind == "date":
        step = max(1, int((one.high - one.value) // (LEVELS + 1)))
        return _at(one, [one.value + step * k for k in range(LEVELS)])
    last = one.value if one.value > one.low else one.high
    return _at(one, (one.low, (one.low + last) / 2, last))


def _of_sweep(source, settings) -> Asked:
    """The grid of a sweep file whose only experiment has one scenario, or a baseline and a scenario."""
    swept = sweep_file.of_source(source, settings)
    experiment = swept.experiments[-1]
    if len(swept.experiments) > 1 or experiment.settings.design != "grid" or len(experiment.scenarios) > 2:
        raise InputError(Problem(source.path, "", _("the explorer cannot show this design"),
                                 _("one experiment with a grid, and one scenario or a baseline and a scenario")))
    scenarios = [each.scenario for each in experiment.scenarios]
    baseline = scenarios[0] if len(scenarios) > 1 else scenario_files.over([scenarios[0].layers.sources[0]], settings)
    controls = tuple(_of_axis(axis, scenarios[-1]) for axis in experiment.axes)
    made_of.refuse_many(controls)
    opened = Opened(scenarios[-1], baseline, experiment.scenarios[-1].region, controls)
    titles = swept.values.title, swept.values.title_zh or swept.values.title
    return Asked((source.path,), (opened,), experiment.replicates, titles, (*experiment.settings.set, *settings[:-1]))


def _of_axis(axis: Axis, scenario: Scenario) -> Control:
    if axis.kind not in made_of.KINDS:
        raise InputError(Problem("axes", axis.name, _("{key} cannot be explored: it is neither a switch, a date nor a "
                                                      "number with a usual range", key=axis.keys[0])))
    values = tuple(sorted(made_of.number(each) for each in axis.values))
    own = made_of.value_at(scenario, axis.paths[0])
    row, of = axis.meant[0].row, ("", "")
    if axis.paths[0][0] == "policies" and len({path[1] for path in axis.paths}) == 1:
        of = titles_of(str(axis.paths[0][1]), scenario.layers.merged()["policies"][axis.paths[0][1]])
    titles = axis.titles if axis.titles[0] else (row.doc, row.doc_zh or row.doc)
    return Control(axis.name, axis.paths, axis.kind, titles, of, row.unit,
                   made_of.number(own) if own is not None else values[-1], values[0], values[-1], 1, values)
