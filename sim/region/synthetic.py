"""Made-up regions of any size, for tests and for measuring how the simulator scales."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd

from sim.base import own_words, plain_files
from sim.base.csv_files import ENCODING
from sim.base.geodesy import separation_km
from sim.config.toml_file import format_value
from sim.region.columns import TABLES
from sim.region.load import PROXIMITY, SHAPES, Region, from_files
from sim.region.settings import FILE

CENTRE = (10.0, 50.0)      # degrees; somewhere with land around
DEGREE_KM = 111.2
CORE_KM, LINKAGE_KM = (5.0, 10.0), (10.0, 30.0)
ZONE_KM, SPREAD_KM = 25.0, 80.0


def synthetic_region(sites: int = 12, seed: int = 0, nests: int = 2, industries: int = 3, stations: int = 6,
                     hubs: int = 2) -> Region:
    """A region of made-up sites, the same for the same arguments.

    Sites lie around the origin within 80 km, those within 25 km in the zone and nest 0, the rest in
    the other nests in turn (and the first sites in one nest each, so that none is empty). A ring line
    through the stations runs from the start, a line of chords from 2025; the first stations are hubs.
    Counts: sites, industries and nests from 1 on (nests up to sites), stations from 3 on, hubs from 1
    up to stations; ValueError otherwise.
    """
    if not (1 <= nests <= sites and industries >= 1 and 1 <= hubs <= stations and stations >= 3):
        raise ValueError("needs 1 <= nests <= sites, industries >= 1, 1 <= hubs <= stations, stations >= 3")
    rng = np.random.default_rng(seed)
    tables = {"sites.csv": _sites(sites, nests, rng), "nests.csv": _named("nest", nests),
              "jurisdictions.csv": _named("district", min(sites, 3)), "industries.csv": _industries(industries, rng),
              PROXIMITY: _proximity(industries, rng), "stations.csv": _stations(stations, rng)}
    tables["links.csv"] = _links(tables["stations.csv"], rng)
    tables["hubs.csv"] = _hubs(tables["stations.csv"]["id"][:hubs], rng)
    tables["stock.csv"] = _stock(tables["sites.csv"], rng)
    files = {name: as_csv(frame) for name, frame in tables.items()}
    files[FILE] = _toml({"": {"name": f"synthetic-{sites}-{seed}", "title": "Synthetic region", "title_zh": "合成区域"},
                         "origin": dict(zip(("lon", "lat"), CENTRE)),
                         "rings": {"core_km": CORE_KM, "linkage_km": LINKAGE_KM}})
    return from_files(files_of(from_files(files, "synthetic")), "synthetic")


def write(region: Region, folder: str | Path) -> None:
    """Write a region as a folder that `region.load` reads back, value for value."""
    folder = Path(folder)
    for name, data in files_of(region).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with plain_files.new(path) as file:
            file.write(data)


def files_of(region: Region) -> dict[str, bytes]:
    """The region's files by name, as bytes."""
    files = {file: as_csv(_table(region, file, table)) for file, table in TABLES.items()
             if table.required or not table.rows or len(getattr(region, file.removesuffix(".csv")))}
    files[PROXIMITY] = as_csv(region.proximity.rename_axis("industry").reset_index())
    shapes = {file: region.basemap[layer] for layer, file in SHAPES.items() if region.basemap[layer]}
    files |= {file: json.dumps(shape, ensure_ascii=False).encode() for file, shape in shapes.items()}
    return files | {FILE: _settings(region)}


def _table(region, file, table):
    """A table as its file holds it: ids as a column, sites in the order of display."""
    frame = getattr(region, file.removesuffix(".csv"))
    frame = frame.reset_index() if table.key else frame
    return frame.sort_values("order").drop(columns="order") if file == "sites.csv" else frame


def _named(word, count):
    ids = [f"{word}-{k}" for k in range(count)]
    return pd.DataFrame({"id": ids, "name_en": [f"{word.capitalize()} {k}" for k in range(count)],
                         "name_zh": [f"{word} {k}号" for k in range(count)]})


def _sites(count, nests, rng):
    lon, lat, distance = _around(count, rng)
    zone = distance < ZONE_KM
    outer = 1 + np.arange(count) % max(nests - 1, 1)
    nest = np.where(zone, 0, np.minimum(outer, nests - 1))
    nest[:nests] = np.arange(nests)                      # no nest is empty
    return _named("site", count).assign(
        lon=lon, lat=lat, jurisdiction=[f"district-{k % min(count, 3)}" for k in range(count)],
        nest=[f"nest-{k}" for k in nest], in_startup_area=distance < CORE_KM[1] / 2, in_zone=zone,
        is_town=zone, coord_error_km=1.0, source="made up", confidence="made up")


def _around(count, rng):
    """Points spread evenly over a disc around the centre: lon, lat, and about their km from it."""
    distance, angle = SPREAD_KM * np.sqrt(rng.random(count)), 2 * np.pi * rng.random(count)
    lat = CENTRE[1] + distance * np.sin(angle) / DEGREE_KM
    lon = CENTRE[0] + distance * np.cos(angle) / (DEGREE_KM * math.cos(math.radians(CENTRE[1])))
    return lon, lat, distance


def _industries(count, rng):
    intensity = {name: rng.random(count).round(3) for name in ("rnd", "trade", "hightech")}
    return _named("industry", count).assign(share=1 / count, **intensity, evidence="assumption", source="made up")


def _proximity(count, rng):
    half = np.triu(rng.random((count, count)).round(3), 1)
    names = _named("industry", count)["id"].to_list()
    return pd.DataFrame(half + half.T, columns=names).assign(industry=names)[["industry", *names]]


def _stations(count, rng):
    lon, lat, _ = _around(count, rng)
    return _named("station", count).assign(lon=lon, lat=lat, mode="metro", opened="2010-01-01", source="made up",
                                           confidence="made up")


def _links(stations, rng):
    """A ring through all stations, open, and chords over every second one, from 2025."""
    ids, count = stations["id"].to_list(), len(stations)
    rows = [("ring", ids[k], ids[(k + 1) % count], 10.0, "2010-01-01") for k in range(count)]
    rows += [("chords", ids[k], ids[k + 2], 20.0, "2025-01-01") for k in range(0, count - 2, 2)]
    frame = pd.DataFrame(rows, columns=["line", "from", "to", "headway", "opened"])
    place = stations.set_index("id")[["lon", "lat"]]
    start, end = (place.loc[frame[column]].to_numpy() for column in ("from", "to"))
    minutes = 2 + separation_km(*start.T, *end.T) / rng.uniform(60, 200, len(rows)) * 60
    return frame.assign(minutes=minutes.round(2), source="made up", confidence="made up")


def _hubs(stations, rng):
    return pd.DataFrame({"id": stations, "name_en": [f"Hub {k}" for k in range(len(stations))],
                         "mass": 1 + rng.random(len(stations)).round(3), "airport": np.arange(len(stations)) == 0,
                         "centre_penalty_min": 5.0, "evidence": "assumption", "source": "made up"})


def _stock(sites, rng):
    """One group for each jurisdiction, spread evenly over its sites."""
    rows = []
    for group, inside in sites.groupby("jurisdiction")["id"]:
        count = int(rng.integers(5, 50)) * len(inside)
        rows.append((group, group, count, inside.to_list(), [1.0] * len(inside), count, count))
    frame = pd.DataFrame(rows, columns=["group", "name_en", "headquarters", "sites", "weights", "low", "high"])
    return frame.assign(evidence="assumption", source="made up", confidence="made up")


def as_csv(frame: pd.DataFrame) -> bytes:
    """A table as the reader takes it back exactly: flags are 0 and 1, lists have ";"."""
    cells = {name: frame[name].map(lambda cell: ";".join(map(str, cell)) if isinstance(cell, list) else cell)
             for name in frame if frame[name].dtype == object}
    cells |= {name: frame[name].astype(int) for name in frame if frame[name].dtype == bool}
    changed = frame.assign(**{str(name): column for name, column in cells.items()})
    return changed.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode(ENCODING)


def _settings(region):
    """region.toml: of the rules those whose source is known, the others keep their defaults."""
    rules = {name: {"value": getattr(region.rules, name), "evidence": evidence, "source": source}
             for name, (evidence, source) in region.rules.provenance.items()}
    credits = {key: region.basemap[key] for key in ("attributions", "attributions_zh")}
    return _toml({"": {"name": region.name, "title": region.title, "title_zh": region.title_zh},
                  "origin": dict(zip(("lon", "lat"), region.origin)),
                  "rings": {"core_km": region.core_km, "linkage_km": region.linkage_km} if region.core_km[1] else {},
                  "basemap": {"districts_error_km": region.districts_error_km, **credits},
                  "words": {key: text for key, text in region.words.items() if key in own_words.keys()},
                  "rules": rules})


def _toml(tables):
    """Tables of keys as a file; an empty one is left out."""
    lines = []
    for table, keys in tables.items():
        lines += [f"[{table}]"] if table and keys else []
        lines += [*(f"{key} = {format_value(value)}" for key, value in keys.items()), ""]
    return "\n".join(lines).encode()
