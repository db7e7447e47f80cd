"""Data against a Section: every fault at once, each with place, key, what is wrong, what is expected and a remedy.

pydantic finds the faults, `fault_wording` words them in the terms of the file; this module adds what the
schema knows: the allowed interval, the prior range.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import pydantic
from pydantic_core import ErrorDetails

from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.messages import _, with_chinese
from sim.config.fault_wording import describe, expected, is_number, unfit, worded
from sim.config.layers import Layers
from sim.config.parameters import Row, Section, interval, rows_by_path
from sim.config.toml_file import dotted
from sim.config.toml_positions import Key

MOST = 100                     # faults told of one table: a file can hold 100,000

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
            problems.setdefault(path, worded(fault, path, model, others))
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
                      range=row.range, source=with_chinese(row.source, row.source_zh)),
                    remedy=_("the unit is percentage points: did you mean {number:g}?", number=100 * number)
                    if row.unit == "percentage point" and 0 < number < 1 else "")
            for path, row, number in _numbers(model, data)
            if row.range and number not in interval(row.range)]


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


def _numbers(model: type[Section], data: Mapping[str, Any]) -> Iterator[tuple[Key, Row, float]]:
    """(path, row, number) of every number in the data, those inside lists and tables included."""
    for path, value in _leaves(data):
        row = next((rows_by_path(model)[path[:length]] for length in range(len(path), 0, -1)
                    if path[:length] in rows_by_path(model)), None)
        if row and is_number(value):
            yield path, row, value


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
