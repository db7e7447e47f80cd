"""Rules between keys of a scenario, asked of many points at a thousandth of the cost of a load.

Values of axes are sound one by one when this is asked (`parameter_paths.fault`). What is left are the rules of
Sections (`Section.rules`); they are asked of copies, in which nothing else is checked again.

Decision 63 (docs/decisions.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.config.parameters import Section
from sim.scenario import parameter_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.config.parameters import Broken
    from sim.config.toml_positions import Key
    from sim.scenario.load import Scenario


class Rules:
    """The rules that a scenario's key paths touch; `broken` is asked with one value for each path."""

    def __init__(self, scenario: Scenario, paths: Sequence[Key]) -> None:
        self._values = scenario.values
        self._core: dict[Any, Any] = {}            # trees of the paths, with their numbers at the ends
        self._policies: dict[str, dict[Any, Any]] = {}
        for number, path in enumerate(paths):
            if path[0] != "policies":
                _grow(self._core, path, number)
                continue
            for name, inside in parameter_paths.places(scenario, path):
                _grow(self._policies.setdefault(name, {}), inside, number)

    def broken(self, values: Sequence[Any]) -> str:
        """The first rule that a point breaks, in words; "" for none."""
        found: list[Broken] = []
        for name, tree in self._policies.items():
            _put(self._values.policies[name], tree, values, found)
        if self._core and not found:
            _put(self._values, self._core, values, found)
        return found[0].text if found else ""


def _grow(tree: dict[Any, Any], path: Key, number: int) -> None:
    """Hang a number at a path of a tree of dicts."""
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = number


def _put(section: Section, tree: dict[Any, Any], values: Sequence[Any], found: list[Broken]) -> Section:
    """A copy of the Section with values put in where the tree has their numbers; what is Broken goes to found."""
    old = vars(section)
    changed = object.__new__(type(section))            # model_copy would take ten times as long
    vars(changed).update(old)
    vars(changed).update({name: values[inside] if type(inside) is int else _new(old[name], inside, values, found)
                          for name, inside in tree.items()})
    found += changed.rules()
    return changed


def _new(old: Any, inside: Any, values: Sequence[Any], found: list[Broken]) -> Any:
    """What becomes of one value: replaced, or changed inside where it is a Section or a table of names."""
    if not isinstance(inside, dict):
        return values[inside]
    if isinstance(old, Section):
        return _put(old, inside, values, found)
    table = dict(old) if isinstance(old, dict) else {}
    return table | {name: _new(table.get(name), deeper, values, found) for name, deeper in inside.items()}
