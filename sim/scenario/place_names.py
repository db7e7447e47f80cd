"""Places, industries and stock groups that a scenario calls by name, put down by their ids.

A key that takes an id takes the English or Chinese name too, in full or short as on figures. It is read
once, before anything is checked: values, digests and resolved files have ids only.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim import policies
from sim.base import package_data
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.config.check import problem
from sim.config.layers import Layers, value_at, with_changes
from sim.config.toml_file import Source
from sim.config.toml_positions import Key
from sim.region.load import tables

TABLES = ("sites", "jurisdictions", "stations", "hubs", "industries", "nests", "stock")
GROUPS = ("zone", "towns", "startup", "core", "linkage", "radiation", "all")
FULL, SHORT = ("name_en", "name_zh"), ("short_en", "short_zh")
VALUES: dict[str, tuple[str, ...]] = {
    "sites": ("sites", "jurisdictions"), "partner": ("sites",), "hub": ("hubs",), "industry": ("industries",),
    "industries": ("industries",), "supplier_industries": ("industries",), "stops": ("stations", "sites")}
KEYS: dict[Key, tuple[str, ...]] = {
    ("population", "headquarters"): ("stock",), ("choice", "dissimilarity_of"): ("nests",),
    ("base_year", "constants"): ("sites",), ("entry", "share"): ("jurisdictions",),
    ("moving", "net"): ("jurisdictions",)}


@dataclass(frozen=True)
class Names:
    """Ids by table, and ids by table and name, full names apart from short ones."""

    ids: dict[str, dict[str, None]]
    full: dict[str, dict[str, dict[str, None]]]
    short: dict[str, dict[str, dict[str, None]]]

    def meant(self, text: object, kinds: Iterable[str]) -> list[tuple[str, str]]:
        """[(table, id)] that a text may mean; none if it is an id, or known to nobody."""
        if not isinstance(text, str) or any(text in self.ids[kind] for kind in kinds):
            return []
        for named in (self.full, self.short):
            found = [(kind, one) for kind in kinds for one in named[kind].get(text, ())]
            if found:
                return found
        return []


def by_id(sources: Sequence[Source], region: object) -> tuple[Layers, dict[Key, Problem]]:
    """(Layers of the Sources with ids in place of names, key path -> Problem of names that are not clear).

    region: name or folder; one that is not there leaves everything as it is, for others to tell.
    """
    layers = Layers(sources)
    takes_names = any(path[:1] == ("policies",) or path in KEYS for source in sources for path in source.offsets)
    names = _names_in(region) if takes_names else None
    if names is None:
        return layers, {}
    written = layers.merged()
    changes = [_Changes(names, layers, written, source) for source in sources]
    renamed = [with_changes(source, change.keys, change.values)
               for change, source in zip(changes, sources, strict=True)]
    problems = {path: each for change in changes for path, each in change.problems.items()}
    return Layers(renamed), problems


def _names_in(region: object) -> Names | None:
    """The Names of a region; None if what a file says is no region, which others tell."""
    if not isinstance(region, str):
        return None
    try:
        return _shipped(region) if region in package_data.regions() else _names(region)
    except InputError:
        return None


def _names(region: str) -> Names:
    found = tables(region, TABLES)
    ids = {kind: dict.fromkeys(_ids(table)) for kind, table in found.items()}
    full, short = ({kind: _index(table, columns) for kind, table in found.items()} for columns in (FULL, SHORT))
    return Names(ids, full, short)


_shipped = functools.cache(_names)


def _ids(table: pd.DataFrame) -> list[str]:
    return table["group" if "group" in table else "id"].tolist()


def _index(table: pd.DataFrame, columns: Iterable[str]) -> dict[str, dict[str, None]]:
    """Name -> ids of the rows that have it."""
    found: dict[str, dict[str, None]] = {}
    for column in columns:
        for one, name in zip(_ids(table), table[column].tolist() if column in table else ()):
            found.setdefault(name, {})[one] = None
    return found


class _Changes:
    """What ids in place of names change in one Source: keys by their path, values by theirs, and what is not clear."""

    def __init__(self, names: Names, layers: Layers, written: Mapping[str, Any], source: Source) -> None:
        self.names, self.layers, self.written = names, layers, written
        self.keys: dict[Key, str] = {}
        self.values: dict[Key, Any] = {}
        self.problems: dict[Key, Problem] = {}
        for path in source.offsets:
            if self._kinds_of_keys(path[:-1]):
                self._find_key(path, source)
            elif kinds := self._kinds_of_value(path):
                self._find_value(path, kinds, value_at(source.data, path))

    def _find_key(self, path: Key, source: Source) -> None:
        above, key = path[:-1], path[-1]
        one = self._id(key, self._kinds_of_keys(above), path)
        if one == key:
            return
        if (*above, one) in source.offsets or one in [each for named, each in self.keys.items() if named[:-1] == above]:
            self.problems[path] = problem(self.layers, path, _("{name} is {id} a second time", name=repr(key),
                                                               id=repr(one)), remedy=_("name it once"))
        self.keys[path] = one

    def _find_value(self, path: Key, kinds: tuple[str, ...], value: Any) -> None:
        if path[-1] == "sites" and value in GROUPS:
            return
        if not isinstance(value, list):
            self.values[path] = self._id(value, kinds, path)
            return
        alone = kinds[:1] if kinds == VALUES["sites"] else kinds      # a jurisdiction stands alone: sites come first
        self.values[path] = [self._id(each, alone if self.names.meant(each, alone) else kinds, (*path, place))
                             for place, each in enumerate(value)]

    def _id(self, text: Any, kinds: Sequence[str], path: Key) -> Any:
        """The id that a text means, the text itself where there is none or it is not clear."""
        found = self.names.meant(text, kinds)
        if len(found) > 1:
            several = [f"{one} ({kind})" if len(kinds) > 1 else one for kind, one in found]
            self.problems[path] = problem(self.layers, path, _("{name} is the name of {count}", name=repr(text),
                                                               count=len(found)), one_of(several),
                                          _("write the id of the one that you mean"))
        return found[0][1] if len(found) == 1 else text

    def _kinds_of_keys(self, path: Key) -> tuple[str, ...]:
        """Tables whose ids are the keys of the table at a path."""
        if path[:1] == ("policies",):
            return ("jurisdictions",) if "matrix" in path[2:4] else ()
        return KEYS.get(path, ())

    def _kinds_of_value(self, path: Key) -> tuple[str, ...]:
        """Tables whose ids a value at a path may have."""
        if path[:1] != ("policies",) or len(path) not in (3, 4):
            return ()
        if path[-1] == "stops" and not self._changes_the_network(path):
            return ("sites",)
        return VALUES.get(str(path[-1]), ())

    def _changes_the_network(self, path: Key) -> bool:
        """Whether the instrument of the policy that a key belongs to adds links, which stop at stations."""
        tables = self.written["policies"]
        table = tables.get(path[1]) if isinstance(tables, dict) else None
        name = table.get("instrument") if isinstance(table, dict) else None
        return isinstance(name, str) and name in policies.registry and policies.registry.get(name).network
