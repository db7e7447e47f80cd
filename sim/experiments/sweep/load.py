"""A sweep's folder as tables and as a labelled dataset."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from sim.base import files, stored
from sim.base.errors import CorruptError, InputError, Problem
from sim.base.messages import _, joined, with_chinese
from sim.base.registry import near_miss
from sim.config.toml_file import format_value
from sim.results import run_folder
from sim.runs import identity
from sim.runs import rows as run_rows
from sim.runs.entries import LINES, Entry, read_lines

FIXED = ("run", "point", "scenario", "replicate", "status", "reason")
MOST_TOLD = 5                  # failures that are told one by one


def load(path: str | Path, experiment: str = "") -> xr.Dataset:
    """The dataset of a finished run or of a sweep, from its folder (or a run's results.nc).

    A sweep's has the axes of a grid as dimensions, and `point` for other designs, with the axes as
    coordinates along it; `replicate` and, if there are several, `scenario`. Runs without a result
    are nan. `experiment` names one of several.
    """
    path = Path(path)
    files.check_folder(path)
    found = identity.read(path) if path.is_dir() else None
    if not found:
        return run_folder.load(path)
    name = chosen(path, found[1], experiment)
    return _dataset(table(path, name), found[1]["experiments"][name])


def table(folder: str | Path, experiment: str = "", columns: Sequence[str] | None = None) -> pa.Table:
    """Arrow table of the runs that a sweep has, in their order; `columns` picks some."""
    folder = Path(folder)
    defined = defined_in(folder)
    name = chosen(folder, defined, experiment)
    wanted = None if columns is None else list(dict.fromkeys(["run", *columns]))
    parts = [_rows(folder, entry, wanted) for entry in read_lines(folder) if entry["experiment"] == name]
    if not parts:
        raise InputError(Problem(str(folder), "", _("no run of experiment {name} has finished", name=name),
                                 _("a sweep with finished runs")))
    try:                           # they are alike unless a stranger made them
        rows = pa.concat_tables([part.replace_schema_metadata(None) for part in parts])
    except (pa.ArrowException, ValueError) as error:
        raise _spoiled(folder, error) from None
    return _latest(rows, columns)


def _rows(folder, entry, columns):
    """Rows of a file of a sweep that is as it was written; CorruptError if it is not."""
    path = required(folder, entry)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            if file.metadata.num_rows != sum(last - first + 1 for first, last in entry["runs"]):
                raise ValueError(_("its runs are not those of its line in {lines}", lines=LINES))
            return file.read(columns)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _spoiled(path, error) from None


def _spoiled(path, error):
    """The CorruptError for what Arrow said, of which the first line tells enough."""
    why = str(error).partition("\n")[0]
    return CorruptError(_("{path}: changed since it was stored: {why}; run the same sweep again", path=path, why=why))


def required(folder: str | Path, entry: Entry) -> Path:
    """Path of a file of a sweep that is as its line says; CorruptError naming it if it is not."""
    try:
        return stored.required(Path(folder) / entry["path"], entry["sha256"])
    except CorruptError as error:
        raise CorruptError(_("{error}; the same `sim sweep` command mends it", error=error.args[0])) from None


def frame(folder: str | Path, experiment: str = "", columns: Sequence[str] | None = None) -> pd.DataFrame:
    """pandas DataFrame of the runs that a sweep has, in their order."""
    return table(folder, experiment, columns).to_pandas()


def experiments(folder: str | Path) -> list[str]:
    """Names of a sweep's experiments."""
    return list(defined_in(Path(folder))["experiments"])


def failures(folder: str | Path) -> pd.DataFrame:
    """DataFrame of runs without a result: experiment, run, point, scenario, replicate, reason, and that in Chinese."""
    folder, found = Path(folder), []
    with_failures = {entry["experiment"] for entry in read_lines(folder) if entry.get("failed")}
    for name in sorted(with_failures):
        rows = frame(folder, name, [*FIXED])
        found.append(run_rows.in_both(rows[rows["status"] == run_rows.FAILED]).assign(experiment=name))
    return pd.concat(found) if found else pd.DataFrame(columns=[*FIXED, "reason_zh", "experiment"])


def failure(folder: str | Path, rows: pd.DataFrame) -> str:
    """How many runs of a sweep have no result, and the first of these `failures`; "" if all have one."""
    if not len(rows):
        return ""
    lines = [_("run {run}: point {point}, scenario {scenario}, replicate {replicate}: {reason}", run=row.run,
               point=row.point, scenario=row.scenario, replicate=row.replicate,
               reason=with_chinese(str(row.reason), str(row.reason_zh)))
             for row in rows.head(MOST_TOLD).itertuples()]
    more = [_("and {count} more; all of them are in {folder}", count=len(rows) - MOST_TOLD, folder=folder)]
    return joined("\n", [_("runs without a result ({count}):", count=len(rows)), *lines, *more[:len(rows) > MOST_TOLD]])


def defined_in(folder: Path, expected: str = "") -> dict[str, Any]:
    """The definition of the sweep in a folder, as sweep.json has it; InputError where there is none."""
    files.check_folder(folder)
    found = identity.read(folder)
    if not found:
        raise InputError(Problem(str(folder), "", _("there is no sweep in this folder"),
                                 expected or _("the folder of a sweep")))
    return found[1]


def chosen(folder: Path, defined: Mapping[str, Any], experiment: str, with_axes: bool = False) -> str:
    """The name of an experiment: the one asked for, else the only one, or the only one that has axes."""
    names = list(defined["experiments"])
    possible = [name for name in names if defined["experiments"][name]["order"] or not with_axes]
    if experiment in names or not experiment and len(possible) == 1:
        return experiment or possible[0]
    wrong = (_("there is no experiment {name!r}", name=experiment) if experiment
             else _("{count} experiments have axes, and none was chosen", count=len(possible)) if with_axes
             else _("there are {count} experiments, and none was chosen", count=len(possible)))
    key = "--experiment" if with_axes else "experiment"
    raise InputError(Problem(str(folder), key, wrong, _("one of {names}", names=", ".join(names)),
                             near_miss(experiment, names)))


def _latest(rows, columns):
    """Rows in the order of the runs; of a run that is there twice, the one that was stored last."""
    runs = rows["run"].to_numpy()
    _, last = np.unique(runs[::-1], return_index=True)
    where = len(runs) - 1 - last
    ordered = rows if np.array_equal(where, np.arange(len(runs))) else rows.take(where)
    return ordered if columns is None or "run" in columns else ordered.drop_columns(["run"])


def _dataset(rows, defined):
    """The labelled dataset of an experiment's rows."""
    labels = _labels(rows, defined)
    shape, dims = tuple(len(values) for values in labels.values()), list(labels)
    place = _places(rows, defined, shape)
    data = {}
    for field in rows.schema:
        if field.name in FIXED or field.name in defined["order"]:
            continue
        along, values = _variable(rows[field.name], field, dims, shape, place)
        words = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        said = {"units": words.get("unit", ""), "long_name": words.get("what", "")}
        data[field.name] = (along, values, said)
    labels |= _elements(rows.schema)
    result = xr.Dataset(data, coords={name: (name, values) for name, values in labels.items()})
    result = result.assign_coords(_along_points(rows, defined))
    return result.squeeze("scenario") if result.sizes["scenario"] == 1 else result


def _labels(rows, defined):
    """Dimension -> labels; scenario, then the axes of a grid or the points, replicate last."""
    labels = {"scenario": np.array(defined["order_of_scenarios"])}
    if defined["design"] == "grid":
        for name in defined["order"]:
            values = defined["axes"][name]["values"]
            labels[name] = _as_column(values, rows.schema.field(name).type)
    else:
        labels["point"] = np.arange(defined["points"])
    return {**labels, "replicate": np.arange(defined["replicates"])}


def _elements(schema):
    """Labels of the elements of series and maps, where all runs share them."""
    found = {}
    for field in schema:
        said = json.loads((field.metadata or {}).get(b"labels", b"[]"))
        if said:
            found["quarter" if field.name.startswith("series.") else "site"] = said
    return found


def _as_column(values, kind):
    if pa.types.is_date(kind):
        return np.array(values, dtype="datetime64[ns]")
    if pa.types.is_string(kind):
        return np.array([each if isinstance(each, str) else format_value(each) for each in values], object)
    return np.array(values)


def _places(rows, defined, shape):
    """(run,) flat place of every row in an array of the shape of the labels."""
    position = {label: k for k, label in enumerate(defined["order_of_scenarios"])}
    scenario = np.array([position[label] for label in rows["scenario"].to_pylist()], dtype=np.int64)
    points, replicates = rows["point"].to_numpy(), rows["replicate"].to_numpy()
    places = (scenario * defined["points"] + points) * defined["replicates"] + replicates
    if len(places) and not 0 <= places.min() <= places.max() < np.prod(shape):
        raise CorruptError(_("runs of other points than {file} defines; run the same sweep again", file=identity.FILE))
    return places


def _variable(column, field, dims, shape, place):
    """(dimensions, values) of an output, nan where there is no row."""
    column = column.combine_chunks()
    if not pa.types.is_list(field.type):
        flat = np.full(int(np.prod(shape)), np.nan)
        flat[place] = column.to_numpy(zero_copy_only=False)
        return dims, flat.reshape(shape)
    said = json.loads((field.metadata or {}).get(b"labels", b"[]"))
    length = max((len(row) for row in column.to_pylist() if row is not None), default=0) or len(said)
    flat = np.full((int(np.prod(shape)), length), np.nan)
    for k, row in zip(place, column.to_pylist()):
        if row is not None:
            flat[k, :len(row)] = row
    along = "quarter" if field.name.startswith("series.") else "site"
    return [*dims, along], flat.reshape(*shape, length)


def _along_points(rows, defined):
    """Axes as coordinates along the points of a design that is no grid."""
    if defined["design"] == "grid":
        return {}
    points, first = np.unique(rows["point"].to_numpy(), return_index=True)
    found = {}
    for name in defined["order"]:
        values = rows[name].take(first).to_pandas().to_numpy()
        whole = pd.Series(values, index=points).reindex(range(defined["points"])).to_numpy()
        found[name] = ("point", whole)
    return found
