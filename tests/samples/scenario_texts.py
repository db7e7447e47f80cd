"""Scenarios from texts: what is wrong with one, where it stands, and the parameters that a file may set."""

import pytest

from sim import policies
from sim.base.errors import InputError
from sim.config.parameters import rows_by_path
from sim.config.toml_file import format_value, parse
from sim.scenario import schema
from sim.scenario.load import build

CORE = {path: row for path, row in rows_by_path(schema.build()).items() if path != ("policies",)}
POLICY = {("policies", name, *path): row for name, model in schema.policy_models().items()
          for path, row in rows_by_path(model).items()}


def scenario(text, settings=()):
    return build(parse(text, "x.toml"), settings)


def unsolved(path):
    """Settings under which the base year needs no solution, unless they are what is tested."""
    given = {"moving.cost": 1, "choice.outside": "false"}
    if path == ("population", "largest"):
        given |= {"population.median_size": 1, "population.size_sd": 0}      # a tail that begins below it
    if path[0] == "population":
        given.setdefault("population.largest", 1e11)
    return [f"{key}={value}" for key, value in given.items() if key != ".".join(path)]


def problems(text, settings=()):
    """The lines with which a text is refused; a text that loads is a failure."""
    with pytest.raises(InputError) as caught:
        scenario(text, settings)
    return str(caught.value).split("\n")


def assignment(path, value):
    """A scenario text with one key at line 2 (line 3 in a policy); `value` is TOML."""
    if path[0] != "policies":
        return f"[{'.'.join(path[:-1])}]\n{path[-1]} = {value}" if path[1:] else f"\n{path[0]} = {value}"
    others = {key: other for key, other in policies.registry.get(path[1]).example.items() if key != path[2]}
    lines = [f"{key} = {format_value(other)}" for key, other in others.items()]
    return "\n".join([f"[{'.'.join(path[:2])}]", f"instrument = '{path[1]}'", f"{path[2]} = {value}", *lines])


def place(path):
    """Where `assignment` puts the key."""
    return f"x.toml:{3 if path[0] == 'policies' else 2}:1: {'.'.join(path)}: "


# -- wrong values -----------------------------------------------------------------------------------

SCALARS = {path: row for path, row in (CORE | POLICY).items() if row.kind.split(" | ")[0] in ("float", "int")}


def dotted(paths):
    return [".".join(path) for path in paths]


BOUNDED = {path: row for path, row in SCALARS.items() if row.allowed}
