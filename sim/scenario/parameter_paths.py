"""What a key of an axis means in a scenario: the parameter's declaration, and how a value is put there.

`replaced` gives the very values that loading the scenario with this setting would give, at a hundredth
of the cost, because only the table that holds the parameter is checked again.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Protocol, TypeVar

import numpy as np
import pydantic

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config import toml_file
from sim.config.fault_wording import expected, is_number, unfit
from sim.config.layers import Setting
from sim.config.parameters import Row, Section, declared, interval, rows_by_path
from sim.policies import Policy
from sim.scenario import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.config.toml_positions import Key
    from sim.scenario.load import Scenario

WHOLE = {("region",), ("extends",)}            # keys that decide which scenario it is
STRUCTURAL = {"enabled", "instrument", "regime"}


Changed = TypeVar("Changed", bound=Section)


class Moving(Protocol):
    """An axis, as far as it says which parameters it moves."""

    @property
    def name(self) -> str: ...

    @property
    def paths(self) -> tuple[Key, ...]: ...


class Target(NamedTuple):
    """One parameter: its Section and name in it, its row; `rest` is the key inside a table of names."""

    model: type[Section]
    name: str
    row: Row
    rest: Key


def target(scenario: Scenario, path: Key) -> Target | None:
    """The parameter at a key path, or None if the scenario has none there."""
    if path[0] != "policies":
        return None if path in WHOLE else _found(schema.build(), path)
    if path[2:] == ("enabled",) and scenario.sets(path[:2]):
        return _found(Policy, path[2:])
    for name, inside in places(scenario, path):
        found = _found(schema.policy_models()[scenario.instruments[name]], inside)
        if found:
            return found
    return None


def places(scenario: Scenario, path: Key) -> list[tuple[str, Key]]:
    """(policy, key path inside it) of all policies that a key path of the files reaches.

    A key of a regime's own table reaches each part that has no value of its own.
    """
    found = []
    for name, table in scenario.tables_of.items() if path[2:] else ():
        if path[:len(table)] == table:
            found.append((name, path[len(table):]))
        elif path[:2] == table[:2] and len(table) == 3 and path[2] in Policy.model_fields \
                and not scenario.layers.has((*table, *path[2:])):
            found.append((name, path[2:]))
    return [(name, inside) for name, inside in found if inside]


def asked(scenario: Scenario, key: str, option: str) -> tuple[Key, Target]:
    """(path, Target) of a dotted key that an option names; InputError if the scenario has no such parameter."""
    path = tuple(key.split("."))
    found = target(scenario, path)
    if not found:
        raise InputError(Problem(option, "", _("{scenario} has no parameter {key!r}", scenario=scenario.name, key=key),
                                 "", near_miss(key, [each for each in known(scenario) if each not in key])
                                 or _("`sim show` lists all parameters")))
    return path, found


def known(scenario: Scenario) -> list[str]:
    """Dotted keys of every parameter that an axis may move."""
    found = [toml_file.dotted(path) for path in rows_by_path(schema.build())]
    for name, table in scenario.tables_of.items():
        keys = rows_by_path(schema.policy_models()[scenario.instruments[name]])
        found += [toml_file.dotted((*table, *key)) for key in keys]
        found += [toml_file.dotted((*table[:2], *key)) for key in rows_by_path(Policy)]
    return sorted(set(found))


def fault(found: Target, value: Any) -> tuple[str, str] | None:
    """(wrong, expected) in words if the parameter cannot have the value; None if it can."""
    field = found.model.model_fields[found.name]
    given = value
    for key in reversed(found.rest):
        given = {key: given}
    try:
        _adapter(found.model, found.name).validate_python(given, strict=True)
    except pydantic.ValidationError:
        return unfit(value, found.row.kind), expected(found.row)
    bound = found.row.allowed or declared(field).get("allowed")
    outside = is_number(value) and bound and value not in interval(bound)
    return (unfit(value, found.row.kind), expected(found.row)) if outside else None


def first_fault(meant: Iterable[Target], value: Any) -> tuple[str, str] | None:
    """The `fault` of a value with the first of these parameters that has one, None for none."""
    return next(filter(None, (fault(each, value) for each in meant)), None)


def apart(meant: Iterable[Target], kind: str) -> bool:
    """Whether members that differ in one of these parameters cannot share an ensemble (`ensemble.check`)."""
    for each in meant:
        agree = declared(each.model.model_fields[each.name]).get("agree")
        if agree or each.name in STRUCTURAL:
            return True
        if agree is None and (kind not in ("float", "date") or each.rest):
            return True
    return False


def replaced(scenario: Scenario, changes: Iterable[tuple[Key, Any]]) -> schema.Whole:
    """The scenario's values after changes, (key path, value) each; raises pydantic's ValidationError.

    All are made at once, so that rules between keys are asked of the outcome alone.
    """
    core = [change for change in changes if change[0][0] != "policies"]
    policies = dict(scenario.values.policies)
    inside: dict[str, list[tuple[Key, Any]]] = {}
    for path, value in changes:
        for name, rest in places(scenario, path) if path[0] == "policies" else ():
            inside.setdefault(name, []).append((rest, value))
    for name, inner in inside.items():
        policies[name] = _changed(policies[name], inner)
    bare = scenario.values.model_copy(update={"policies": {}})
    values = _changed(bare, core) if core else bare
    return values.model_copy(update={"policies": policies})


def changed(scenario: Scenario, changes: Sequence[tuple[Key, Any]]) -> Scenario:
    """The scenario with its values after changes."""
    return dataclasses.replace(scenario, values=replaced(scenario, changes))


def is_plain(path: Key) -> bool:
    """Whether `replaced` can set it: it changes a value, not which policies there are."""
    return path[-1] not in STRUCTURAL


def moved(axes: Iterable[Moving], active: Iterable[bool]) -> list[tuple[str, Key]]:
    """(name of the axis, key path) of every parameter that points set in a scenario by `replaced`."""
    return [(axis.name, path) for axis, there in zip(axes, active) if there for path in axis.paths if is_plain(path)]


def set_by_point(found: Mapping[str, Any], axes: Iterable[Moving], active: Iterable[bool],
                 point: int) -> list[tuple[Key, Any]]:
    """(key path, value) of every parameter that a point sets in a scenario; `found` has a column an axis."""
    return [(path, _python(found[name][point])) for name, path in moved(axes, active)]


def layer(path: Key, value: Any, place: str) -> Placed:
    """A layer that sets one key path, told as standing at `place`."""
    data: Any = value
    for key in reversed(path):
        data = {key: data}
    return Placed(place, "", data, {path: 0})


class Placed(Setting):
    """A setting that a line of a file makes."""


def _found(model: type[Section], path: Key) -> Target | None:
    for depth, name in enumerate(path):
        field = model.model_fields.get(name) if isinstance(name, str) else None
        if field is None:
            return None
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            model = field.annotation
            continue
        rest = path[depth + 1:]
        row = next(row for row in rows_by_path(model).values() if row.key == name)
        if len(rest) > ("dict" in row.kind):
            return None
        return Target(model, str(name), row, rest)
    return None


def _changed(section: Changed, changes: Sequence[tuple[Key, Any]]) -> Changed:
    """The Section after changes inside it, checked again on the way up."""
    given = {key: getattr(section, key) for key in section.model_fields_set}
    for name in dict.fromkeys(str(path[0]) for path, _value in changes):
        inner = [(path[1:], value) for path, value in changes if path[0] == name]
        given[name] = _new(getattr(section, name), inner)
    return type(section).model_validate(given)


def _new(old: Any, changes: Sequence[tuple[Key, Any]]) -> Any:
    """What becomes of one value: replaced, or changed inside where it is a Section or a table of names."""
    if isinstance(old, Section) and all(path for path, _value in changes):
        return _changed(old, changes)
    for path, value in changes:
        old = {**(old if isinstance(old, dict) else {}), path[0]: value} if path else value
    return old


@functools.cache
def _adapter(model: type[Section], name: str) -> pydantic.TypeAdapter[Any]:
    field = model.model_fields[name]
    is_model = isinstance(field.annotation, type) and issubclass(field.annotation, pydantic.BaseModel)
    kind: Any = Annotated[field.annotation, field]
    return pydantic.TypeAdapter(kind, config=None if is_model else model.model_config)


def _python(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
