"""From the outcomes of a run's chunks to its labelled dataset."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from sim.base.calendar import Calendar
from sim.base.lazy_arrays import joined
from sim.base.messages import _, both
from sim.kernels.arrays import AGES
from sim.model.outcome import Outcome
from sim.region.load import Region
from sim.region.opening_stock import TYPES
from sim.results.account_axes import account_coords
from sim.results.dataset import COORDINATES, DEGREES, GENERATIONS, SITE_COLUMNS, TYPE_NAMES, VARIABLES
from sim.scenario.load import Scenario


def dataset(region: Region, scenario: Scenario, outcomes: Iterable[Outcome], replicates: Sequence[int]) -> xr.Dataset:
    """The labelled dataset of a run from an iterable of its chunks, in the order of the replicates.

    Variables are put together from the chunks when they are used, and not kept.
    """
    arrays = _joined(outcomes)
    calendar = Calendar.between(scenario.values.time.start, scenario.values.time.end)
    variables = {name: (dims, arrays[name], dict(units=unit, long_name=text, long_name_zh=text_zh))
                 for name, (dims, unit, text, text_zh) in VARIABLES.items()}
    coords = _coords(region, calendar, replicates) | account_coords(region, scenario, calendar)
    data = xr.Dataset(variables, coords=coords, attrs=_attributes(region, scenario))
    for name, (text, text_zh) in COORDINATES.items():
        data[name].attrs.update(long_name=text, long_name_zh=text_zh, **DEGREES.get(name, {}))
    return data


def without_outcomes(region: Region, scenario: Scenario) -> xr.Dataset:
    """The labels and attributes that the dataset of a run would have, before anything is simulated."""
    calendar = Calendar.between(scenario.values.time.start, scenario.values.time.end)
    coords = _coords(region, calendar, []) | account_coords(region, scenario, calendar)
    return xr.Dataset(coords=coords, attrs=_attributes(region, scenario))


def _joined(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Arrays of all members by name, read when they are used."""
    chunks: dict[str, list[Any]] = {}
    for outcome in outcomes:
        found = {**outcome.arrays, "constant": outcome.constant, "allocated_share": outcome.shares,
                 "moving_cost": outcome.mean_cost, "stay_constant": outcome.cost, "base_residual": outcome.residual}
        for name, chunk in found.items():
            chunks.setdefault(name, []).append(chunk)
    return {name: joined(each) for name, each in chunks.items()}


def _coords(region: Region, calendar: Calendar, replicates: Sequence[int]) -> dict[str, Any]:
    sites = region.sites
    closes = [pd.Period(label.replace("-", ""), freq="Q").end_time.normalize() for label in calendar.labels()]
    coords = {"member": ("member", np.asarray(replicates)),
              "quarter": calendar.labels(), "date": ("quarter", pd.DatetimeIndex(closes)),
              "site": list(sites.index), "origin": list(sites.index),
              "destination": [*sites.index, "outside"],
              "generation": list(GENERATIONS),
              "age": ("age", np.arange(AGES), {"units": "year"}),
              "industry": list(region.industries.index),
              "industry_en": ("industry", list(region.industries["name_en"])),
              "industry_zh": ("industry", list(region.industries["name_zh"])),
              "hq_type": list(TYPES),
              "hq_type_en": ("hq_type", [TYPE_NAMES[name][0] for name in TYPES]),
              "hq_type_zh": ("hq_type", [TYPE_NAMES[name][1] for name in TYPES])}
    for lang in ("en", "zh"):
        names = region.jurisdictions[f"name_{lang}"].astype(str)
        coords[f"jurisdiction_{lang}"] = ("site", list(names[sites["jurisdiction"]]))
    for name in SITE_COLUMNS:
        values = sites[name].to_numpy()
        coords[name] = ("site", values.astype(str) if values.dtype == object else values)
    return coords


def _attributes(region: Region, scenario: Scenario) -> dict[str, Any]:
    values = scenario.values
    title, title_zh = scenario.titles
    ground = {"origin": list(region.origin), **region.basemap, "lines": _lines(region),
              "core_km": list(region.core_km), "linkage_km": list(region.linkage_km)}
    return {"title": title, "title_zh": title_zh,
            "scenario": scenario.name, "scenario_digest": scenario.digest, "region": region.name,
            "region_title": region.title, "region_title_zh": region.title_zh,
            "region_digest": region.digest, "words": json.dumps(region.words, ensure_ascii=False),
            "seed": values.run.seed, "critical_mass": values.diagnostics.critical_mass,
            "deflator": values.money.deflator_name,
            "basemap": json.dumps(ground, ensure_ascii=False, sort_keys=True),
            "events": json.dumps(_events(scenario), ensure_ascii=False)}


def _lines(region: Region) -> list[dict[str, Any]]:
    """Straight segments between stations with the day they open; schematic, no geometry is known."""
    stations = region.stations
    points = dict(zip(stations.index, stations[["lon", "lat"]].to_numpy(float).tolist()))
    return [{"line": link["line"], "name_en": link["line_en"], "from": points[link["from"]],
             "to": points[link["to"]], "opened": str(link["opened"])[:10]}
            for link in region.links.to_dict("records")]


def _events(scenario: Scenario) -> list[dict[str, str]]:
    """Starts and ends of policies within the horizon, for the figures."""
    time, found = scenario.values.time, {}
    for name, policy in scenario.values.policies.items():
        for date, word, word_zh in ((policy.start, *both(_("starts"))), (policy.end, *both(_("ends")))):
            if date and time.start <= date <= time.end:
                label, label_zh = policy.title or name, policy.title_zh or policy.title or name
                found[(str(date), label)] = {"date": str(date), "label": f"{label} {word}",
                                             "label_zh": f"{label_zh}{word_zh}"}
    return [found[key] for key in sorted(found)]
