"""Dotted keys of nested tables, and what sets two sets of values apart, as their user would put it."""

from sim.config.toml_file import dotted

NAMED, LONGEST = 3, 60         # keys that are named; characters of a value


def flat(table, prefix=()):
    """Dotted key -> value of nested tables."""
    found = {}
    for key, value in table.items():
        path = (*prefix, key)
        found |= flat(value, path) if isinstance(value, dict) else {dotted(path): value}
    return found


def told(there, here, shown):
    """The first keys in which values differ, "KEY is X there and Y now", "" if none do; `shown` makes X of a value."""
    keys = [key for key in sorted(there | here) if there.get(key) != here.get(key)]
    named = [f"{key} is {_value(there, key, shown)} there and {_value(here, key, shown)} now" for key in keys[:NAMED]]
    more = [f"and {len(keys) - NAMED} more keys differ"] if len(keys) > NAMED else []
    return "; ".join(named + more)


def _value(values, key, shown):
    if key not in values:
        return "not set"
    text = shown(values[key])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
