"""Scenario: a text file and what it extends, checked against the schema, frozen, every value traced.

    file, its parents, --set  ->  merged tables  ->  Sections (values)  ->  digest, resolved file
"""

import dataclasses
import functools
import hashlib
import itertools
import json
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic

from sim.base import package_data
from sim.base.errors import InputError, Problem, printable
from sim.base.messages import _, translate
from sim.config import toml_file
from sim.config.check import check, problem, unprintable, warnings
from sim.config.layers import Layers, Setting, chain, setting
from sim.config.parameters import Row, Section, rows_by_path
from sim.config.toml_positions import Key
from sim.scenario import schema
from sim.scenario.place_names import by_id
from sim.scenario.policies import Policies, called_after, policies
from sim.scenario.sections.estimated import in_force

POLICIES = ("policies",)       # the tables that the user names; all others are in the schema


@dataclass(frozen=True)
class Entry:
    """One parameter of a scenario: its key path, value, declaration and who set it."""

    path: Key
    value: object
    row: Row
    origin: str


@dataclass(frozen=True)
class Scenario:
    """Everything a run is asked to do; equal digests mean equal requests."""

    path: str
    values: schema.Whole       # values.policies: name -> Section
    instruments: dict[str, str]    # name of a policy -> name of its instrument
    origin: dict[str, str]     # dotted key -> "file:line", "--set", "regime", "default"
    files: tuple[tuple[str, str], ...]     # (path from the scenario's folder, text), the scenario first
    warnings: tuple[Problem, ...]  # one for every number outside its prior range
    tables_of: dict[str, Key] = field(repr=False, compare=False)       # name of a policy -> key path of its table
    layers: Layers = field(repr=False, compare=False)      # where every key stands

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return pathlib.Path(self.path).stem

    @property
    def titles(self) -> tuple[str, str]:
        """(English, Chinese) title: the one that is set or made of the policies, else the name."""
        title = self.values.title or self.name
        return title, self.values.title_zh or title

    @property
    def text(self) -> str:
        """The file itself, verbatim."""
        return self.files[0][1]

    @functools.cached_property
    def digest(self) -> str:
        """sha256 of the resolved values, whatever files they come from.

        A region folder counts by its name, wherever it lies; what is in it has its own digest.
        """
        tables = self.tables() | {"region": os.path.basename(self.values.region)}
        text = json.dumps(tables, sort_keys=True, default=str, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def tables(self) -> dict[str, Any]:
        """The values as plain tables, which make the same scenario when loaded."""
        tables: dict[str, Any] = _plain(self.values)
        for name, instrument in self.instruments.items():
            tables["policies"][name]["instrument"] = instrument
        return tables

    def entries(self) -> list[Entry]:
        """An Entry for every parameter, in the order of the schema, policies last."""
        estimated = in_force(self.values.estimated, self.values)
        sections: dict[Key, Section] = {(): self.values}
        sections |= {(*POLICIES, name): policy for name, policy in self.values.policies.items()}
        return [self._entry(prefix, path, section, self._known(row, estimated)) for prefix, section in sections.items()
                for path, row in rows_by_path(type(section)).items() if path != POLICIES]

    def problem(self, path: Key, wrong: str, expected: str = "", remedy: str = "") -> Problem:
        """A Problem at a key path of the values, told where the files say it."""
        return problem(self.layers, self._written(path), wrong, expected, remedy)

    def latest(self, paths: Sequence[Key]) -> Key:
        """The key path among `paths` that was set last."""
        written = [self._written(path) for path in paths]
        return paths[written.index(self.layers.latest(written))]

    def rank(self, path: Key) -> tuple[int, tuple[int, int]]:
        """Sorts key paths as a reader meets them."""
        return self.layers.rank(self._written(path))

    def sets(self, path: Key) -> bool:
        """Whether a file or a setting says something about a key path."""
        return self.layers.has(self._written(path))

    def _written(self, path: Key) -> Key:
        """A key path of the values as it stands in the files: a policy may be part of a regime."""
        if path[:1] == POLICIES and path[1:2] and path[1] in self.tables_of:
            return self.layers.written((*self.tables_of[path[1]], *path[2:]))
        return path

    def _entry(self, prefix: Key, path: tuple[Any, ...], section: Section, row: Row) -> Entry:
        value: Any = functools.reduce(getattr, path, section)
        return Entry(prefix + path, value, row, self.origin[toml_file.dotted(prefix + path)])

    def _known(self, row: Row, estimated: Mapping[str, int]) -> Row:
        """A parameter's row; where it has its estimated value, with the evidence of that."""
        if row.key not in estimated:
            return row
        said = self.values.estimated
        return dataclasses.replace(row, evidence="estimated", source=said.source, source_zh=said.source_zh)

    def resolved_toml(self, lang: str = "en") -> str:
        """A file that lists every parameter with unit, evidence, source and origin, and loads as this."""
        head = _("Every parameter of {file}: value  # unit; evidence: source; origin", file=printable(self.files[0][0]))
        lines = [f"# {translate(head, lang)}"]
        for table, entries in itertools.groupby(self.entries(), lambda entry: entry.path[:-1]):
            lines += ["", f"[{toml_file.dotted(table)}]"] if table else []
            if table[:1] == POLICIES:
                lines.append(f"instrument = {toml_file.format_value(self.instruments[table[1]])}")
            lines += [_line(entry, lang) for entry in entries]
        return "\n".join(lines) + "\n"


def load(path: str, settings: Iterable[str] = ()) -> Scenario:
    """The Scenario in a file; `settings` are "key=value" texts that win over the file.

    Raises InputError with every problem at once.
    """
    return build(toml_file.read(path), settings)


def build(source: toml_file.Source, settings: Iterable[str] = ()) -> Scenario:
    """The Scenario in a Source that is already read."""
    return over(chain(source), settings)


def over(files: Sequence[toml_file.Source], settings: Iterable[str] = ()) -> Scenario:
    """The Scenario of Sources that are already read, the farthest ancestor first, settings last."""
    layers = Layers([*files, *map(setting, settings)])
    files = [file for file in files if not isinstance(file, Setting)]
    layers, unclear = by_id(layers.sources, _region_in(layers))
    data = layers.merged()
    tables = data.pop("policies", {})
    model = schema.build()
    values, problems = check(model, data, layers, others=("extends",))
    policy = policies(tables, layers)
    problems |= policy.problems | unclear
    problems = unprintable(layers.merged(), layers) | problems
    if problems or values is None:
        raise InputError(problems[path] for path in sorted(problems, key=layers.rank))
    origin = {path: layers.origin(path) or _("default") for path in rows_by_path(model) if path != POLICIES}
    anchored = _anchored(values.region, layers.folder(("region",)))
    toml_file.refuse_no_text(anchored, "region")
    called = _titles(layers, values, policy, tables)
    origin |= {(key,): "policies" for key in called}
    return Scenario(
        path=files[-1].path,
        values=values.model_copy(update={"policies": policy.values, "region": anchored, **called}),
        instruments=policy.instruments,
        origin={toml_file.dotted(path): setter for path, setter in (origin | policy.origin).items()},
        files=tuple((layers.name(file), file.text) for file in reversed(files)),
        warnings=tuple(dict.fromkeys([*warnings(model, data, layers), *policy.warnings])),
        tables_of=policy.tables, layers=layers)


def _titles(layers: Layers, values: Any, policy: Policies, tables: Mapping[str, Any]) -> dict[str, str]:
    """Titles in place of those of the values. A title is of its own file.

    Who adds policies to a scenario with a title, and sets none, is called after them; a Chinese title of another file
    does not stand beside an English one of one's own.
    """
    *_older, own = (source for source in layers.sources if not isinstance(source, Setting))
    mine = [source.data for source in layers.sources if source is own or isinstance(source, Setting)]
    if any("title" in data for data in mine):
        return {} if any("title_zh" in data for data in mine) else {"title_zh": ""}
    if not values.title:
        return called_after(policy, tables)
    return called_after(policy, tables, own.data.get("policies", {}))


def _region_in(layers: Layers) -> Any:
    """Name or folder of the region that the layers set, the default one where none of them does."""
    given = layers.merged().get("region", rows_by_path(schema.build())["region",].default)
    return _anchored(given, layers.folder(("region",))) if isinstance(given, str) else given


def _anchored(region: str, folder: str) -> str:
    """Name of a shipped region, or the full path of a folder, so that the values mean one thing anywhere."""
    if not region or region in package_data.regions():
        return region
    return os.path.abspath(os.path.join(folder, region))


def _line(entry: Entry, lang: str) -> str:
    row, key = entry.row, toml_file.format_key(str(entry.path[-1]))
    note = printable(translate(_("{unit}; {evidence}: {source}; {origin}", unit=_(row.unit), evidence=_(row.evidence),
                                 source=row.source_in(lang), origin=_(entry.origin)), lang))
    if entry.value is None:
        return f"# {translate(_('{key} is not set', key=key), lang)}  # {note}"
    return f"{key} = {toml_file.format_value(_plain(entry.value))}  # {note}"


def _plain(value: Any) -> Any:
    """Sections, tables and lists as dicts and lists, without keys that are not set."""
    if isinstance(value, pydantic.BaseModel):
        value = dict(iter(value))          # not of the model itself: a section may have a field called keys
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
