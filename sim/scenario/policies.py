"""Policy tables of a scenario: each is one instrument, or a shipped regime that stands for several.

`[policies.NAME]` with `regime = "R"` becomes one policy NAME-PART for each part of the regime; a
table `[policies.NAME.PART]` changes the part's own keys.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.base.errors import Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.config.check import check, problem, warnings
from sim.config.fault_wording import A_TABLE, UNKNOWN_KEY, describe, unfit
from sim.config.layers import Layers, has, merge
from sim.config.parameters import Broken, rows_by_path
from sim.config.toml_positions import Key
from sim.policies import Policy
from sim.scenario import schema

FORMS = ("instrument", "regime")
MOST_NAMED = 2                 # policies that a scenario without a title is called after

Fault = tuple[Any, ...]        # place in the table, what is wrong, expected and to be done; the place alone for nothing


class _Common(Policy):
    """Keys that the parts of a regime share; what they must say together is asked of each part."""

    def rules(self) -> Iterable[Broken]:
        return ()


@dataclass
class Policies:
    """The policies that are switched on, and what there is to say about all of them."""

    values: dict[str, Policy] = field(default_factory=dict)            # name -> Section
    instruments: dict[str, str] = field(default_factory=dict)          # name -> name of its instrument
    tables: dict[str, Key] = field(default_factory=dict)               # name -> key path of its table
    origin: dict[Key, str] = field(default_factory=dict)               # key path -> who set it
    problems: dict[Key, Problem] = field(default_factory=dict)         # key path -> Problem
    warnings: list[Problem] = field(default_factory=list)

    def add(self, name: str, instrument: str, data: Mapping[str, Any], layers: Layers, path: Key) -> None:
        """Check one table and keep its Section if it is sound and enabled."""
        model = schema.policy_models()[instrument]
        section, problems = check(model, data, layers, path, others=FORMS)
        self.problems |= problems
        if name in self.values:
            self.problems[path] = problem(layers, path, _("there is a policy {name} already", name=repr(name)),
                                          remedy=_("choose another name"))
        elif section and section.enabled:
            self.values[name], self.instruments[name], self.tables[name] = section, instrument, path
            self.warnings += warnings(model, data, layers, path)
            for key in rows_by_path(model):
                setter = layers.origin(layers.written((*path, *key)))
                self.origin[("policies", name, *key)] = setter or (_("regime") if has(data, key) else _("default"))


def policies(tables: Any, layers: Layers) -> Policies:
    """Policies of a scenario's `policies` tables."""
    result = Policies()
    if not isinstance(tables, dict):
        result.problems = {("policies",): problem(layers, ("policies",), unfit(tables), A_TABLE)}
        return result
    for name, table in tables.items():
        path = ("policies", name)
        place, *fault = _unknown(name, tables, layers) or _misnamed(table)
        if fault:
            result.problems[path + place] = problem(layers, path + place, *fault)
        elif "instrument" in table:
            own = {key: value for key, value in table.items() if key != "instrument"}
            result.add(name, table["instrument"], own, layers, path)
        else:
            _add_regime(result, name, table, layers)
    return result


def _unknown(name: str, tables: Mapping[str, Any], layers: Layers) -> Fault | None:
    """What is wrong with settings of a policy that no file has, and that do not say what it is; None for nothing."""
    if not layers.is_typed(("policies", name)) or not isinstance(tables[name], dict) or set(FORMS) & set(tables[name]):
        return None
    others = [other for other in tables if other != name]
    alike = [other for other in others if name in other or other in name]
    remedy = near_miss(name, others) or near_miss("".join(alike[:1]), alike)
    known = one_of(others) if others and not remedy else ""
    return (), _("the scenario has no policy {name}", name=repr(name)), known, \
        remedy or _("for a new policy set its instrument or regime too")


def _misnamed(table: Any) -> Fault:
    """What is wrong with the way a table says what it is: (place in it, wrong, expected, remedy)."""
    if not isinstance(table, dict):
        return (), unfit(table), A_TABLE
    named = [form for form in FORMS if form in table]
    if len(named) == 2:
        return ("regime",), _("both instrument and regime are set"), _("one of them"), \
            _("to switch off an inherited policy, set enabled = false")
    if not named:
        return _nameless(table)
    known = _known(named[0])
    if table[named[0]] in known:
        return ((),)
    return (named[0],), _("{value} is unknown", value=describe(table[named[0]])), one_of(known), \
        near_miss(table[named[0]], known)


def _nameless(table: Mapping[str, Any]) -> Fault:
    for key in table:
        if near_miss(key, FORMS):
            return (key,), UNKNOWN_KEY, "", near_miss(key, FORMS)
    return ("instrument",), _("neither instrument nor regime is set"), \
        _("instrument = {instruments} or regime = {regimes}", instruments=" | ".join(_known("instrument")),
          regimes=" | ".join(_known("regime")))


def _known(form: str) -> list[str]:
    return sorted(schema.policy_models() if form == "instrument" else schema.regimes())


def _add_regime(result: Policies, name: str, table: Mapping[str, Any], layers: Layers) -> None:
    """Each part of a regime with the table's common keys and the table's changes to the part."""
    path, regime = ("policies", name), schema.regimes()[table["regime"]]
    parts = regime["policies"]
    common = {key: value for key, value in table.items() if key not in parts and key != "regime"}
    problems = check(_Common, common, layers, path, others=(*FORMS, *parts))[1]
    problems |= {(*path, part): problem(layers, (*path, part), unfit(table[part]), A_TABLE)
                 for part in parts if not isinstance(table.get(part, {}), dict)}
    result.problems |= problems
    if not problems:
        titles: dict[str, Any] = {key: regime[key] for key in ("title", "title_zh") if key in regime}
        for part, given in parts.items():
            given = {key: value for key, value in given.items() if key != "instrument"}
            data = merge({**titles, **given, **common}, table.get(part, {}))
            result.add(f"{name}-{part}", parts[part]["instrument"], data, layers, (*path, part))


def called_after(policies: Policies, tables: Mapping[str, Any], among: Collection[str] | None = None) -> dict[str, str]:
    """The title of a scenario that has none: its policies by title and dates, in both languages.

    A regime is one policy; of the policies `among` those with these names, by default all; {} where there are none.
    """
    dates: dict[str, tuple[str, str]] = {}
    for name, path in policies.tables.items():
        if among is not None and path[1] not in among:
            continue
        dates.setdefault(str(path[1]), (_day(policies.values[name].start), _day(policies.values[name].end)))
    more = f" + {len(dates) - MOST_NAMED}" if len(dates) > MOST_NAMED else ""
    said = [_dated(titles_of(name, tables[name]), *when) for name, when in list(dates.items())[:MOST_NAMED]]
    return {key: " + ".join(texts) + more for key, texts in zip(("title", "title_zh"), zip(*said))}


def titles_of(name: str, table: Mapping[str, Any]) -> tuple[str, str]:
    """(English, Chinese) title of a policy's table, by its regime where it sets none."""
    if table.get("title"):
        return table["title"], table.get("title_zh") or table["title"]
    regime = schema.regimes().get(table.get("regime", ""), {})
    return regime.get("title", name), table.get("title_zh") or regime.get("title_zh") or name


def _day(date: datetime.date | None) -> str:
    """A date as titles say it: its year alone for the first of January."""
    if date is None:
        return ""
    return str(date.year) if (date.month, date.day) == (1, 1) else date.isoformat()


def _dated(titles: tuple[str, str], start: str, end: str) -> tuple[str, str]:
    title, title_zh = titles
    if end:
        return f"{title}, {start} to {end}", f"{title_zh}（{start}～{end}）"
    return f"{title} from {start}", f"{title_zh}（{start}{' 年' if len(start) == 4 else ''}起）"
