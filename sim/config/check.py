"""Data against a Section: every fault at once, each with place, key, what is wrong, what is expected and a remedy.

pydantic finds the faults; this module words them in the terms of the file and adds what the
schema knows: the allowed interval, the unit, the nearest known key, the prior range.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

import pydantic

from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.messages import Message, _, either, one_of, with_chinese
from sim.base.registry import near_miss
from sim.config.parameters import Section, interval, rows
from sim.config.toml_file import DATE, dotted, format_value, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from sim.config.layers import Layers
    from sim.config.parameters import Row
    from sim.config.toml_positions import Key

MOST = 100                     # faults told of one table: a file can hold 100,000
RENAMED = {"yardstick": "criteria", "most_pairs": "max_pairs", "mark": "evidence", "marks": "evidence"}  # since 0.2.0
_NOUNS = {"float": (_("a number"), _("numbers")), "int": (_("a whole number"), _("whole numbers")),
          "str": (_("text in quotes"), _("texts")), "bool": (_("true or false"), _("switches")),
          "date": (_("a date such as 2028-01-31"), _("dates"))}
_TYPES = {"bool": _("a switch"), "str": _("text"), "int": _("a number"), "float": _("a number"),
          "list": _("a list"), "dict": _("a table"), "date": _("a date"),
          "datetime": _("a date with a time"), "time": _("a time of day")}
_BOUNDS = {"greater_than": _("a number above {bound:g}"), "greater_than_equal": _("a number of at least {bound:g}"),
           "less_than": _("a number below {bound:g}"), "less_than_equal": _("a number of at most {bound:g}")}
A_TABLE = _("a table")
UNKNOWN_KEY = _("unknown key")
_PLAIN_UNITS = {"1", "text", "name", "names", "switch", "date", "count"}   # they say nothing more


Checked = TypeVar("Checked", bound=Section)


def check(model: type[Checked], data: Mapping[str, Any], layers: Layers, prefix: Key = (),
          others: Iterable[str] = ()) -> tuple[Checked | None, dict[Key, Problem]]:
    """The Section made from `data`, or None, and key path -> Problem; `others` are further known keys.

    `layers.where(path)` tells where a key path stands; `prefix` is the path of `data` itself.
    """
    problems: dict[Key, tuple[str, ...]] = {}
    values: Checked | None = None
    faults: list[ErrorDetails] = []
    try:
        values = model.model_validate(data)
    except pydantic.ValidationError as error:
        faults = error.errors(include_url=False)[:MOST]
    for fault in faults:
        if fault["type"] != "rules":
            path = _path(fault, data)
            problems.setdefault(path, _worded(fault, path, model, others))
    beyond = (item for item in _numbers(model, data) if _out_of_bounds(*item[1:]))
    for path, row, number in itertools.islice(beyond, MOST):
        if not any(path[:length] in problems for length in range(1, len(path) + 1)):
            problems[path] = unfit(number, row.kind), expected(row)
    located = {prefix + path: words for path, words in problems.items()}
    for path, words in _broken(faults, problems, layers, prefix):
        located.setdefault(path, words)
    return values, {path: problem(layers, path, *words) for path, words in located.items()}


def problem(layers: Layers, path: Key, wrong: str, expected: str = "", remedy: str = "") -> Problem:
    """A Problem at a key path."""
    return Problem(layers.where(path), dotted(path), wrong, expected, remedy)


def unprintable(data: Mapping[str, Any], layers: Layers) -> dict[Key, Problem]:
    """Key path -> Problem of names and texts with control characters, which tables and drawings cannot hold.

    Descriptions may have several lines.
    """
    odd = [(path, value) for path, value in _leaves(data)
           if any(has_control(str(part)) for part in path) or isinstance(value, str) and has_control(
               re.sub(r"[\n\r\t]", " ", value) if str(path[-1]).startswith("description") else value)]
    return {path: problem(layers, path, _("{value} holds control characters", value=describe(value)), ONE_LINE)
            for path, value in odd}


def warnings(model: type[Section], data: Mapping[str, Any], layers: Layers, prefix: Key = ()) -> list[Problem]:
    """A Problem for every number in `data` that is outside its prior range."""
    return [problem(layers, layers.written(prefix + path),
                    _("{value} is outside its prior range {range} ({source})", value=describe(number),
                      range=row.range, source=with_chinese(row.source, row.source_zh)), remedy=_unit_doubt(row, number))
            for path, row, number in _numbers(model, data)
            if row.range and number not in interval(row.range)]


def _unit_doubt(row: Row, number: float) -> str:
    """What to ask of a rate that looks like a share."""
    if row.unit != "percentage point" or not 0 < number < 1:
        return ""
    return _("the unit is percentage points: is {number:g} meant?", number=100 * number)


def expected(row: Row) -> str:
    """What may stand at a key, in words.

    >>> from sim.config.parameters import Row
    >>> expected(Row("k", "float | 'solve'", "km", 1.0, "[0, 9]", "", "", "", "", ""))
    "a number in [0, 9] or 'solve', unit km"
    """
    words = either(_bounded(kind, row.allowed) for kind in row.kind.split(" | "))
    return words if row.unit in _PLAIN_UNITS else _("{what}, unit {unit}", what=words, unit=_(row.unit))


def _bounded(kind: str, bounds: str) -> str:
    """A kind in words, with the interval of its numbers."""
    if bounds and ("float" in kind or "int" in kind):
        return _("{noun} in {interval}", noun=_noun(kind), interval=bounds)
    return _noun(kind)


def describe(value: object) -> str:
    """A value as it looks in the file, shortened.

    >>> describe("a"), describe(True), describe([1])
    ("'a'", 'true', '[1]')
    """
    return repr(value[:60]) if isinstance(value, str) else format_value(value)[:60]


def unfit(value: object, kind: str = "") -> Message:
    """What is wrong with a value that is not of the kind that is expected.

    >>> unfit([1], "float"), unfit("1/31", "date"), unfit(1.5, "int"), unfit("linaer", "'log' | 'linear'")
    ('[1] is a list', "'1/31' is not a date", '1.5 is not a whole number', "'linaer' is unknown")
    """
    shown = describe(value)
    if isinstance(value, str) and "date" in kind:
        if written := DATE.fullmatch(value.strip().rstrip("日")):
            return _("{value} is not a date (write {date})", value=shown, date=iso(*written.groups()))
        return _("{value} is not a date", value=shown)
    if isinstance(value, str) and "'" in kind:
        return _("{value} is unknown", value=shown)
    if _is_number(value) and ("float" in kind or "int" in kind):
        return _unfit_number(value, kind)
    return _("{value} is {type}", value=shown, type=_TYPES.get(type(value).__name__, type(value).__name__))


@functools.cache
def rows_by_path(model: type[Section]) -> dict[Key, Row]:
    """Key path -> Row of every parameter of a Section."""
    return {tuple(row.key.split(".")): row for row in rows(model)}


def _broken(faults: Iterable[ErrorDetails], problems: Iterable[Key], layers: Layers,
            prefix: Key) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """(path, words) of rules that are not kept, unless a key of theirs is wrong by itself."""
    for fault in faults:
        for keys, *words in fault.get("ctx", {}).get("broken", ()):
            paths = [(*fault["loc"], *key) for key in keys]
            if not any(wrong[:len(path)] == path for wrong in problems for path in paths):
                yield layers.latest([layers.written(prefix + path) for path in paths]), tuple(words)


def _path(fault: ErrorDetails, data: Any) -> Key:
    """The key path of a fault as far as it exists in the data, and the key that is missing."""
    path = ()
    for part in fault["loc"]:
        if part not in (range(len(data)) if isinstance(data, list) else data):
            break
        path, data = (*path, part), data[part]
        if not isinstance(data, (list, dict)):
            break
    return (*path, fault["loc"][-1]) if fault["type"] == "missing" else path


def _unfit_number(number: float, kind: str) -> Message:
    if not math.isfinite(number):
        return _("{value} is not a finite number", value=number)
    if isinstance(number, float) and "float" not in kind:
        return _("{value} is not a whole number", value=number)
    return _("{value} is out of range", value=describe(number))


def _worded(fault: ErrorDetails, path: Key, model: type[Section], others: Iterable[str]) -> tuple[str, ...]:
    """Wrong, expected and remedy of one fault."""
    row, value = rows_by_path(model).get(path), fault["input"]
    if fault["type"] == "extra_forbidden":
        return _unknown(path, set(rows_by_path(model)) | {(name,) for name in others})
    if fault["type"] == "missing":
        return _("missing, and it has no default"), expected(row) if row else A_TABLE
    if row is None:
        return unfit(value), expected_by(fault)
    choices = [kind.strip("'") for kind in row.kind.split(" | ") if kind[0] == "'"]
    return unfit(value, row.kind), expected(row), near_miss(value, choices) or _unquoted(value, row)


def expected_by(fault: ErrorDetails) -> str:
    """What pydantic expects, by the kind of its fault: inside lists and tables, and where nothing else is declared."""
    kind = fault["type"].removesuffix("_type")
    if kind in _BOUNDS:
        bound, = fault["ctx"].values()
        return _(_BOUNDS[kind], bound=bound)
    nouns = {"string": _NOUNS["str"][0], "finite_number": _NOUNS["float"][0], "dict": A_TABLE, "model": A_TABLE,
             "list": _TYPES["list"]} | {key: noun for key, (noun, _many) in _NOUNS.items()}
    return nouns.get(kind, fault["msg"].removeprefix("Input should be "))


def _unquoted(value: object, row: Row) -> str:
    """The remedy for a value in quotes that is good without them."""
    kinds = row.kind.replace("float", "int | float").split(" | ")
    try:
        plain = tomllib.loads(f"key = {value}")["key"] if isinstance(value, str) else value
    except tomllib.TOMLDecodeError:
        return ""
    return _("write it without quotes") if plain is not value and type(plain).__name__ in kinds else ""


def _unknown(path: tuple[Any, ...], known: set[tuple[Any, ...]]) -> tuple[str, str, str]:
    """An unknown key: the nearest one beside it, else the same key elsewhere."""
    if path[-1] in RENAMED:
        return _("this key is called {name} now", name=RENAMED[path[-1]]), "", ""
    depth = len(path) - 1
    beside = sorted({key[depth] for key in known if key[:depth] == path[:-1] and len(key) > depth})
    same = [dotted(key) for key in sorted(known) if key[-1] == path[-1]]
    remedy = (near_miss(path[-1], beside) or near_miss(path[-1].lower(), beside)
              or near_miss("".join(same[:1]), same))
    return UNKNOWN_KEY, "" if remedy else one_of(beside), remedy


def _numbers(model: type[Section], data: Mapping[str, Any]) -> Iterator[tuple[Key, Row, float]]:
    """(path, row, number) of every number in the data, those inside lists and tables included."""
    for path, value in _leaves(data):
        row = next((rows_by_path(model)[path[:length]] for length in range(len(path), 0, -1)
                    if path[:length] in rows_by_path(model)), None)
        if row and _is_number(value):
            yield path, row, value


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _leaves(data: Any, path: Key = ()) -> Iterator[tuple[Key, Any]]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        if isinstance(value, (dict, list)):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _out_of_bounds(row: Row, number: float) -> bool:
    """Outside the allowed interval, or a whole number that fits no 64-bit integer."""
    too_long = isinstance(number, int) and not -2**63 <= number < 2**63
    return too_long or bool(row.allowed) and number not in interval(row.allowed)


def _noun(kind: str, many: bool = False) -> str:
    """A kind in words.

    >>> _noun("dict[str, dict[str, float]]"), _noun("'log'")
    ('a table of tables of numbers', "'log'")
    """
    head, inner = kind.removesuffix("]").split("[", 1) if "[" in kind else (kind, "")
    if head not in ("list", "dict"):
        return _NOUNS.get(kind, (kind, kind))[many]
    items = _noun(inner.split(", ", 1)[-1] if head == "dict" else inner, many=True)    # of a table, what its keys hold
    if head == "list":
        return _("lists of {items}", items=items) if many else _("a list of {items}", items=items)
    return _("tables of {items}", items=items) if many else _("a table of {items}", items=items)
