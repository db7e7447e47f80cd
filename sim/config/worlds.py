"""Worlds: assumptions that no datum here settles, set together, so that a result can be shown in each of them.

A world is a file of sim/data/worlds, or of a package: a title and settings, which stand before those of the user.
"""

import tomllib

from sim.base import package_data
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.config.toml_file import format_value


def settings(name: str) -> tuple[str, ...]:
    """The settings of a world as texts "key=value". InputError for a name that there is not.

    >>> settings("errors-kept")
    ('moving.constants="errors kept"',)
    """
    known = package_data.worlds()
    if name not in known:
        raise InputError(Problem("", "--world", _("there is no world {name}", name=repr(name)), one_of(known),
                                 near_miss(name, known)))
    given = tomllib.loads(known[name].place.read_text(encoding="utf-8"))["settings"]
    return tuple(f"{key}={format_value(value)}" for key, value in given.items())
