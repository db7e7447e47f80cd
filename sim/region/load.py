"""A region: sites, network, stock and base map, read from a folder and checked as a whole.

The embedded regions lie in `sim/data/regions/` or come with another package; a user's folder has the same
files (any country, any number of sites) and is named by its path.
"""

import codecs
import functools
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import own_words
from sim.base.errors import MOST_LINES, InputError, Problem
from sim.base.geodesy import distances_km
from sim.base.messages import _, one_of
from sim.base.package_data import regions as embedded
from sim.base.registry import near_miss
from sim.region import checks, dated_checks, mixes
from sim.region.basemap import districts, read_shapes
from sim.region.columns import TABLES, proximity_table
from sim.region.csv_tables import read_sheet
from sim.region.settings import FILE, Rules, read_settings

LARGEST = 20_000_000       # bytes of one file
MOST_PROBLEMS = MOST_LINES     # reported at once; a broken file of a million rows would bury the terminal
SHAPES = {"districts": "basemap/districts.geojson", "lakes": "basemap/lakes.geojson"}
PROXIMITY = "proximity.csv"
NETWORK = ("stations.csv", "links.csv", "hubs.csv")
CALLED = ("name_en", "name_zh", "short_en", "short_zh")     # columns of names that places go by
NAMES = (FILE, *TABLES, PROXIMITY, *SHAPES.values())


@dataclass(frozen=True, eq=False)
class Region:
    """Everything that is known of a region. Tables are pandas DataFrames, not to be changed.

    sites is sorted by id, the engine's order; `order` is the row in the file, for display. Distances
    and errors in km, minutes and headways in minutes, coordinates in degrees of WGS84, dates as
    datetime64[s] with NaT for "none". Further columns of a file are kept as text.
    """

    name: str
    title: str
    title_zh: str
    origin: tuple                # (lon, lat)
    core_km: tuple               # (start, end) of the core ring; its end bounds the ring; (0, 0) without rings
    linkage_km: tuple            # for drawing; the linkage ring is the rest of the zone
    rules: Rules
    sites: pd.DataFrame          # index id
    jurisdictions: pd.DataFrame  # index id
    nests: pd.DataFrame          # index id
    industries: pd.DataFrame     # index id, in file order
    proximity: pd.DataFrame      # industry x industry, [0, 1], zero diagonal
    stations: pd.DataFrame       # index id
    links: pd.DataFrame          # row by row
    lines: pd.DataFrame          # row by row, for maps and documents
    hubs: pd.DataFrame           # index id, which is a station's
    stock: pd.DataFrame          # index group
    specialisations: pd.DataFrame      # row by row: industries named at sites, see `mixes`
    headquarters_types: pd.DataFrame   # row by row: the same of headquarters types
    statuses: pd.DataFrame       # row by row
    stocks: pd.DataFrame         # row by row: yearly headquarters of a site from a date on, by industry where known
    levels: pd.DataFrame         # row by row: dated levels of a lever by site or jurisdiction
    instruments: pd.DataFrame    # index id, all text
    validation: pd.DataFrame     # row by row
    basemap: dict                # districts, lakes (GeoJSON or None), attributions, attributions_zh
    districts_error_km: float    # how far the simplified districts may be off
    words: dict                  # what pages say of it in its own words, by the keys of own_words
    digest: str                  # sha256 of the files' names and bytes

    @functools.cached_property
    def jurisdiction_of_site(self) -> NDArray[np.int64]:
        """(site,) number of the jurisdiction of each, read once: a table of texts is slow to read."""
        return self.jurisdictions.index.get_indexer(self.sites["jurisdiction"])  # type: ignore[arg-type]  # of labels

    @functools.cached_property
    def ring_of_site(self) -> NDArray[np.str_]:
        """(site,) ring of each."""
        return self.sites["ring"].to_numpy(str)

    def distances(self) -> NDArray[np.float64]:
        """(site, site) km between sites."""
        return distances_km(self.sites["lon"].to_numpy(float), self.sites["lat"].to_numpy(float))


def load(name_or_path: str | Path) -> Region:
    """The region with this name ("yrd-zone") or in this folder.

    Raises InputError with every problem found, each naming file, row and column.
    """
    folder, label = _find(name_or_path)
    files, problems = _read(folder, label)
    return from_files(files, label, problems) if problems else _of_bytes(label, tuple(files.items()))


@functools.lru_cache(maxsize=4)
def _of_bytes(label: str, files: tuple[tuple[str, bytes], ...]) -> Region:
    """The region of these bytes, once for all scenarios that name it: nothing changes a region."""
    return from_files(dict(files), label)


def tables(name_or_path: str | Path, wanted: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Some tables of a region by name, as DataFrames, as far as they can be read.

    What is wrong with them is told by `load`. InputError if there is no such region.
    """
    folder, label = _find(name_or_path)
    files, _problems = _read(folder, label, [f"{name}.csv" for name in wanted])
    return {name: read_sheet("", files.get(f"{name}.csv"), TABLES[f"{name}.csv"]).frame for name in wanted}


def called(table: pd.DataFrame) -> list[str]:
    """All names in a region's table, for suggestions."""
    return [name for column in CALLED if column in table for name in table[column]]


def from_files(files: Mapping[str, bytes], label: str = "", problems: Sequence[Problem] = ()) -> Region:
    """A region from the bytes of its files by name; `label` stands before file names in problems."""
    at = f"{label}/" if label else ""
    settings, rules, found = read_settings(at + FILE, files.get(FILE))
    sheets = {file: read_sheet(at + file, files.get(file), table) for file, table in TABLES.items()}
    industries = [i for i in sheets["industries.csv"].frame["id"] if i]
    sheets[PROXIMITY] = read_sheet(at + PROXIMITY, files.get(PROXIMITY), proximity_table(industries))
    shapes = {}
    for layer, file in SHAPES.items():
        shapes[layer], faults = read_shapes(at + file, files.get(file), named=layer == "districts")
        found += faults
    found += [problem for sheet in sheets.values() for problem in sheet.problems] + _half_a_network(files, sheets, at)
    found += checks.relations(sheets) + dated_checks.relations(sheets) + checks.proximity(sheets[PROXIMITY], industries)
    found += mixes.faults(sheets)
    if settings:
        found += checks.places(sheets["sites.csv"], settings, districts(shapes["districts"]))
    problems = [*problems, *found]
    if len(problems) > MOST_PROBLEMS:
        more = Problem("", "region", _("there are {count} more problems", count=len(problems) - MOST_PROBLEMS),
                       remedy=_("correct these first"))
        problems[MOST_PROBLEMS:] = [more]
    if problems:
        raise InputError(problems)
    return _assemble(settings, rules, {file: sheet.frame for file, sheet in sheets.items()}, shapes, digest(files))


def _half_a_network(files, sheets, at):
    """The tables of the network that are missing: a region has all of them, or none."""
    there = [file for file in NETWORK if file in files and len(sheets[file].frame)]
    return [Problem(at + file, "", _("file not found"), remedy=_("add it")) for file in NETWORK
            if there and file not in files]


def digest(files: Mapping[str, bytes]) -> str:
    """sha256 over the names and bytes of the files, in the order of names; the mark of UTF-8 does not count."""
    sha = hashlib.sha256()
    for name in sorted(files):
        data = files[name].removeprefix(codecs.BOM_UTF8)
        sha.update(f"{name}\0{len(data)}\0".encode() + data)
    return sha.hexdigest()


def _find(name_or_path):
    """The folder and how to name it to the user: an embedded name first, then a path."""
    name = str(name_or_path)
    if name in embedded():
        return embedded()[name].place, name
    if os.path.isdir(name):
        return Path(name), name.rstrip("/\\")
    raise InputError(Problem("", "region", _("there is no region {name}", name=repr(name)),
                             _("a folder, or {names}", names=one_of(embedded())),
                             near_miss(name, embedded())))


def _child(folder, name):
    """A file below a folder, step by step: a folder inside a zipped package takes one at a time."""
    for part in name.split("/"):
        folder = folder / part
    return folder


def _read(folder, label, names=NAMES):
    """Bytes of the files that exist and the problems of those that cannot be read."""
    files, problems = {}, []
    for name in names:
        path = _child(folder, name)
        try:
            if path.is_file():
                with path.open("rb") as file:
                    files[name] = file.read(LARGEST + 1)
        except OSError as error:
            problems.append(Problem(f"{label}/{name}", "", _("it cannot be read ({reason})",
                                                             reason=error.strerror or str(error))))
        if len(files.get(name, b"")) > LARGEST:
            problems.append(Problem(f"{label}/{name}", "", _("the file is larger than {most:,} bytes", most=LARGEST)))
            files[name] = files[name][:0]
    return files, problems


def _assemble(settings, rules, frames, shapes, digest):
    """The region from sound tables."""
    frame = {file.removesuffix(".csv"): table for file, table in frames.items()}
    keyed = {file.removesuffix(".csv"): frames[file].set_index(table.key)
             for file, table in TABLES.items() if table.key}
    origin, core_km = (settings.origin.lon, settings.origin.lat), tuple(settings.rings.core_km)
    frame |= keyed | {"sites": _sites(keyed["sites"], origin, core_km),
                      "proximity": _proximity(frame["proximity"], keyed["industries"].index)}
    credits = settings.basemap
    basemap = {**shapes, "attributions": credits.attributions, "attributions_zh": credits.attributions_zh}
    return Region(settings.name, settings.title, settings.title_zh or settings.title, origin, core_km,
                  tuple(settings.rings.linkage_km), rules, **frame, basemap=basemap,
                  districts_error_km=credits.districts_error_km, digest=digest,
                  words=settings.words.model_dump(exclude_unset=True) | _counted(frame["stock"])
                  | ({} if core_km[1] else {own_words.RINGLESS: True}))


def _counted(stock):
    """What words need to know: nothing is allocated where each place has a count of its own."""
    return {own_words.COUNTED: True} if (stock["sites"].map(len) == 1).all() else {}


def _sites(sites, origin, core_km):
    """Computed distance and ring take the place of what the file states; rows sorted by id.

    A place without a Chinese name goes by its short English one on Chinese figures.
    """
    sites = sites.assign(short_zh=sites["short_zh"].where(sites["short_zh"] != sites["name_en"], sites["short_en"]))
    distance = checks.site_distances(sites, origin)
    ring = checks.ring_names(sites, distance, core_km[1])
    sites = sites.assign(ring=pd.Series(ring, sites.index, dtype="str"), distance_km=distance)
    sites.insert(0, "order", np.arange(len(sites)))
    return sites.sort_index()


def _proximity(table, industries):
    """Square matrix in the order of industries; zeros when the file is absent."""
    if table.empty:
        return pd.DataFrame(0.0, industries, industries)
    return table.set_index("industry").loc[industries, list(industries)].rename_axis(columns="id").rename_axis("id")
