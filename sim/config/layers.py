"""A scenario file, the files it extends and the settings of the command line, laid over one another.

The nearest layer wins key by key, and every key path can be traced to the layer that set it.
"""

import dataclasses
import functools
import itertools
import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config import toml_file
from sim.config.toml_positions import Key

MOST_FILES = 16


class Setting(toml_file.Source):
    """One `--set key=value`."""

    def where(self, key: Key = ()) -> str:
        return self.path


class Layers:
    """Sources from the farthest ancestor to the last setting."""

    def __init__(self, sources: Iterable[toml_file.Source]) -> None:
        self.sources = tuple(sources)

    def merged(self) -> dict[str, Any]:
        """One dict of all layers; tables are merged, anything else is replaced."""
        data: dict[str, Any] = {}
        for source in self.sources:
            data = merge(data, source.data)
        return data

    def where(self, path: Key) -> str:
        """The place that set a key path, or of the nearest table above it."""
        return self.sources[self._owner(path)].where(path)

    def has(self, path: Key) -> bool:
        """Whether any layer has a key path."""
        return any(has(source.data, path) for source in self.sources)

    def written(self, path: Key) -> Key:
        """The path under which a value stands: a part of a regime may take it from the policy's table."""
        common = (*path[:2], *path[3:])
        inherits = path[:1] == ("policies",) and len(path) > 3 and not self.has(path) and self.has(common)
        return common if inherits else path

    def latest(self, paths: Sequence[Key]) -> Key:
        """The path that was set last, the first of them where none or several were."""
        return max(paths, key=lambda path: self._owner(path) if self.has(path) else -1)

    def is_typed(self, path: Key) -> bool:
        """Whether settings alone, and no file, say something about a key path."""
        return not any(has(source.data, path) for source in self.sources if not isinstance(source, Setting))

    def folder(self, path: Key) -> str:
        """Folder of the file that set a key path; a setting was typed in the present one."""
        source = self.sources[self._owner(path)]
        return "" if isinstance(source, Setting) else os.path.dirname(source.path)

    def rank(self, path: Key) -> tuple[int, tuple[int, int]]:
        """Sorts key paths as a reader meets them: settings, the file itself, then its parents."""
        owner = self._owner(path)
        return -owner, self.sources[owner].locate(path)

    def origin(self, path: Key) -> str:
        """Who set a key path: "file:line", seen from the scenario's folder, "--set", or "" if none."""
        source = self.sources[self._owner(path)]
        if not has(source.data, path):
            return ""
        if isinstance(source, Setting):
            return "--set"
        return f"{self.name(source)}:{source.locate(path)[0]}"

    def name(self, source: toml_file.Source) -> str:
        """Path of a file of the chain, seen from the scenario's folder, with / on every system."""
        own = self.sources[self._own()]
        return os.path.relpath(source.path, os.path.dirname(own.path) or ".").replace(os.sep, "/")

    def _owner(self, path: Key) -> int:
        """Index of the nearest layer that has the path, or as much of it as any has."""
        for length in range(len(path), 0, -1):
            for index in reversed(range(len(self.sources))):
                if has(self.sources[index].data, path[:length]):
                    return index
        return self._own()

    def _own(self) -> int:
        """Index of the scenario file itself."""
        return next(k for k in reversed(range(len(self.sources))) if not isinstance(self.sources[k], Setting))


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """A new dict in which the keys of `above` win; tables in both are merged.

    >>> merge({"a": {"x": 1, "y": 2}}, {"a": {"x": 3}})
    {'a': {'x': 3, 'y': 2}}
    """
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = merge(below[key], value) if both else value
    return merged


def has(data: Any, path: Key) -> bool:
    """Whether nested tables and lists hold something at a path."""
    part: Any                      # a name in a table, a position in a list
    for part in path:
        if part not in (range(len(data)) if isinstance(data, list) else data):
            return False
        data = data[part]
        data = data if isinstance(data, (dict, list)) else {}
    return True


def value_at(data: Any, path: Key) -> Any:
    """What nested tables and lists hold at a path that they have.

    >>> value_at({"a": {"x": [1, 2]}}, ("a", "x", 1))
    2
    """
    return functools.reduce(operator.getitem, path, data)


def with_changes(source: toml_file.Source, keys: Mapping[Key, str], values: Mapping[Key, Any]) -> toml_file.Source:
    """The source with other values at some paths and other names of some keys; both are by the paths as they were."""
    def table(data: dict[str, Any], path: Key) -> dict[str, Any]:
        return {keys.get((*path, key), key): table(value, (*path, key)) if isinstance(value, dict)
                else values.get((*path, key), value) for key, value in data.items()}

    offsets = {tuple(keys.get(path[:length], path[length - 1]) for length in range(1, len(path) + 1)): offset
               for path, offset in source.offsets.items()}
    return dataclasses.replace(source, data=table(source.data, ()), offsets=offsets)


def chain(source: toml_file.Source) -> list[toml_file.Source]:
    """The source after the files it extends, farthest first; cycles and long chains are refused."""
    sources: list[toml_file.Source] = []
    seen: list[str] = []
    while True:
        own = {key: value for key, value in source.data.items() if key != "extends"}
        sources.insert(0, dataclasses.replace(source, data=own))
        seen.append(os.path.realpath(source.path))
        if "extends" not in source.data:
            return sources
        path = _parent(source)
        if os.path.realpath(path) in seen:
            raise _refused(source, _("the files extend each other in a circle"),
                           _("a file that does not lead back to this one"))
        if len(sources) == MOST_FILES:
            raise _refused(source, _("more than {most} files extend one another", most=MOST_FILES))
        source = toml_file.read(path, cited=(source.where(("extends",)), "extends", _("a TOML file")))


def setting(text: str) -> Setting:
    """The layer of one "key=value"; a value that is no TOML is taken as text.

    >>> setting("peers.form=log").data
    {'peers': {'form': 'log'}}
    """
    toml_file.refuse_no_text(text, "--set")
    key, equals, value = text.partition("=")
    for name, candidate in itertools.product((key, _named(key)), (value, toml_file.format_value(value.strip()))):
        try:
            source = toml_file.parse(f"{name} = {candidate}", f"--set {text}")
        except InputError:
            continue
        if equals and "\n" not in text:
            return Setting(source.path, source.text, source.data, source.offsets)
    raise InputError(Problem("--set", "", _("{text} is not a setting", text=repr(text)),
                             _("key=value, e.g. time.end=2035-12-31")))


def _named(key: str) -> str:
    """A dotted key with quotes where a shell took them, or where nobody thinks of them: around a name.

    >>> _named("population.headquarters.青浦区")
    'population.headquarters."青浦区"'
    """
    parts = [part.strip() for part in key.split(".")]
    plain = all(part and part.isprintable() and not set(part) & set("\"'[]#") for part in parts)
    return ".".join(map(toml_file.format_key, parts)) if plain else key


def _parent(source: toml_file.Source) -> str:
    """Path of the extended file: relative to the file that names it, plain on every system; ".toml" may be left out."""
    name = source.data["extends"]
    if not (isinstance(name, str) and name and name.isprintable()) or name[0] in "/~" or set(name) & set("\\:$%"):
        raise _refused(source, _("{name} is not a relative path", name=repr(name)[:80]),
                       _("a relative path such as 'baseline.toml'"))
    path = os.path.join(os.path.dirname(source.path), name)
    return path if os.path.exists(path) or name.endswith(".toml") else f"{path}.toml"


def _refused(source: toml_file.Source, wrong: str, expected: str = "") -> InputError:
    return InputError(Problem(source.where(("extends",)), "extends", wrong, expected))
