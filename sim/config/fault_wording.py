"""What is wrong with a value, what is expected and what to do, in the words of the file."""

import datetime
import math
import re
import tomllib
import typing
from collections.abc import Iterable
from typing import Any, TypeGuard

from pydantic_core import ErrorDetails, ValidationError

from sim.base.messages import Message, _, either, joined, one_of, translate, with_chinese
from sim.base.registry import near_miss
from sim.config.parameters import Row, Section, rows_by_path
from sim.config.toml_file import DATE, dotted, format_value, iso
from sim.config.toml_positions import Key

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


def worded(fault: ErrorDetails, path: Key, model: type[Section], others: Iterable[str]) -> tuple[str, ...]:
    """Wrong, expected and remedy of one fault."""
    row, value = rows_by_path(model).get(path), fault["input"]
    if fault["type"] == "extra_forbidden":
        return _unknown(path, set(rows_by_path(model)) | {(name,) for name in others} | set(_named(model, path)))
    if fault["type"] == "missing":
        row = row or _named(model, path).get(path)
        return _("missing, and it has no default"), expected(row) if row else A_TABLE
    if row is None:
        return unfit(value), expected_by(fault)
    choices = [kind.strip("'") for kind in row.kind.split(" | ") if kind[0] == "'"]
    return unfit(value, row.kind), expected(row), near_miss(value, choices) or _unquoted(value, row)


def in_a_line(error: ValidationError) -> Message:
    """What is wrong with values that no file says, as those of a point or draw; one line."""
    return joined("; ", [fault.get("ctx", {}).get("text") or with_chinese(fault["msg"], translate(
        _("{wrong}; expected {what}", wrong=unfit(fault["input"]), what=expected_by(fault)), "zh"))
        for fault in error.errors(include_url=False)])


def _named(model: type[Section], path: Key) -> dict[Key, Row]:
    """Path -> Row of the keys that the Sections of a table have, under the user's name that is in a path."""
    field = model.model_fields.get(str(path[0])) if len(path) > 2 else None
    inner = typing.get_args(field.annotation)[-1:] if field else ()
    return {(*path[:2], *key): row for each in inner if hasattr(each, "model_fields")
            for key, row in rows_by_path(each).items()}


def _unknown(path: tuple[Any, ...], known: set[tuple[Any, ...]]) -> tuple[str, str, str]:
    """An unknown key: the nearest one beside it, else the same key elsewhere."""
    if path[-1] in RENAMED:
        return _("this key is now called {name}", name=RENAMED[path[-1]]), "", ""
    depth = len(path) - 1
    beside = sorted({key[depth] for key in known if key[:depth] == path[:-1] and len(key) > depth})
    same = [dotted(key) for key in sorted(known) if key[-1] == path[-1]]
    remedy = (near_miss(path[-1], beside) or near_miss(path[-1].lower(), beside)
              or near_miss("".join(same[:1]), same))
    return UNKNOWN_KEY, one_of(beside) if beside and not remedy else "", remedy


ALTERNATIVES = re.compile(r" \| (?![^\[]*\])")                  # between kinds, not between those of a list


def _unquoted(value: object, row: Row) -> str:
    """The remedy for a value in quotes that is good without them."""
    kinds = row.kind.replace("float", "int | float").split(" | ")
    try:
        plain = tomllib.loads(f"key = {value}")["key"] if isinstance(value, str) else value
    except tomllib.TOMLDecodeError:
        return ""
    return _("write it without quotes") if plain is not value and type(plain).__name__ in kinds else ""


def expected(row: Row) -> str:
    """What may stand at a key, in words.

    >>> from sim.config.parameters import Row
    >>> expected(Row("k", "float | 'solve'", "km", 1.0, "[0, 9]", "", "", "", "", ""))
    "a number in [0, 9] or 'solve', unit km"
    """
    words = either(_bounded(kind, row.allowed) for kind in ALTERNATIVES.split(row.kind))
    return words if row.unit in _PLAIN_UNITS else _("{what}, unit {unit}", what=words, unit=_(row.unit))


def _bounded(kind: str, bounds: str) -> str:
    """A kind in words, with the interval of its numbers."""
    if bounds and ("float" in kind or "int" in kind):
        return _("{noun} in {interval}", noun=noun(kind), interval=bounds)
    return noun(kind)


def noun(kind: str, many: bool = False) -> str:
    """A kind in words.

    >>> noun("dict[str, dict[str, float]]"), noun("list['log' | 'linear']")
    ('a table of tables of numbers', "a list of 'log' or 'linear'")
    """
    head, inner = kind.removesuffix("]").split("[", 1) if "[" in kind else (kind, "")
    if head not in ("list", "dict"):
        return _NOUNS.get(kind, (kind, kind))[many]
    held = inner.split(", ", 1)[-1] if head == "dict" else inner                       # of a table, what its keys hold
    items = either(noun(one, many=True) for one in ALTERNATIVES.split(held))
    if head == "list":
        return _("lists of {items}", items=items) if many else _("a list of {items}", items=items)
    return _("tables of {items}", items=items) if many else _("a table of {items}", items=items)


def describe(value: object) -> str:
    """A value as it looks in the file, shortened.

    >>> describe("a"), describe(True), describe([1])
    ("'a'", 'true', '[1]')
    """
    return repr(value[:60]) if isinstance(value, str) else format_value(value)[:60]


def _date_meant(text: str) -> str:
    """The day that a text of another form means, as files write it; "" if there is no such day."""
    written = DATE.fullmatch(text.strip().rstrip("日"))
    try:
        return str(datetime.date.fromisoformat(iso(*written.groups()))) if written else ""
    except ValueError:
        return ""


def unfit(value: object, kind: str = "") -> Message:
    """What is wrong with a value that is not of the kind that is expected.

    >>> unfit([1], "float"), unfit("1/31", "date"), unfit(1.5, "int"), unfit("linaer", "'log' | 'linear'")
    ('[1] is a list', "'1/31' is not a date", '1.5 is not a whole number', "'linaer' is unknown")
    """
    shown = describe(value)
    if isinstance(value, str) and "date" in kind:
        meant = _date_meant(value)
        if meant and meant != value:
            return _("{value} is not a date (write {date})", value=shown, date=meant)
        return _("{value} is not a date", value=shown)
    if isinstance(value, str) and "'" in kind:
        return _("{value} is unknown", value=shown)
    if is_number(value) and ("float" in kind or "int" in kind):
        return _unfit_number(value, kind)
    return _("{value} is {type}", value=shown, type=_TYPES.get(type(value).__name__, type(value).__name__))


def _unfit_number(number: float, kind: str) -> Message:
    if not math.isfinite(number):
        return _("{value} is not a finite number", value=number)
    if isinstance(number, float) and "float" not in kind:
        return _("{value} is not a whole number", value=number)
    return _("{value} is out of range", value=describe(number))


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def expected_by(fault: ErrorDetails) -> str:
    """What pydantic expects, by the kind of its fault: inside lists and tables, and where nothing else is declared."""
    kind = fault["type"].removesuffix("_type")
    if kind in _BOUNDS:
        bound, = fault["ctx"].values()
        return _(_BOUNDS[kind], bound=bound)
    nouns = {"string": _NOUNS["str"][0], "finite_number": _NOUNS["float"][0], "dict": A_TABLE, "model": A_TABLE,
             "list": _TYPES["list"]} | {key: noun for key, (noun, _many) in _NOUNS.items()}
    return nouns.get(kind, fault["msg"].removeprefix("Input should be "))
