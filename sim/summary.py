"""The summary table: what most readers want to know, with intervals over the members."""

import csv
import io

import numpy as np
import pandas as pd

from sim.diagnostics.longrun import critical_mass

WORDS = {"headquarters": "总部企业", "enterprises": "候选企业", "employment": "就业", "rent": "租金指数",
         "r_choice": "进入选择反馈强度", "r_dyn": "季度动态反馈强度", "half_life": "半衰期",
         "rivalness": "竞争性", "arrived": "期末已实现的长期效应比例",
         "critical_mass_reached": "达到临界规模的模拟比例", "time_to_critical_mass": "达到临界规模所需时间"}
COLUMNS = ("measure", "measure_zh", "level", "place", "place_zh", "quarter", "unit", "mean", "sd", "se",
           "p05", "p95", "members")
FEEDBACK = ("r_choice", "r_dyn", "half_life", "rivalness", "arrived")
RING_ZH = {"core": "核心圈层", "linkage": "联动圈层", "radiation": "辐射圈层"}


def table(data):
    """DataFrame (one row a measure, place and date): mean, sd, standard error, 5-95 % band, members.

    The band is of the level over members (population draw, allocation and chance), not of the mean.
    Rows of level "feedback" rest on the members that were measured, or that reached the critical mass.
    """
    rows = []
    for measure in ("headquarters", "enterprises", "employment"):
        values = data[measure]
        by_site = values.sum([dim for dim in ("industry", "hq_type") if dim in values.dims])
        for level, place, place_zh, mask in places(data):
            series = by_site.isel(site=np.flatnonzero(mask)).sum("site")
            rows += [_row(measure, level, place, place_zh, label, data[measure].attrs["units"],
                          series.sel(quarter=label).to_numpy()) for label in _dates(data)]
    return pd.DataFrame([*rows, *_feedback(data), *_critical_mass(data)], columns=COLUMNS)


def _feedback(data):
    """Rows of what the run says of its own feedback, at the quarters where it was measured."""
    for measure in FEEDBACK:
        values = data[measure].to_numpy()
        for label, column in zip(data["quarter"].to_numpy(), values.T):
            measured = column[~np.isnan(column)]
            if len(measured):
                yield _row(measure, "feedback", "all", "全部", label, data[measure].attrs["units"], measured)


def _critical_mass(data):
    """How many replicates reach the critical mass of headquarters in the zone, and after how many years."""
    threshold = data.attrs["critical_mass"]
    zone = data["headquarters"].isel(site=np.flatnonzero(data["in_zone"].values))
    paths = zone.sum(["site", "industry", "hq_type"]).transpose("member", "quarter").to_numpy()
    years = critical_mass(paths, threshold)
    where = ("feedback", f"zone, {threshold:g} headquarters", f"示范区总部 {threshold:g} 家",
             data["quarter"].to_numpy()[-1])
    yield _row("critical_mass_reached", *where, "share", np.isfinite(years).astype(float))
    if np.isfinite(years).any():
        yield _row("time_to_critical_mass", *where, "year", years[np.isfinite(years)])


def places(data):
    """(level, name, Chinese name, mask over sites): zone, rings, jurisdictions, sites."""
    found = [("zone", "zone", "示范区", data["in_zone"].to_numpy().astype(bool))]
    for level, names in (("ring", RING_ZH), ("jurisdiction", None)):
        values = data[level].to_numpy().astype(str)
        for name in list(dict.fromkeys(values[np.argsort(data["order"].to_numpy())])):
            found.append((level, name, (names or {}).get(name, name), values == name))
    for position in np.argsort(data["order"].to_numpy()):
        site = data.isel(site=int(position))
        found.append(("site", str(site["site"].item()), str(site["name_zh"].item()),
                      np.arange(data.sizes["site"]) == position))
    return found


def write_csv(frame, path):
    """Write a table as UTF-8 CSV; a text cell that a spreadsheet would run as a formula gets a '."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([[_inert(cell) for cell in row] for row in frame.itertuples(index=False)])
    path.write_text(buffer.getvalue(), encoding="utf-8")


def _inert(cell):
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
    if isinstance(cell, float):
        return repr(round(cell, 10))
    return cell


def _dates(data):
    labels = list(data["quarter"].to_numpy())
    return dict.fromkeys([labels[0], *[label for label in labels if label.endswith("Q4")][::5], labels[-1]])


def _row(measure, level, place, place_zh, label, unit, values):
    n = len(values)
    sd = float(np.std(values, ddof=1)) if n > 1 and np.isfinite(values).all() else float("nan")
    low, high = np.percentile(values, [5, 95])
    return (measure, WORDS[measure], level, place, place_zh, str(label), unit, float(np.mean(values)), sd,
            sd / n ** 0.5, float(low), float(high), n)
