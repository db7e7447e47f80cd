"""Members of an ensemble: (scenario values, replicate) side by side, numbers as (member,) arrays.

Decision 1 (docs/decisions.md).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.base.calendar import Calendar, quarter_of
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config.parameters import Section
from sim.config.toml_file import dotted, format_value
from sim.policies import registry
from sim.policies.sites import chosen_sites
from sim.region.load import Region
from sim.scenario.load import Scenario
from sim.scenario.schema import Whole


@dataclass(frozen=True)
class Member:
    """One run: a scenario's values and policies under one replicate of the seed."""

    values: Whole                    # the scenario's values
    policies: tuple[tuple[str, str, Section], ...]      # (name, instrument name, its keys) each
    replicate: int

    @property
    def changes_of_the_network(self) -> list[tuple[Any, Section]]:
        """(instrument, its keys) of the policies that build links or stations."""
        found = [(registry.get(instrument), section) for _, instrument, section in self.policies]
        return [(entry, section) for entry, section in found if entry.network]


def members_of(scenario: Scenario, replicates: Sequence[int]) -> list[Member]:
    """Members of one scenario, one a replicate."""
    policies = tuple((name, scenario.instruments[name], section)
                     for name, section in scenario.values.policies.items())
    return [Member(scenario.values, policies, replicate) for replicate in replicates]


def check(members: Sequence[Member]) -> None:
    """Raise the InputError of all values that the engine reads once and that members do not share.

    Those are sizes, switches, names, lists and the policies that there are, unless a parameter is
    declared otherwise (`agree`); numbers with a point and dates may differ from member to member.
    """
    first = members[0]
    problems = []
    if any(member.values is not first.values for member in members):
        problems += _differences([member.values for member in members], ())
    if any(_named(member) != _named(first) for member in members):
        problems.append(_problem(("policies",), [_named(member) for member in members]))
    elif any(member.policies is not first.policies for member in members):
        for number, (name, _instrument, _policy) in enumerate(first.policies):
            problems += _differences([member.policies[number][2] for member in members], ("policies", name))
    if problems:
        raise InputError(problems)


def stack(sections: Sequence[Section]) -> SimpleNamespace:
    """Namespace of the sections' values: numbers and dates become arrays.

    A number becomes float64 (1,) where all members agree and (member,) where they do not; a date
    its quarter. Anything else is the first member's; `check` sees to it that it is everybody's.
    """
    names = type(sections[0]).model_fields
    if all(section is sections[0] for section in sections):        # replicates of one scenario
        sections = sections[:1]
    return SimpleNamespace(**{name: _stacked([getattr(s, name) for s in sections]) for name in names})


def policies_of(members: Sequence[Member], region: Region) -> tuple[SimpleNamespace, ...]:
    """One namespace a policy: its keys as `stack` makes them, with name, instrument and `where`, its sites' mask."""
    stacked = []
    for number, (name, instrument, _section) in enumerate(members[0].policies):
        keys = stack([member.policies[number][2] for member in members])
        keys.name, keys.instrument = name, instrument
        keys.where = chosen_sites(region, keys.sites)
        stacked.append(keys)
    return tuple(stacked)


def alliances(policies: Sequence[SimpleNamespace], calendar: Calendar) -> tuple[SimpleNamespace, ...]:
    """The policies of an alliance that somebody hears of before the run ends; the others nobody need join."""
    end = calendar.first + calendar.length
    return tuple(policy for policy in policies if registry.get(policy.instrument).joined and (
        policy.start if policy.announced is None else np.minimum(policy.start, policy.announced)).min() < end)


def _named(member):
    """The policies that a member has, in their order."""
    return [f"{name}: {instrument}" for name, instrument, _ in member.policies]


def _differences(sections, path):
    """A Problem for every key that all members must share and do not."""
    problems = []
    for name, field in type(sections[0]).model_fields.items():
        column = [getattr(section, name) for section in sections]
        if isinstance(column[0], Section):
            problems += _differences(column, (*path, name))
        elif any(value != column[0] for value in column) and _must_agree(field, column):
            problems.append(_problem((*path, name), column))
    return problems


def _must_agree(field, column):
    declared = (field.json_schema_extra or {}).get("agree")
    varies = any(all(isinstance(value, kind) for value in column) for kind in (float, datetime.date))
    return not varies if declared is None else declared


def _problem(path, column):
    texts = sorted({format_value(value) for value in column})
    return Problem("", dotted(path), _("members of one ensemble have different values ({values})",
                                             values=", ".join(texts)[:80]),
                   _("the same value for all members"), _("run them as separate scenarios"))


def _stacked(column):
    first = column[0]
    if isinstance(first, Section):
        return stack(column)
    if all(isinstance(value, datetime.date) for value in column):
        column = [quarter_of(value) for value in column]
    if not all(isinstance(value, (bool, int, float)) for value in column):
        return first
    values = np.array(column, dtype=float)
    return values[:1] if (values == values[0]).all() else values
