"""Dotted keys of nested tables, and what sets two sets of values apart, as their user would put it."""

from collections.abc import Callable, Mapping
from typing import Any

from sim.base.messages import _, joined
from sim.config.toml_file import dotted

NAMED, LONGEST = 3, 60         # keys that are named; characters of a value


def flat(table: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> dict[str, Any]:
    """Dotted key -> value of nested tables."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        path = (*prefix, key)
        found |= flat(value, path) if isinstance(value, dict) else {dotted(path): value}
    return found


def told(there: Mapping[str, Any], here: Mapping[str, Any], shown: Callable[[Any], str]) -> str:
    """The first keys in which values differ, "KEY is X there and Y now", "" if none do; `shown` makes X of a value."""
    keys = [key for key in sorted({*there, *here}) if there.get(key) != here.get(key)]
    named = [_("{key} is {there} there and {here} now", key=key, there=_value(there, key, shown),
               here=_value(here, key, shown)) for key in keys[:NAMED]]
    more = [_("and {count} more keys differ", count=len(keys) - NAMED)] if len(keys) > NAMED else []
    return joined("; ", named + more)


def _value(values: Mapping[str, Any], key: str, shown: Callable[[Any], str]) -> str:
    if key not in values:
        return _("not set")
    text = shown(values[key])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
