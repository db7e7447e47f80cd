"""Data against a Section: every fault at once, each with place, key, what is allowed and a remedy.

pydantic finds the faults; this module words them in the language of the file and adds what the
schema knows: the allowed interval, the unit, the nearest known key, the prior range.
"""

import datetime
import functools
import itertools
import re

import pydantic

from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.registry import near_miss
from sim.config.parameters import interval, rows
from sim.config.toml_file import dotted, format_value

MOST = 100                     # faults told of one table: a file can hold 100,000
_NOUNS = {"float": ("a number", "numbers"), "int": ("a whole number", "whole numbers"),
          "str": ("text in quotes", "texts"), "bool": ("true or false", "switches"),
          "date": ("a date such as 2028-01-31", "dates")}
_PLAIN_UNITS = {"1", "text", "name", "names", "switch", "date", "count"}   # they say nothing more


def check(model, data, layers, prefix=(), others=()):
    """The Section made from `data`, or None, and key path -> Problem; `others` are further known keys.

    `layers.where(path)` tells where a key path stands; `prefix` is the path of `data` itself.
    """
    problems, values, faults = {}, None, []
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
            problems[path] = describe(number), allowed(row)
    located = {prefix + path: words for path, words in problems.items()}
    for path, words in _broken(faults, problems, layers, prefix):
        located.setdefault(path, words)
    return values, {path: problem(layers, path, *words) for path, words in located.items()}


def problem(layers, path, found, allowed="", remedy=""):
    """A Problem at a key path."""
    return Problem(layers.where(path), dotted(path), found, allowed, remedy)


def unprintable(data, layers):
    """Key path -> Problem of names and texts with control characters, which tables and drawings cannot hold.

    Descriptions may have several lines.
    """
    odd = [(path, value) for path, value in _leaves(data)
           if any(has_control(str(part)) for part in path) or isinstance(value, str) and has_control(
               re.sub(r"[\n\r\t]", " ", value) if str(path[-1]).startswith("description") else value)]
    return {path: problem(layers, path, describe(value), ONE_LINE) for path, value in odd}


def warnings(model, data, layers, prefix=()):
    """One line for every number in `data` that is outside its prior range."""
    return [str(problem(layers, layers.written(prefix + path), describe(number),
                        remedy=f"outside its prior range {row.range} ({row.source}){_unit_doubt(row, number)}"))
            for path, row, number in _numbers(model, data)
            if row.range and number not in interval(row.range)]


def _unit_doubt(row, number):
    """What to ask of a rate that looks like a share."""
    if row.unit != "percentage point" or not 0 < number < 1:
        return ""
    return f"; in percentage points: is {100 * number:g} meant?"


def allowed(row):
    """What may stand at a key, in words.

    >>> from sim.config.parameters import Row
    >>> allowed(Row("k", "float | 'solve'", "km", 1.0, "[0, 9]", "", "", "", "", ""))
    "a number in [0, 9] or 'solve', unit km"
    """
    bounds = f" in {row.allowed}" if row.allowed else ""
    words = [_noun(kind) + bounds * ("float" in kind or "int" in kind) for kind in row.kind.split(" | ")]
    return " or ".join(words) + ("" if row.unit in _PLAIN_UNITS else f", unit {row.unit}")


def describe(value):
    """A value as it looks in the file, shortened.

    >>> describe("a"), describe(True), describe([1])
    ("the text 'a'", 'true', 'the list [1]')
    """
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    if isinstance(value, (datetime.date, datetime.time)):
        return f"the {type(value).__name__} {value}"
    kind = {list: "the list ", dict: "the table "}.get(type(value), "")
    return kind + format_value(value)[:60]


@functools.cache
def rows_by_path(model):
    """Key path -> Row of every parameter of a Section."""
    return {tuple(row.key.split(".")): row for row in rows(model)}


def _broken(faults, problems, layers, prefix):
    """(path, words) of rules that are not kept, unless a key of theirs is wrong by itself."""
    for fault in faults:
        for keys, *words in fault.get("ctx", {}).get("broken", ()):
            paths = [(*fault["loc"], *key) for key in keys]
            if not any(wrong[:len(path)] == path for wrong in problems for path in paths):
                yield layers.latest([layers.written(prefix + path) for path in paths]), words


def _path(fault, data):
    """The key path of a fault as far as it exists in the data, and the key that is missing."""
    path = ()
    for part in fault["loc"]:
        if part not in (range(len(data)) if isinstance(data, list) else data):
            break
        path, data = (*path, part), data[part]
        if not isinstance(data, (list, dict)):
            break
    return (*path, fault["loc"][-1]) if fault["type"] == "missing" else path


def _worded(fault, path, model, others):
    """Found, allowed and remedy of one fault."""
    row = rows_by_path(model).get(path)
    if fault["type"] == "extra_forbidden":
        return _unknown(path, set(rows_by_path(model)) | {(name,) for name in others})
    if fault["type"] == "missing":
        return "nothing", allowed(row) if row else "a table", "this key has no default"
    message = fault["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    if fault["type"] == "value_error":
        return describe(fault["input"]), "", message
    choices = [kind.strip("'") for kind in row.kind.split(" | ") if kind[0] == "'"] if row else []
    inside = "a table" if "dictionary" in message else message.replace("a valid string", "text in quotes")
    return describe(fault["input"]), allowed(row) if row else inside, near_miss(fault["input"], choices)


def _unknown(path, known):
    """An unknown key: the nearest one beside it, else the same key elsewhere."""
    depth = len(path) - 1
    beside = sorted({key[depth] for key in known if key[:depth] == path[:-1] and len(key) > depth})
    same = [dotted(key) for key in sorted(known) if key[-1] == path[-1]]
    remedy = (near_miss(path[-1], beside) or near_miss(path[-1].lower(), beside)
              or near_miss("".join(same[:1]), same))
    return "an unknown key", "" if remedy else ", ".join(beside), remedy


def _numbers(model, data):
    """(path, row, number) of every number in the data, those inside lists and tables included."""
    for path, value in _leaves(data):
        row = next((rows_by_path(model)[path[:length]] for length in range(len(path), 0, -1)
                    if path[:length] in rows_by_path(model)), None)
        if row and isinstance(value, (int, float)) and not isinstance(value, bool):
            yield path, row, value


def _leaves(data, path=()):
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        if isinstance(value, (dict, list)):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _out_of_bounds(row, number):
    """Outside the allowed interval, or a whole number that fits no 64-bit integer."""
    too_long = isinstance(number, int) and not -2**63 <= number < 2**63
    return too_long or bool(row.allowed) and number not in interval(row.allowed)


def _noun(kind, many=False):
    """A kind in words.

    >>> _noun("dict[str, dict[str, float]]"), _noun("'log'")
    ('a table of tables of numbers', "'log'")
    """
    head, _, inner = kind.removesuffix("]").partition("[")
    if head not in ("list", "dict"):
        return _NOUNS.get(kind, (kind, kind))[many]
    word = "list" if head == "list" else "table"
    inner = inner.split(", ", 1)[-1] if head == "dict" else inner              # of a table, what its keys hold
    return (f"{word}s of " if many else f"a {word} of ") + _noun(inner, many=True)
