"""The summary table: what most readers want to know, with intervals over the members."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.csv_files import ENCODING, read_csv
from sim.base.messages import _, both, translate
from sim.base.own_words import own, spoken
from sim.results import run_folder
from sim.results.scalars import FEEDBACK, critical_mass

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

WORDS = {
    "headquarters": translate(_("headquarters enterprises"), "zh"),
    "headquarters_real_criteria": translate(_("headquarters by criteria at constant prices"), "zh"),
    "headquarters_nominal_criteria": translate(_("headquarters by criteria that nobody adjusts"), "zh"),
    "enterprises": translate(_("candidates for headquarters"), "zh"),
    "employment": translate(_("employment"), "zh"),
    "rent": translate(_("rent index"), "zh"),
    "sites_at_capacity": translate(_("share of sites whose floor is at capacity"), "zh"),
    "r_choice": translate(_("feedback of entry choices"), "zh"),
    "r_dyn": translate(_("feedback of the quarterly dynamics"), "zh"),
    "half_life": translate(_("half-life"), "zh"),
    "rivalness": translate(_("rivalness"), "zh"),
    "arrived": translate(_("share of the long-run effect that has come by the end"), "zh"),
    "capitalised": translate(_("share of a lasting gain that rents take back by the end"), "zh"),
    "capitalised_long_run": translate(_("share of a permanent gain that rents absorb in the long run"), "zh"),
    "critical_mass_reached": translate(_("share of replicates that reach the critical mass"), "zh"),
    "time_to_critical_mass": translate(_("time to the critical mass"), "zh")}
COLUMNS = ("measure", "measure_zh", "level", "place", "place_zh", "quarter", "unit", "mean", "sd", "se",
           "p05", "p95", "members")
STOCKS = ("headquarters", "headquarters_real_criteria", "headquarters_nominal_criteria", "enterprises", "employment")
DECIMALS = 10                 # of numbers in tables
RING_ZH = {ring: translate(ring, "zh") for ring in (_("core"), _("linkage"), _("radiation"))}


def table(data: xr.Dataset) -> pd.DataFrame:
    """DataFrame (one row a measure, place and date): mean, sd, standard error, 5-95 % band, members.

    The band is of the level over members (population draw, allocation and chance), not of the mean.
    Rows of level "feedback" rest on the members that were measured, or that reached the critical mass.
    """
    rows, everywhere, dates = [], places(data), _dates(data)
    for measure in STOCKS:
        values = data[measure].isel(quarter=list(dates.values()))
        by_site = values.sum([dim for dim in ("industry", "hq_type") if dim in values.dims])
        by_site, unit = by_site.transpose("member", "quarter", "site").to_numpy(), values.attrs["units"]
        for *place, mask in everywhere:
            series = by_site[:, :, mask].sum(axis=2)
            rows += [(measure, WORDS[measure], *place, label, unit, *numbers)
                     for label, numbers in zip(dates, statistics(series))]
    return pd.DataFrame([*rows, *_land(data), *_feedback(data), *_critical_mass(data)], columns=COLUMNS)


def of_folder(folder: Path) -> pd.DataFrame:
    """The table of a finished run, from its folder; CorruptError if it is not as it was written."""
    return read_csv(io.BytesIO(run_folder.content(folder, run_folder.finished(folder), "summary.csv")))


def _land(data: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    """Share of the zone's sites where all the floor that there can be is in use, so that land is a limit."""
    zone = data["at_capacity"].isel(site=np.flatnonzero(data["in_zone"].values)).mean("site")
    dates, zone_zh = _dates(data), own(spoken("zh", data.attrs), "zone")
    values = zone.transpose("member", "quarter").to_numpy()[:, list(dates.values())]
    for label, numbers in zip(dates, statistics(values)):
        yield ("sites_at_capacity", WORDS["sites_at_capacity"], "land", "zone", zone_zh, label, "share", *numbers)


def _feedback(data: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    """Rows of what the run says of its own feedback, at the quarters where it was measured."""
    for measure in FEEDBACK:
        values = data[measure]
        for label, column in zip(data["quarter"].to_numpy(), values.to_numpy().T):
            measured = column[~np.isnan(column)]
            if len(measured):
                yield (measure, WORDS[measure], "feedback", *both(_("all")), str(label), values.attrs["units"],
                       *statistics(measured)[0])


def _critical_mass(data: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    """How many replicates reach the critical mass of headquarters in the zone, and after how many years."""
    threshold = data.attrs["critical_mass"]
    zone = data["headquarters"].isel(site=np.flatnonzero(data["in_zone"].values))
    paths = zone.sum(["site", "industry", "hq_type"]).transpose("member", "quarter").to_numpy()
    years = critical_mass(paths, threshold)
    zone_zh = own(spoken("zh", data.attrs), "zone")
    where = ("feedback", *both(_("zone, {number:g} headquarters", number=threshold, zone=zone_zh)),
             str(data["quarter"].to_numpy()[-1]))
    reached = np.isfinite(years)
    yield ("critical_mass_reached", WORDS["critical_mass_reached"], *where, "share",
           *statistics(reached.astype(float))[0])
    if reached.any():
        yield ("time_to_critical_mass", WORDS["time_to_critical_mass"], *where, "year",
               *statistics(years[reached])[0])


def places(data: xr.Dataset) -> list[tuple[str, str, str, NDArray[np.bool_]]]:
    """(level, name, Chinese name, mask over sites): zone, rings, jurisdictions, sites."""
    column: dict[str, Any] = {name: data[name].to_numpy().astype(str)
                              for name in ("ring", "jurisdiction", "jurisdiction_zh", "site", "name_zh")}
    column["ring_zh"] = [RING_ZH[name] for name in column["ring"]]
    found = [("zone", "zone", own(spoken("zh", data.attrs), "zone"), data["in_zone"].to_numpy().astype(bool))]
    order = np.argsort(data["order"].to_numpy())
    for level, chinese in (("ring", "ring_zh"), ("jurisdiction", "jurisdiction_zh"), ("site", "name_zh")):
        names = {str(column[level][k]): str(column[chinese][k]) for k in order}
        found += [(level, name, name_zh, column[level] == name) for name, name_zh in names.items()]
    return found


def csv_of(frame: pd.DataFrame, form: str = "") -> bytes:
    """A table as CSV, bytes in UTF-8 with its mark; a text cell that a spreadsheet would run as a formula gets a '.

    Numbers are rounded to ten decimals, or have a `form` such as ".10g" where they are of any order of magnitude.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(_cells(frame.iloc[:, k], form) for k in range(frame.shape[1]))))
    return buffer.getvalue().encode(ENCODING, "backslashreplace")


def _cells(column: pd.Series, form: str) -> list[Any]:
    """The cells of a column; most texts stand there many times."""
    if column.dtype.kind == "f":
        return [repr(float(format(cell, form)) if form else round(cell, DECIMALS)) for cell in column.tolist()]
    if column.dtype.kind in "biu":
        return column.tolist()
    texts = {cell: _inert(cell) for cell in column.unique() if isinstance(cell, str)}
    return [texts[cell] if isinstance(cell, str) else _inert(cell) for cell in column.tolist()]


def _inert(cell: Any) -> Any:
    if isinstance(cell, str):
        cell = " ".join(cell.split())            # a line break would begin a new cell for some readers
        return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
    if isinstance(cell, float):
        return repr(round(float(cell), DECIMALS))    # numpy's own, in a column of mixed kinds, tells its type
    return cell


def _dates(data: xr.Dataset) -> dict[str, int]:
    """Label -> position of the opening, every fifth close of a year and the end."""
    labels = [str(label) for label in data["quarter"].to_numpy()]
    chosen = [labels[0], *[label for label in labels if label.endswith("Q4")][::5], labels[-1]]
    return {label: labels.index(label) for label in dict.fromkeys(chosen)}


def statistics(values: NDArray[Any]) -> list[tuple[float, ...]]:
    """Mean, sd, standard error, 5 and 95 % quantiles, number: of (member,) values, or of every column of several.

    If any value is endless, as a half-life may be, quantiles are the nearest values and there is no sd.
    """
    n, rows = len(values), np.atleast_2d(np.ascontiguousarray(values.T))
    finite = bool(np.isfinite(rows).all())
    sd = np.std(rows, axis=1, ddof=1) if n > 1 and finite else np.full(len(rows), np.nan)
    low, high = np.percentile(rows, [5, 95], axis=1, method="linear" if finite else "nearest")
    columns = (np.mean(rows, axis=1), sd, sd / n ** 0.5, low, high)
    return [(*map(float, numbers), n) for numbers in zip(*columns)]
