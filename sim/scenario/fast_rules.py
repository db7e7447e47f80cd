"""Rules between keys of a scenario, asked of many points at a thousandth of the cost of a load.

Values of axes are sound one by one when this is asked (`parameter_paths.fault`). What is left are the rules of
Sections (`Section.rules`); they are asked of copies, in which nothing else is checked again.

Decision 63 (docs/decisions.md).
"""

from sim.config.parameters import Section
from sim.scenario import parameter_paths


class Rules:
    """The rules that a scenario's key paths touch; `broken` is asked with one value for each path."""

    def __init__(self, scenario, paths):
        self._values = scenario.values
        self._core, self._policies = {}, {}
        for number, path in enumerate(paths):
            if path[0] != "policies":
                _grow(self._core, path, number)
                continue
            for name, inside in parameter_paths.places(scenario, path):
                _grow(self._policies.setdefault(name, {}), inside, number)

    def broken(self, values):
        """The first rule that a point breaks, in words; "" for none."""
        found = []
        for name, tree in self._policies.items():
            _put(self._values.policies[name], tree, values, found)
        if self._core and not found:
            _put(self._values, self._core, values, found)
        return found[0].text if found else ""


def _grow(tree, path, number):
    """Hang a number at a path of a tree of dicts."""
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = number


def _put(section, tree, values, found):
    """A copy of the Section with values put in where the tree has their numbers; what is Broken goes to found."""
    old = vars(section)
    changed = object.__new__(type(section))            # model_copy would take ten times as long
    vars(changed).update(old)
    vars(changed).update({name: values[inside] if type(inside) is int else _new(old[name], inside, values, found)
                          for name, inside in tree.items()})
    found += changed.rules()
    return changed


def _new(old, inside, values, found):
    """What becomes of one value: replaced, or changed inside where it is a Section or a table of names."""
    if not isinstance(inside, dict):
        return values[inside]
    if isinstance(old, Section):
        return _put(old, inside, values, found)
    table = dict(old) if isinstance(old, dict) else {}
    return table | {name: _new(table.get(name), deeper, values, found) for name, deeper in inside.items()}
