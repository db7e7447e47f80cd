"""Axes by evidence: one for every number with a usual range that rests on literature, a sign or assumption alone."""

from sim import policies
from sim.base.errors import InputError
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config import toml_file
from sim.config.parameters import EVIDENCE, interval
from sim.experiments.sweep.axes import Axis, typed
from sim.scenario import parameter_paths

SAMPLED = ("lhs", "sobol", "saltelli", "morris")


def axes_of(settings, scenarios, place, taken):
    """An axis for every number of the scenarios that rests on evidence of these kinds, `taken` keys left out."""
    for kind in settings.evidence:
        if kind not in EVIDENCE:
            raise InputError(place.problem(("evidence",), _("{kind!r} is no kind of evidence", kind=kind),
                                           _("some of {names}", names=", ".join(EVIDENCE)), near_miss(kind, EVIDENCE)))
    if settings.evidence and settings.design not in SAMPLED:
        raise InputError(place.problem(
            ("evidence",), _("the design {design!r} has no axes by evidence", design=settings.design),
            _("one of the designs {names}", names=", ".join(SAMPLED))))
    entries = _numbers(scenarios, settings.evidence)
    for key in settings.leave_out:
        if key not in entries:
            raise InputError(place.problem(("leave_out",), _("evidence brings in no axis {key!r}", key=key), "",
                                           near_miss(key, entries) or _("remove this key")))
    return [_usual(key, *found) for key, found in entries.items()
            if key not in settings.leave_out and key not in taken]


def _numbers(scenarios, evidence):
    """Dotted key -> (key path, entry, scenario) of numbers with a usual range, in the order of the schema."""
    found = {}
    for swept in scenarios if evidence else ():
        for entry in swept.scenario.entries():
            number = isinstance(entry.value, (int, float)) and not isinstance(entry.value, bool)
            if number and entry.row.range and entry.row.evidence in evidence and _acts(swept.scenario, entry.path):
                path = _written(swept.scenario, entry.path)
                found.setdefault(toml_file.dotted(path), (path, entry, swept.scenario))
    return found


def _written(scenario, path):
    """The key path of a value as a file would say it: a policy may be part of a regime."""
    return (*scenario.tables_of[path[1]], *path[2:]) if path[0] == "policies" else path


def _acts(scenario, path):
    """Whether the key means something: instruments leave some common keys unused."""
    if path[0] != "policies":
        return True
    return path[2] not in policies.registry.get(scenario.instruments[path[1]]).unused


def _usual(key, path, entry, scenario):
    usual, kind = interval(entry.row.range), "int" if isinstance(entry.value, int) else "float"
    low, high = (typed(end, kind) for end in (usual.low, usual.high))
    return Axis(key, (key,), (path,), kind, low=low, high=high, meant=(parameter_paths.target(scenario, path),))
