"""What a search for equilibria leaves in its folder: a table, and the diagram in both languages."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from sim.base import files
from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.config.toml_file import dotted
from sim.experiments.equilibria.search import Over, table
from sim.model.mean_field import feedback, map_slopes
from sim.plots.common import save
from sim.plots.equilibria import registry as figures
from sim.region.load import Region
from sim.results import summary
from sim.runs import output_folder, processor
from sim.runs.output_folder import Request
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario

TABLE = "equilibria.csv"
GRID = 15                     # shares of the leading site at which the plane is computed


def request(scenario: Scenario, region: Region, along: Over | None, starts: int) -> Request:
    """What is asked for."""
    return Request(output_folder.EQUILIBRIA, {
        "scenario": output_folder.digest_of(scenario.digest), "region": output_folder.digest_of(region.digest),
        "over": along.key if along else "", "values": [] if along is None else along.values.tolist(),
        "starts": starts}, (TABLE, "bifurcation.en.*", "bifurcation.zh.*"))


def write(folder: Path, scenario: Scenario, asked: Request, along: Over | None, found: Any,
          languages: Sequence[str]) -> None:
    """equilibria.csv, manifest.json and bifurcation.<language>.svg and .png of some languages in a claimed folder."""
    key = along.key if along else ""
    frame = table(key, found)
    files.write_checked(folder / TABLE, summary.csv_of(frame))
    output_folder.finish(folder, asked, scenario=scenario.path, processor=processor.used(),
                         equilibria=[len(result.equilibria) for _, _, result in found])
    if languages and len(frame):
        data = dataset(key, frame, found).assign_attrs(_said_of(key, scenario))
        save.save_all(save.drawings(figures.entries(), data, [spoken(lang, data.attrs) for lang in languages]), folder)


def _said_of(key, loaded):
    """What the figure says of the scenario: its titles, its own value of the key (nan for none), what the key is."""
    title, title_zh = loaded.titles
    own = next((float(entry.value) for entry in loaded.entries() if key and dotted(entry.path) == key), np.nan)
    target = parameter_paths.target(loaded, tuple(key.split("."))) if key else None
    named = {f"axis_{lang}": target.row.doc_in(lang) if target else "" for lang in LANGUAGES}
    return {"title": title, "title_zh": title_zh, "scenario": loaded.name, "own": own, **named}


def dataset(key: str, frame: pd.DataFrame, found: Any) -> xr.Dataset:
    """The labelled Dataset that the figure shows, with R_dyn over the plane of value and leading share."""
    field, share = found[0][1], np.linspace(0.02, 0.98, GRID)
    step = np.nan_to_num([value for value, _, _ in found])
    leader = list(field.world.region.sites.index).index(
        frame.loc[frame["leader_share"].idxmax(), "leader"])  # type: ignore[index]  # rows have numbers
    plane = [[_feedback_at(each, leader, part) for part in share] for _, each, _ in found] if key else \
        np.full((1, GRID), np.nan)
    columns: dict[str, Any] = {name: ("equilibrium", frame[name].to_numpy(float))
               for name in ("leader_share", "r_dyn", "stable")}
    columns |= {"value": ("equilibrium", np.nan_to_num(frame[key or "value"].to_numpy(float))),
                "plane": (("step", "share"), np.array(plane))}
    labels = field.world.calendar.labels()
    attrs = {"key": key, "region": field.world.region.name, "words": json.dumps(field.world.region.words)}
    coords = {"step": step, "share": share, "quarter": [labels[0], labels[-1]]}
    return xr.Dataset(columns, coords=coords, attrs=attrs)


def _feedback_at(field, leader, share):
    """R_dyn where a site has this share of every kind and the others keep their opening proportions."""
    others = np.delete(field.n.sum(axis=0), leader)
    spread = np.insert((1.0 - share) * others / others.sum(), leader, share)
    n = field.n.sum(axis=1, keepdims=True) * spread
    slopes = map_slopes.slopes(field, n)
    return feedback.r_dyn(field, slopes, n, feedback.growth(field, n, slopes.seen))
