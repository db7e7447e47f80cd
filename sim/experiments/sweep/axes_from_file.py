"""Axes from their tables in the sweep file: known parameters, sound values, no axis twice."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from sim.base.errors import InputError
from sim.base.messages import _, joined
from sim.base.registry import near_miss
from sim.base.shapes import MOST_RUNS
from sim.config import toml_file
from sim.config.check import check
from sim.config.fault_wording import describe, noun
from sim.config.parameters import interval
from sim.experiments.sweep import axes_from_evidence
from sim.experiments.sweep.axes import Axis, kind_of, length, spread, typed
from sim.experiments.sweep.sections import AxisTable
from sim.scenario import parameter_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.sweep.sections import Common
    from sim.experiments.sweep.sweep_file import Place, SweptScenario
    from sim.scenario.load import Scenario

RESERVED = ("experiment", "run", "point", "scenario", "replicate", "status", "reason", "quarter", "site")


def axes_of(settings: Common, scenarios: Sequence[SweptScenario],
            place: Place) -> tuple[tuple[Axis, ...], tuple[str, ...]]:
    """(axes, notes) of an experiment; raises InputError with the problems of all of them."""
    found, problems = [], []
    for name, given in settings.axes.items():
        try:
            found.append(_axis(name, given, settings, scenarios, place))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    found += axes_from_evidence.axes_of(settings, scenarios, place, {key for axis in found for key in axis.keys})
    _refuse_twice(found, place)
    return tuple(found), _idle(found, scenarios)


def active(axes: Sequence[Axis], scenario: Scenario) -> tuple[bool, ...]:
    """Axis by axis, whether the scenario has the parameter."""
    return tuple(parameter_paths.target(scenario, axis.paths[0]) is not None for axis in axes)


def _axis(name, given, settings, scenarios, place):
    at = ("axes", name)
    if isinstance(given, list):
        given = {"values": given}
        if not given["values"]:
            raise InputError(place.problem(at, _("the axis has no values"), _("one or more")))
    if not isinstance(given, dict):
        raise InputError(place.problem(at, _("{given} is not an axis", given=describe(given)),
                                       _("a table, or a list of values")))
    table, problems = check(AxisTable, given, place, place.path(at))
    if problems:
        raise InputError(problems.values())
    if name in RESERVED or name.startswith(("series.", "map.")):
        raise InputError(place.problem(at, _("the results have a column of this name"), "",
                                       _("give the axis another name, and name its parameter with key = ...")))
    keys = table.key or name
    keys = (keys,) if isinstance(keys, str) else tuple(keys)
    paths = tuple(_path(key, at, place) for key in keys)
    meant = tuple(_target(path, key, at, scenarios, place) for path, key in zip(paths, keys))
    titles = table.title, table.title_zh or table.title
    axis = Axis(name, keys, paths, _kind(meant[0].row), meant=meant, titles=titles)
    return _filled(axis, table, settings.design, (at, place, scenarios))


def _path(key, at, place):
    """The key path of a dotted key."""
    try:
        data = toml_file.parse(f"{key} = 0", "key").data
    except InputError:
        raise InputError(place.problem(at, _("{key!r} is not a dotted key", key=key),
                                       _("one such as peers.decay"))) from None
    path = ()
    while isinstance(data, dict) and len(data) == 1:
        (name, data), = data.items()
        path = (*path, name)
    return path


def _target(path, key, at, scenarios, place):
    """The parameter that a key path names in one of the scenarios at least."""
    for swept in scenarios:
        found = parameter_paths.target(swept.scenario, path)
        if found:
            return found
    names = sorted({name for swept in scenarios for name in parameter_paths.known(swept.scenario)})
    labels = joined(_(" or "), [swept.label for swept in scenarios])
    raise InputError(place.problem(at, _("{scenarios} has no parameter {key!r}", scenarios=labels, key=key), "",
                                   near_miss(key, names) or _("`sim show` lists all parameters")))


def _kind(row):
    return next((word for word in ("float", "int", "bool", "date") if word in row.kind), "text")


def _filled(axis, table, design, context):
    """The axis with its values or its range."""
    at, place, scenarios = context
    if table.values and table.between:
        raise InputError(place.problem(at, _("the axis has both values and between"), _("one of them")))
    if design == "list":
        return axis
    values = list(table.values)
    low, high = _ends(axis, table, at, place) if not values else (None, None)
    if not values and design == "grid":
        values = _grid(axis, (low, high), table, at, place)
    sound = [typed(value, axis.kind) for value in values or (low, high)]
    _refuse_faults(sound, axis.meant, at, place)
    if not values:
        mode = _default(axis, scenarios)
        if table.law == "triangular" and not low <= mode <= high:
            raise InputError(place.problem(at,
                                           _("the triangular law peaks at the scenario's value {mode:g}", mode=mode),
                                           _("a value in [{low}, {high}]", low=low, high=high)))
        return dataclasses.replace(axis, low=sound[0], high=sound[1], law=table.law, mode=mode)
    _refuse_repeats(sound, at, place)
    kind = axis.kind if kind_of(sound) == axis.kind else kind_of(sound) or "text"
    return dataclasses.replace(axis, values=tuple(sound), kind=kind)


def _ends(axis, table, at, place):
    """Ends of a range: what the table says, else the parameter's usual range."""
    usual = axis.meant[0].row.range
    if not table.between and not usual:
        raise InputError(place.problem(at, _("the axis has no values, and its parameter has no usual range"),
                                       _("values = [...] or between = [first, last]")))
    ends = [typed(value, axis.kind) for value in table.between or (interval(usual).low, interval(usual).high)]
    if len(ends) != 2 or axis.kind not in ("float", "int", "date") or kind_of(ends) != axis.kind:
        raise InputError(place.problem(at, _("{given} is not a range of this parameter",
                                             given=describe(list(table.between))),
                                       _("two {kind}, the lower first", kind=noun(axis.kind, many=True))))
    if not ends[0] < ends[1]:
        raise InputError(place.problem(at, _("the range goes from {first} to {last}", first=ends[0], last=ends[1]),
                                       _("the lower end first")))
    if table.law != "uniform" and (axis.kind != "float" or table.law == "log-uniform" and ends[0] <= 0):
        raise InputError(place.problem(
            at, _("the law {law} does not suit a range of kind {kind} that begins at {low}", law=table.law,
                  kind=axis.kind, low=ends[0]), _("numbers with a decimal point, above 0 for log-uniform")))
    return ends


def _grid(axis, ends, table, at, place):
    """Values of a range on a grid; refused before there are too many of them."""
    if table.law == "triangular" or not (table.step or table.number > 1):
        raise InputError(place.problem(at, _("a grid needs to know which values of the range to take"),
                                       _("step, or number of 2 or more, with the law uniform or log-uniform")))
    many = length(*ends, table.step, table.number)
    if many > MOST_RUNS:
        raise InputError(place.problem(at, _("the axis has {many:,} values", many=many),
                                       _("at most {most:,}", most=MOST_RUNS)))
    return spread(axis.kind, *ends, step=table.step, number=table.number, law=table.law)


def _refuse_faults(values, meant, at, place):
    """InputError for values that the parameter cannot have; many numbers are known by their ends."""
    if len(values) > 1000 and kind_of(values) in ("float", "int", "date"):
        values = [min(values), max(values)]
    for wrong in filter(None, (parameter_paths.first_fault(meant, value) for value in values)):
        raise InputError(place.problem(at, *wrong))


def _refuse_repeats(values, at, place):
    seen = set()
    for text in map(toml_file.format_value, values):
        if text in seen:
            raise InputError(place.problem(at, _("{value} occurs twice", value=text), _("each value once")))
        seen.add(text)


def _refuse_twice(found, place):
    owner = {}
    for axis in found:
        for key, path in zip(axis.keys, axis.paths):
            if path in owner:
                raise InputError(place.problem(
                    ("axes", axis.name), _("axis {other} already varies {key!r}", other=owner[path], key=key),
                    _("each key on one axis")))
            owner[path] = axis.name


def _default(axis, scenarios):
    """The scenario's own value, where it has one that is a number."""
    own = (entry.value for swept in scenarios for entry in swept.scenario.entries() if entry.path == axis.paths[0])
    return next((float(value) for value in own if isinstance(value, (int, float))), 0.0)


def _idle(axes, scenarios):
    return tuple(_("axis {axis} has no effect in scenario {scenario}, which has no {key}",
                   axis=axis.name, scenario=swept.label, key=axis.keys[0])
                 for swept in scenarios for axis, there in zip(axes, active(axes, swept.scenario)) if not there) + \
        tuple(_late(axes, scenarios))


def _late(axes, scenarios):
    """Axes of policies that start after the run, where no axis moves its end or their start."""
    moved = {path for axis in axes for path in axis.paths}
    for swept, axis in itertools.product(scenarios, axes):
        values, path = swept.scenario.values, axis.paths[0]
        name = path[1] if path[0] == "policies" else ""
        policy = values.policies.get(name)
        late = policy and values.time.calendar.index(policy.start) >= values.time.calendar.length
        if late and not moved & {("time", "end"), ("policies", name, "start")}:
            yield _("axis {axis} has no effect in scenario {scenario}: {policy} starts on {start}, after the run",
                    axis=axis.name, scenario=swept.label, policy=name, start=policy.start)
