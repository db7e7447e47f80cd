"""Axes: which parameter moves, between which values, and what a point of the unit cube means on it."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import first_day, quarter_of
from sim.config.toml_positions import Key
from sim.scenario import parameter_paths
from sim.scenario.parameter_paths import Target

KINDS = {float: "float", int: "int", bool: "bool", str: "text", datetime.date: "date"}


@dataclass(frozen=True)
class Axis:
    """One axis of a design; `values` where they are listed, `low` and `high` where they are a range."""

    name: str
    keys: tuple[str, ...]      # dotted keys that move together
    paths: tuple[Key, ...]     # the same as key paths
    kind: str                  # float, int, bool, text or date
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    law: str = "uniform"
    mode: float = 0.0          # where the triangular law peaks
    meant: tuple[Target, ...] = field(default=(), repr=False, compare=False)       # declarations of the parameters
    titles: tuple[str, str] = field(default=("", ""), compare=False)   # English, Chinese, for the explorer

    @property
    def apart(self) -> bool:
        """Whether members that differ in it cannot share an ensemble."""
        return parameter_paths.apart(self.meant, self.kind)

    def at(self, u: NDArray[np.float64]) -> NDArray[Any]:
        """Values at places u in [0, 1), an array: listed ones are equally likely.

        Whole numbers and quarters between low and high are equally likely, both ends included.
        """
        if self.values:
            return column(self.kind, [self.values[k] for k in np.minimum(u * len(self.values),
                                                                       len(self.values) - 1).astype(int)])
        low, high = _number(self.low), _number(self.high)
        if self.kind != "float":
            whole = np.minimum(np.floor(low + u * (high - low + 1)), high).astype(np.int64)
            return _dates(whole) if self.kind == "date" else whole
        return np.clip(_quantile(self.law, u, low, high, self.mode), low, high)

    def described(self) -> dict[str, Any]:
        """What sets this axis apart from another, as plain values."""
        given = {"values": list(map(plain, self.values))} if self.values else {
            "between": [plain(self.low), plain(self.high)], "law": self.law}
        return {"keys": list(self.keys), **given}


def column(kind: str, values: Sequence[Any]) -> NDArray[Any]:
    """Values of one kind as an array: numbers, dates as datetime64, texts as objects."""
    types: dict[str, Any] = {"float": float, "int": np.int64, "bool": bool, "date": "datetime64[D]"}
    if kind in types:
        return np.array(values, dtype=types[kind])
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def spread(kind: str, low: Any, high: Any, step: float = 0.0, number: int = 0, law: str = "uniform") -> tuple[Any, ...]:
    """Tuple of values from low to high: `number` of them, or a step apart; quarters for dates.

    >>> spread("float", 1.0, 2.0, step=0.5)
    (1.0, 1.5, 2.0)
    """
    first, last = _number(low), _number(high)
    if number and law == "log-uniform":
        found = np.geomspace(first, last, number)
    elif number:
        found = np.linspace(first, last, number)
    else:
        found = first + step * np.arange(length(low, high, step, 0))
    if kind == "float":
        return tuple(found.tolist())
    whole = tuple(dict.fromkeys(np.rint(found).astype(np.int64).tolist()))
    return tuple(_dates(np.array(whole)).tolist()) if kind == "date" else whole


def length(low: Any, high: Any, step: float, number: int) -> int:
    """How many values `spread` would make, before it makes them."""
    return number or (int((_number(high) - _number(low)) / step + 1e-9) + 1 if step else 0)


def kind_of(values: Iterable[Any]) -> str:
    """The kind of a list of values, "" for a mixture; whole numbers among others count as numbers."""
    kinds = {KINDS.get(type(value), "text") for value in values}
    if kinds == {"int", "float"}:
        return "float"
    return kinds.pop() if len(kinds) == 1 else ""


def typed(value: Any, kind: str) -> Any:
    """A number of the kind that a parameter has: 1.0 where 1 is said and meant.

    >>> typed(1, "float"), typed(2.0, "int"), typed("solve", "float")
    (1.0, 2, 'solve')
    """
    if kind == "float" and type(value) is int:
        return float(value)
    return int(value) if kind == "int" and type(value) is float and value.is_integer() else value


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, np.generic):
        value = value.item()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _number(value):
    return quarter_of(value) if isinstance(value, datetime.date) else value


def _dates(quarters):
    """First days of quarters."""
    return np.array([first_day(quarter) for quarter in quarters], "datetime64[D]")


def _quantile(law, u, low, high, mode):
    if law == "log-uniform":
        return np.exp(np.log(low) + u * (np.log(high) - np.log(low)))
    if law == "triangular":
        split = (mode - low) / (high - low)
        rising = low + np.sqrt(u * (high - low) * (mode - low))
        falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
        return np.where(u < split, rising, falling)
    return low + u * (high - low)
