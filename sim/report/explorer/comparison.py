"""The explorer of a finished comparison, from its folder alone: one choice among its scenarios, and no sliders."""

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sim.base import files
from sim.base.messages import _, both
from sim.experiments import load, paired_statistics
from sim.experiments.compare.decomposition import WORDS
from sim.experiments.compare.effects import BASELINE, MEASURES
from sim.experiments.compare.run_levels import closes
from sim.experiments.explorer.sample import ITEMS, Axes, cell_of
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import folder as comparison_folder
from sim.plots.comparison.data import Compared
from sim.report import sources
from sim.report.explorer import answers, page, saving

SCENARIO = both(_("scenario"))
HEIGHT = 900                   # pixels of the frame in a notebook


class Told(NamedTuple):
    """What a comparison's tables say of one scenario, like a Sample."""

    cells: dict[str, NDArray[np.float64]]
    accounts: NDArray[np.float64]
    parts: NDArray[np.float64]
    members: int


@dataclass(frozen=True)
class ExplorerPage:
    """A page, which a notebook shows in a frame of its own."""

    content: bytes

    def save(self, path: str | Path) -> Path:
        """Write the page to a file; its path."""
        with files.writing(path):
            saving.refuse_others(Path(path))
            files.write_checked(Path(path), self.content)
        return Path(path)

    def _repr_html_(self) -> str:
        return (f'<iframe srcdoc="{html.escape(self.content.decode(), quote=True)}" width="100%" height="{HEIGHT}" '
                'sandbox="allow-scripts allow-downloads allow-modals" style="border:0"></iframe>')


def made(folder: Path, lang: str = "en") -> ExplorerPage:
    """The explorer of a comparison's folder; InputError if it holds none, CorruptError if it was changed."""
    said = comparison_folder.load(folder)
    sources.gather(folder, said)
    compared = comparison_data.load(folder)
    effects = load.load(folder)
    axes, quarters = _axes(effects, compared)
    told = [_told(compared, effects, name, axes, quarters) for name in compared.names]
    titles = [[compared.title(name, each) for each in ("en", "zh")] for name in compared.names]
    baseline = [compared.title(compared.baseline, each) for each in ("en", "zh")]
    content = page.frame(compared.places, lang) | {
        "mode": "saved", "years": [int(each[:4]) for each in axes.years], "replicates": compared.members,
        "points": len(told), "errors": {}, "files": None, "shared": [], "answers": answers.blocks(told, axes),
        "titles": {"page": [page.word("comparison_of", each, baseline=title) for each, title in
                            zip(("en", "zh"), baseline)], "scenario": None, "baseline": baseline},
        "controls": [_choice(titles)]}
    return ExplorerPage(page.page(content))


def _choice(titles) -> dict[str, Any]:
    return {"name": "scenario", "paths": [], "kind": "choice", "titles": list(SCENARIO), "of": ["", ""],
            "units": ["", ""], "value": 0, "low": 0, "high": len(titles) - 1, "step": 1,
            "values": list(range(len(titles))), "labels": titles}


def _axes(effects: xr.Dataset, compared: Compared) -> tuple[Axes, list[int]]:
    """The Axes of what is told, and positions of the closes of years among the quarters of the effects."""
    labels = effects["quarter"].to_numpy().astype(str)
    quarters = closes(labels)
    cells = tuple(cell_of(level, place) for level, place in zip(effects["level"].to_numpy().astype(str),
                                                                effects["place"].to_numpy().astype(str)))
    parts: list[tuple[str, str]] = []
    if compared.has(["decomposition"]):
        rows = compared.rows("decomposition", level="zone", measure="headquarters").fillna({"other": ""})
        pairs = dict.fromkeys(zip(rows["part"], rows["other"]))
        parts = [pair for pair in pairs if pair[0] in WORDS and pair[0] != "total"]
    authorities = tuple(dict.fromkeys(compared.tables["fiscal"]["authority"])) if compared.has(["fiscal"]) else ()
    return Axes(tuple(labels[quarters]), cells, tuple(parts), authorities), quarters


def _told(compared, effects, name, axes, quarters) -> Told:
    cells = {}
    for measure in MEASURES:
        base = effects[BASELINE + measure].isel(quarter=quarters).transpose("member", "quarter", "group").to_numpy()
        effect = effects[measure].sel(scenario=name).isel(quarter=quarters).transpose("member", "quarter", "group")
        found = paired_statistics.statistics(effect.to_numpy())
        low, high = np.percentile(base + effect.to_numpy(), [5, 95], axis=0)
        cells[measure] = np.stack([base.mean(axis=0), found["mean"], found["se"], low, high])
    return Told(cells, _accounts(compared, name, axes), _parts(compared, name, axes), compared.members)


def _accounts(compared, name, axes):
    """(mean and se, jurisdiction, item) from the fiscal table."""
    found = np.full((2, len(axes.jurisdictions), len(ITEMS)), np.nan)
    rows = compared.rows("fiscal", scenario=name, unit="RMB million") if axes.jurisdictions else None
    for row in rows.itertuples() if rows is not None else ():
        where = axes.jurisdictions.index(row.authority), ITEMS.index(row.item)
        found[0][where], found[1][where] = row.mean, row.se
    return found


def _parts(compared, name, axes):
    """(mean and se, year, part) from the table of the parts; 0 at the opening, which it does not have."""
    found = np.zeros((2, len(axes.years), len(axes.parts)))
    if axes.parts:
        rows = compared.rows("decomposition", scenario=name, level="zone", measure="headquarters").fillna({"other": ""})
        for row in rows.itertuples():
            if (row.part, row.other) in axes.parts and row.quarter in axes.years:
                where = axes.years.index(row.quarter), axes.parts.index((row.part, row.other))
                found[0][where], found[1][where] = row.mean, row.se
    return found
