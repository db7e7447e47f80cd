"""region.toml: name, origin, rings, rules of the network and credits of the base map."""

import dataclasses
import math
import tomllib
from dataclasses import dataclass, field

from sim.base import own_words
from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.registry import near_miss
from sim.config.parameters import MARKS, interval

FILE = "region.toml"
LARGEST = 65_536       # bytes; long dotted keys take the parser seconds
DEFAULT = ("assumption", "the simulator's default")


def _rule(default, allowed):
    return field(default=default, metadata={"allowed": allowed})


@dataclass(frozen=True)
class Rules:
    """How people reach, ride and leave the network; `provenance` gives (mark, source) by rule."""

    walk_km: float = _rule(1.2, "[0, inf)")             # up to here to a station people walk,
    walk_kmh: float = _rule(4.8, "(0, inf)")
    access_km: float = _rule(15.0, "[0, inf)")          # up to here they take a feeder,
    feeder_kmh: float = _rule(28.0, "(0, inf)")
    feeder_min: float = _rule(6.0, "[0, inf)")          # with its fixed minutes
    path_factor: float = _rule(1.3, "[1, inf)")         # way on foot or by feeder over straight line
    transfer_min: float = _rule(6.0, "[0, inf)")        # besides waiting for the next line
    egress_min: float = _rule(3.0, "[0, inf)")          # from the platform to the hub's door
    station_km: float = _rule(3.0, "[0, inf)")          # up to here a station counts as the site's own
    road_factor: float = _rule(1.3, "[1, inf)")         # way by road over straight line
    road_min: float = _rule(5.0, "[0, inf)")            # to the car and from it
    road_breaks_km: tuple = _rule((8.0, 25.0, 60.0), "(0, inf)")     # road km where the speed changes
    road_kmh: tuple = _rule((35.0, 55.0, 75.0, 95.0), "(0, inf)")    # speed before, between, after
    provenance: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """region.toml as read; problems are kept apart."""

    name: str
    title: str
    title_zh: str
    origin: tuple
    core_km: tuple
    linkage_km: tuple
    districts_error_km: float
    attributions: list
    attributions_zh: list
    rules: Rules
    words: dict


SHAPE = {"": ("name", "title", "title_zh", "origin", "rings", "basemap", "rules", "words"), "words": own_words.keys(),
         "origin": ("lon", "lat"), "rings": ("core_km", "linkage_km", "source"),
         "basemap": ("districts_error_km", "attributions", "attributions_zh")}


def read_settings(file, data):
    """Bytes of region.toml (None when absent) as (Settings or None, problems)."""
    document, problems = parse(file, data)
    if problems:
        return None, problems
    problems = _unknown_keys(file, document)
    get = _Reader(file, document, problems)
    core, linkage = get.pair("rings", "core_km"), get.pair("rings", "linkage_km")
    if core and linkage and not core[1] <= linkage[0]:
        get.fault("rings.linkage_km", linkage, f"a start at or beyond the core's end, {core[1]} km")
    settings = Settings(
        get.text("", "name"), get.text("", "title"), get.text("", "title_zh", "title"),
        (get.number("origin", "lon", "[-180, 180]"), get.number("origin", "lat", "[-90, 90]")), core, linkage,
        get.number("basemap", "districts_error_km", "[0, inf)", 0.0), get.texts("basemap", "attributions"),
        get.texts("basemap", "attributions_zh"), read_rules(get), _words(get))
    return settings, problems


def _words(get):
    """The table [words]: what pages say in this region's own words."""
    given = get.document.get("words", {})
    known = own_words.keys() if isinstance(given, dict) else ()
    return {key: get.texts("words", key) if key.removesuffix("_zh") in own_words.LISTS else get.text("words", key)
            for key in known if key in given}


def parse(file, data):
    """The document of a TOML file and its problems of form."""
    if data is None:
        return {}, [Problem(file, "", "no such file", remedy="add it")]
    if len(data) > LARGEST:
        return {}, [Problem(file, "", f"{len(data)} bytes", f"up to {LARGEST}")]
    try:
        return tomllib.loads(data.decode("utf-8-sig")), []
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return {}, [Problem(file, "", str(error) or type(error).__name__, "TOML in UTF-8")]


def _unknown_keys(file, document):
    problems = []
    for section, known in SHAPE.items():
        table = document.get(section, {}) if section else document
        if not isinstance(table, dict):
            problems.append(Problem(file, section, repr(table), "a table"))
            continue
        problems += [Problem(file, f"{section}.{key}".strip("."), "an unknown key", ", ".join(known),
                             near_miss(key, known)) for key in table if key not in known]
    return problems


def read_rules(get):
    """The table [rules]: each rule is {value, mark, source}; what is absent keeps its default."""
    given = get.document.get("rules", {})
    if not isinstance(given, dict):
        get.fault("rules", given, "a table")
        given = {}
    fields = {f.name: f for f in dataclasses.fields(Rules) if f.name != "provenance"}
    for name in given.keys() - fields.keys():
        get.fault(f"rules.{name}", "an unknown rule", ", ".join(fields), near_miss(name, fields))
    values = {name: _rule_value(get, fields[name], given[name]) for name in fields if name in given}
    provenance = {name: _provenance(given.get(name)) for name in fields}
    rules = Rules(**{k: v for k, v in values.items() if v is not None}, provenance=provenance)
    breaks = list(rules.road_breaks_km)
    if len(rules.road_kmh) != len(breaks) + 1 or breaks != sorted(set(breaks)):
        get.fault("rules.road_breaks_km", breaks, "increasing, one fewer than road_kmh")
    return rules


def _rule_value(get, rule, entry):
    """The value of one rule, or None and a problem."""
    key, allowed = f"rules.{rule.name}", rule.metadata["allowed"]
    if not isinstance(entry, dict) or set(entry) != {"value", "mark", "source"}:
        return get.fault(key, entry, "{value = ..., mark = ..., source = ...}")
    if entry["mark"] not in MARKS or not isinstance(entry["source"], str) or has_control(entry["source"]):
        return get.fault(f"{key}.mark", entry["mark"], ", ".join(MARKS) + " and a source as text")
    value = entry["value"]
    many = isinstance(rule.default, tuple)
    if isinstance(value, list) != many or not all(_is_number(v, allowed) for v in (value if many else [value])):
        return get.fault(f"{key}.value", value, ("numbers in " if many else "a number in ") + allowed)
    return tuple(map(float, value)) if many else float(value)


def _provenance(entry):
    return (entry.get("mark"), entry.get("source")) if isinstance(entry, dict) else DEFAULT


def _is_number(value, allowed):
    """Finite, not a switch and within the interval."""
    return (type(value) in (int, float) and abs(value) < 1e300 and math.isfinite(value)
            and value in interval(allowed))


class _Reader:
    """Typed access to a document; what is wrong goes to `problems` and None comes back."""

    def __init__(self, file, document, problems):
        self.file, self.document, self.problems = file, document, problems

    def fault(self, key, found, allowed, remedy=""):
        found = found if isinstance(found, str) else repr(found)
        self.problems.append(Problem(self.file, key, found, allowed, remedy))

    def _get(self, section, key):
        table = self.document.get(section, {}) if section else self.document
        return table.get(key) if isinstance(table, dict) else None

    def text(self, section, key, fallback=None):
        value = self._get(section, key)
        if value is None and fallback:
            value = self._get(section, fallback)
        if isinstance(value, str) and has_control(value):
            self.fault(f"{section}.{key}".strip("."), repr(value), ONE_LINE)
            return ""
        if isinstance(value, str) and value.strip():
            return value
        if not (fallback and value is None):
            self.fault(f"{section}.{key}".strip("."), "nothing" if value is None else repr(value), "a text")
        return ""

    def texts(self, section, key):
        value = self._get(section, key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(v, str) and not has_control(v) for v in value):
            self.fault(f"{section}.{key}", value, f"a list of texts, each {ONE_LINE}")
            return []
        return value

    def number(self, section, key, allowed, default=None):
        value = self._get(section, key)
        if value is None and default is not None:
            return default
        if not _is_number(value, allowed):
            self.fault(f"{section}.{key}", "nothing" if value is None else value, allowed)
            return math.nan
        return float(value)

    def pair(self, section, key):
        value = self._get(section, key)
        sound = isinstance(value, list) and len(value) == 2 and all(_is_number(v, "[0, inf)") for v in value)
        if not sound or not value[0] < value[1]:
            self.fault(f"{section}.{key}", "nothing" if value is None else value, "[start, end] in km, start < end")
            return None
        return tuple(map(float, value))
