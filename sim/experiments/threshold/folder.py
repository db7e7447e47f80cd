"""What a search for the smallest policy leaves in its folder: a table of the values looked at, and their figure."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from sim.base import files
from sim.base.calendar import label, quarter_of
from sim.base.messages import LANGUAGES
from sim.base.own_words import Language, spoken
from sim.experiments.threshold.bisection import Search
from sim.experiments.threshold.objective import SearchVariable
from sim.plots.common import save
from sim.plots.sensitivity import registry
from sim.plots.sensitivity.words import scalar, word
from sim.results import summary
from sim.runs import output_folder
from sim.runs.output_folder import Request
from sim.scenario import parameter_paths
from sim.scenario.load import Scenario

NAME = "search"


class Asked(NamedTuple):
    """What was searched for."""

    key: str
    target: float
    column: str
    confidence: float
    effect: bool               # whether the target is an effect, or a level
    replicates: int            # that a mean is over


def request(variable: SearchVariable, asked: Asked, against: Scenario | None, between: Sequence[str],
            tolerance: float | None) -> Request:
    """What is asked for, for the folder that it goes into."""
    return Request(output_folder.SEARCH, {
        "scenario": output_folder.digest_of(variable.scenario.digest),
        "region": output_folder.digest_of(variable.region.digest),
        "against": output_folder.digest_of(against.digest) if against else "", "between": list(between),
        "tolerance": tolerance, **asked._asdict()}, (f"{NAME}.csv", f"{NAME}.en.*", f"{NAME}.zh.*"))


def write(folder: Path, found: Search, variable: SearchVariable, asked: Asked, made_for: Request,
          languages: Sequence[str]) -> Path | None:
    """search.csv, manifest.json and search.<language>.svg and .png in a claimed folder; the first picture, if any."""
    values, means, errors = (np.array(column) for column in zip(*found.seen, strict=True))
    table = pd.DataFrame({asked.key: [variable.value(value) for value in values], "mean": means, "se": errors,
                          "reached": means >= asked.target})
    files.write_checked(folder / f"{NAME}.csv", summary.csv_of(table))
    output_folder.finish(folder, made_for)
    data = _dataset(found, asked, variable)
    save.save_all(save.drawings([registry.get(NAME)], data, [spoken(lang, data.attrs) for lang in languages]), folder)
    return folder / f"{NAME}.{languages[0]}.png" if languages else None


def _dataset(found, asked, variable):
    """The labelled Dataset that the figure shows; dates as decimal years."""
    values, means, errors = (np.array(column) for column in zip(*found.seen, strict=True))
    loaded, words = variable.scenario, variable.region.words
    target = parameter_paths.target(loaded, variable.path)
    columns = {"mean": ("row", means), "error": ("row", errors), "value": ("row", _numbers(variable, values))}
    attrs = {"target": asked.target, "confidence": asked.confidence, "key": asked.key, "scenario": loaded.name,
             "found": _numbers(variable, np.array([found.value]))[0], "shown": _shown(variable, found.value),
             "low": _shown(variable, found.low), "high": _shown(variable, found.high), "replicates": asked.replicates,
             "title": loaded.titles[0], "title_zh": loaded.titles[1],
             "region": str(loaded.values.region), "words": json.dumps(words)}
    for lang in LANGUAGES:
        said = scalar(asked.column, Language(lang, words))
        attrs |= {f"notes_{lang}": "",
                  f"what_{lang}": word("search_effect", Language(lang, words), what=said) if asked.effect else said,
                  f"axis_{lang}": target.row.doc_in(lang) if target else ""}
    time = loaded.values.time
    first, last = (quarter_of(datetime.date.fromisoformat(str(day))) for day in (time.start, time.end))
    return xr.Dataset(columns, coords={"quarter": [label(first - 1), label(last)]}, attrs=attrs)


def _numbers(variable, values):
    """Values of the search as numbers of an axis: dates as decimal years."""
    if variable.kind != "date":
        return np.asarray(values, float)
    found = [variable.value(value) if value == value else None for value in values]
    return np.array([np.nan if one is None else one.year + (one.timetuple().tm_yday - 1) / 365.25 for one in found])


def _shown(variable, value):
    return "" if value != value else str(variable.value(value))
