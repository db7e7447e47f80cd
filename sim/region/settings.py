"""region.toml: name, origin, rings, rules of the network, words, and credits of the base map.

It is checked as a scenario is: each key declared once, every fault told at its line.
"""

import dataclasses
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pydantic

from sim.base import own_words
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config import toml_file
from sim.config.check import check, problem, unprintable
from sim.config.fault_wording import A_TABLE, unfit
from sim.config.layers import Layers
from sim.config.parameters import EVIDENCE, Broken, Section, parameter

FILE = "region.toml"

_said = functools.partial(parameter, evidence="choice", source="who describes the region")


def _rule(default, unit, allowed):
    return field(default=default, metadata={"unit": unit, "allowed": allowed})


@dataclass(frozen=True)
class Rules:
    """How people reach, ride and leave the network; `provenance` gives (evidence, source) by rule."""

    walk_km: float = _rule(1.2, "km", "[0, inf)")       # up to here to a station people walk,
    walk_kmh: float = _rule(4.8, "km/h", "(0, inf)")
    access_km: float = _rule(15.0, "km", "[0, inf)")    # up to here they take a feeder,
    feeder_kmh: float = _rule(28.0, "km/h", "(0, inf)")
    feeder_min: float = _rule(6.0, "min", "[0, inf)")   # with its fixed minutes
    path_factor: float = _rule(1.3, "1", "[1, inf)")    # way on foot or by feeder over straight line
    transfer_min: float = _rule(6.0, "min", "[0, inf)")         # besides waiting for the next line
    egress_min: float = _rule(3.0, "min", "[0, inf)")   # from the platform to the hub's door
    station_km: float = _rule(3.0, "km", "[0, inf)")    # up to here a station counts as the site's own
    road_factor: float = _rule(1.3, "1", "[1, inf)")    # way by road over straight line
    road_min: float = _rule(5.0, "min", "[0, inf)")     # to the car and from it
    road_breaks_km: tuple = _rule((8.0, 25.0, 60.0), "km", "(0, inf)")       # road km where the speed changes
    road_kmh: tuple = _rule((35.0, 55.0, 75.0, 95.0), "km/h", "(0, inf)")    # speed before, between, after
    provenance: dict = field(default_factory=dict)


class Origin(Section):
    lon: float = _said(..., unit="degree", allowed="[-180, 180]", doc="longitude in WGS84")
    lat: float = _said(..., unit="degree", allowed="[-90, 90]", doc="latitude in WGS84")


class Rings(Section):
    core_km: list[float] = _said(..., unit="km", each="[0, inf)", doc="start and end of the core ring")
    linkage_km: list[float] = _said(..., unit="km", each="[0, inf)", doc="the same of the linkage ring, for drawing")
    source: str = _said("", unit="text", doc="whose rings they are")

    def rules(self) -> Iterable[Broken]:
        """Rings end after they start, and the second starts where the first has ended."""
        odd = [key for key in ("core_km", "linkage_km") if len(getattr(self, key)) != 2
               or not getattr(self, key)[0] < getattr(self, key)[1]]
        for key in odd:
            yield Broken(((key,),), _("{value} is not an interval", value=getattr(self, key)),
                         _("[start, end] in km, start < end"))
        if not odd and self.core_km[1] > self.linkage_km[0]:
            yield Broken((("linkage_km",),), _("{value} starts inside the core ring", value=self.linkage_km),
                         _("a start at or beyond the core's end, {end} km", end=self.core_km[1]))


NO_RINGS = Rings.model_construct(core_km=[0.0, 0.0], linkage_km=[0.0, 0.0], source="")     # no core, all linkage


class Basemap(Section):
    districts_error_km: float = _said(0.0, unit="km", allowed="[0, inf)", doc="how far district borders may be off")
    attributions: list[str] = _said([], unit="text", doc="credits of the map")
    attributions_zh: list[str] = _said([], unit="text", doc="the same in Chinese")


class _Texts(Section):
    def rules(self) -> Iterable[Broken]:
        """Texts that are given say something."""
        for key in self.model_fields_set:
            if isinstance(getattr(self, key), str) and not getattr(self, key).strip():
                yield Broken(((key,),), _("the text is empty"), _("a text"))


class _RuleTable(Section):
    if TYPE_CHECKING:              # as of all the others, a Section with the value
        road_breaks_km: Any
        road_kmh: Any

    def rules(self) -> Iterable[Broken]:
        """A speed for each stretch of road between breaks."""
        breaks = self.road_breaks_km.value
        if len(self.road_kmh.value) != len(breaks) + 1 or breaks != sorted(set(breaks)):
            yield Broken((("road_breaks_km",),), _("{value} does not fit road_kmh", value=breaks),
                         _("increasing numbers, one fewer than road_kmh"))


def _rule_section(rule):
    """The Section {value, evidence, source} of a rule, and its default."""
    many = isinstance(rule.default, tuple)
    kind, default = (list[float], list(rule.default)) if many else (float, rule.default)
    bounds = {"each" if many else "allowed": rule.metadata["allowed"]}
    model = pydantic.create_model(
        rule.name, __base__=Section, value=(kind, _said(..., unit=rule.metadata["unit"], doc=rule.name, **bounds)),
        evidence=(Literal[EVIDENCE], _said(..., unit="name", doc="where the value comes from")),
        source=(str, _said(..., unit="text", doc="its source")))
    return model, model(value=default, evidence="assumption", source="the simulator's default")


def _word(key):
    many = key.removesuffix("_zh") in own_words.LISTS
    return (list[str], _said([], unit="text", doc=key)) if many else (str, _said("", unit="text", doc=key))


RuleTable = pydantic.create_model("RuleTable", __base__=_RuleTable, **{
    rule.name: _rule_section(rule) for rule in dataclasses.fields(Rules) if rule.name != "provenance"})
Words = pydantic.create_model("Words", __base__=_Texts, **{key: _word(key) for key in own_words.keys()})


class Settings(_Texts):
    """region.toml."""

    name: str = _said(..., unit="name", doc="name of the region")
    title: str = _said(..., unit="text", doc="title")
    title_zh: str = _said("", unit="text", doc="Chinese title")
    origin: Origin
    rings: Rings = NO_RINGS
    basemap: Basemap = Basemap()
    words: Words = Words()


def read_settings(file: str, data: bytes | None) -> tuple[Settings | None, Rules | None, list[Problem]]:
    """Bytes of region.toml (None when absent) as (Settings, Rules, problems), both None where there are problems."""
    if data is None:
        return None, None, [Problem(file, "", _("file not found"), remedy=_("add it"))]
    try:
        source = toml_file.parse(toml_file.decoded(data, file), file)
    except InputError as error:
        return None, None, error.problems
    given, layers = dict(source.data), Layers([source])
    table = given.pop("rules", {})
    values, problems = check(Settings, given, layers, others=("rules",))
    if isinstance(table, dict):
        rules, faults = check(RuleTable, table, layers, ("rules",))
    else:
        rules, faults = None, {("rules",): problem(layers, ("rules",), unfit(table), A_TABLE)}
    problems = unprintable(source.data, layers) | problems | faults
    return (None, None, list(problems.values())) if problems else (values, _of_network(rules), [])


def _of_network(table):
    """The Rules that the table [rules] gives; what is absent keeps its default."""
    entries = {name: getattr(table, name) for name in RuleTable.model_fields}
    values = {name: tuple(rule.value) if isinstance(rule.value, list) else rule.value for name, rule in entries.items()}
    return Rules(**values, provenance={name: (rule.evidence, rule.source) for name, rule in entries.items()})
