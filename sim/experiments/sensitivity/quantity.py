"""What an analysis of a sweep looks at: a scalar, or what a scenario adds to it under equal draws.

Replicates of equal number share all draws at every point and in every scenario, so that an effect is
the difference of two runs, replicate by replicate, before anything is averaged.

Decision 60 (docs/decisions.md).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.base.errors import InputError, Problem, SomeRunsFailed
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.experiments.sweep import load
from sim.runs import identity
from sim.runs import rows as run_rows
from sim.runs.entries import read_lines

ROWS_OF_BLOCK = {"saltelli": 2, "morris": 1}         # of a base point or trajectory, beyond the axes


@dataclass(frozen=True)
class Swept:
    """An experiment of a sweep's folder: its definition, and where its failed runs are."""

    folder: Path
    name: str
    defined: dict[str, Any]              # as sweep.json has it
    columns: dict[str, NDArray[Any]]              # axis -> (point,) values
    outputs: dict[str, str]              # scalar -> its unit
    failed: np.ndarray         # (scenario, point, replicate)
    reason: str                # of the first failure

    @property
    def scenarios(self) -> list[str]:
        return self.defined["order_of_scenarios"]

    @property
    def axes(self) -> list[str]:
        return self.defined["order"]

    @property
    def block(self) -> int:
        """Consecutive points that are analysed together: a base point's, a trajectory's, or one."""
        more = ROWS_OF_BLOCK.get(self.defined["design"])
        return len(self.axes) + more if more else 1

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.scenarios), self.defined["points"], self.defined["replicates"]


@dataclass(frozen=True)
class Quantity:
    """A scalar at every point, replicate by replicate; of a scenario, or its effect against another."""

    column: str
    unit: str
    scenario: str
    against: str               # "" for the level itself
    values: np.ndarray         # (point, replicate)
    whole: np.ndarray          # (point,) False where the point is left out because a run failed

    @property
    def mean(self) -> NDArray[np.float64]:
        """(point,) mean over replicates; nan where the point is left out."""
        values = np.where(self.whole[:, None], self.values, np.nan)
        return values.mean(axis=1)

    @property
    def error(self) -> NDArray[np.float64]:
        """(point,) standard error of the mean over replicates; nan for a single one."""
        n = self.values.shape[1]
        if n < 2:
            return np.full(len(self.values), np.nan)
        return np.where(self.whole, self.values.std(axis=1, ddof=1) / np.sqrt(n), np.nan)


def swept(folder: Path, experiment: str = "") -> Swept:
    """The Swept of a folder; InputError unless all its runs are there."""
    folder = Path(folder)
    every = load.defined_in(folder, _("the folder of a sweep, or a sweep file"))
    name = load.chosen(folder, every, experiment, with_axes=True)
    defined = every["experiments"][name]
    rows = load.table(folder, name, ["status", "reason", *defined["order"]])
    wanted = len(defined["order_of_scenarios"]) * defined["points"] * defined["replicates"]
    if (shard := identity.shard_of(folder))[1] > 1:
        raise InputError(Problem(str(folder), name, _("it holds shard {number}/{shards} of the sweep", number=shard[0],
                                                      shards=shard[1]),
                                 _("the folder of the whole sweep"), _("combine the shards with `sim merge`")))
    if len(rows) < wanted:
        raise InputError(Problem(str(folder), name, _("only {done:,} of {wanted:,} runs are finished", done=len(rows),
                                                        wanted=wanted), "",
                                 _("finish the sweep with the same `sim sweep` command")))
    shape = len(defined["order_of_scenarios"]), defined["points"], defined["replicates"]
    failed = (rows["status"].to_numpy() == run_rows.FAILED).reshape(shape)
    reasons = rows["reason"].combine_chunks().drop_null().slice(0, 1).to_pylist()
    first = rows.take(np.arange(shape[1]) * shape[2])
    columns = {axis: first[axis].to_pandas().to_numpy() for axis in defined["order"]}
    outputs = {field.name: (field.metadata or {}).get(b"unit", b"1").decode() for field in schema(folder, name)
               if field.name not in (*load.FIXED, *defined["order"]) and "." not in field.name}
    return Swept(folder, name, defined, columns, outputs, failed, run_rows.reason_of(reasons[0]) if reasons else "")


def level(sweep: Swept, column: str, scenario: str, leave_out: bool = False) -> Quantity:
    """The Quantity of a scalar's level in one scenario."""
    return _quantity(sweep, column, scenario, "", leave_out, None)


def effect(sweep: Swept, column: str, scenario: str, against: str, leave_out: bool = False) -> Quantity:
    """The Quantity of a scenario's effect: its runs less those of another, replicate by replicate.

    `against` is a scenario of the experiment, or an experiment with a single point.
    """
    if against in sweep.scenarios:
        return _quantity(sweep, column, scenario, against, leave_out, _values(sweep, column, against))
    names = [*sweep.scenarios, *load.defined_in(sweep.folder)["experiments"]]
    if against not in names:
        raise InputError(Problem(str(sweep.folder), "--against", _("there is no scenario or experiment {name}",
                                                                  name=repr(against)),
                                 one_of(names), near_miss(against, names)))
    other = swept(sweep.folder, against)
    if other.shape[:2] != (1, 1) or other.shape[2] != sweep.shape[2]:
        raise InputError(Problem(
            str(sweep.folder), "--against", _("experiment {name!r} has points: {points}; replicates: {replicates}",
                                              name=against, points=other.shape[1], replicates=other.shape[2]),
            _("a scenario, or an experiment of one point and {replicates} replicates", replicates=sweep.shape[2])))
    if other.failed.any():
        raise SomeRunsFailed(_("{folder}: runs of {name} failed: {why}; `sim sweep --retry-failed` runs them again",
                               folder=sweep.folder, name=against, why=other.reason))
    return _quantity(sweep, column, scenario, against, leave_out, _values(other, column, other.scenarios[0]))


def reference(sweep: Swept) -> str:
    """What effects are taken against unless something else is asked for, "" for nothing.

    The first of several scenarios; else an experiment of the sweep with a single point.
    """
    if len(sweep.scenarios) > 1:
        return sweep.scenarios[0]
    others = load.defined_in(sweep.folder)["experiments"]
    alone = [name for name, each in others.items() if name != sweep.name and not each["order"]]
    return alone[0] if len(alone) == 1 else ""


def _quantity(sweep, column, scenario, against, leave_out, base):
    values = _values(sweep, column, scenario)
    used = [sweep.scenarios.index(name) for name in (scenario, against) if name in sweep.scenarios]
    whole = _whole(sweep, used, leave_out)
    values = values if base is None else values - base
    if not np.isfinite(values[whole]).all():
        raise InputError(Problem(str(sweep.folder), column, _("some runs have no value of this output"),
                                 _("an output that every run has")))
    return Quantity(column, sweep.outputs[column], scenario, against, values, whole)


def _values(sweep, column, scenario):
    """(point, replicate) values of a scalar in a scenario, nan for failed runs."""
    if scenario not in sweep.scenarios:
        raise InputError(Problem(str(sweep.folder), "scenario", _("there is no scenario {name!r}", name=scenario),
                                 _("one of {names}", names=", ".join(sweep.scenarios)),
                                 near_miss(scenario, sweep.scenarios)))
    return cube(sweep, column)[sweep.scenarios.index(scenario)]


def cube(sweep: Swept, column: str) -> NDArray[np.float64]:
    """(scenario, point, replicate) values of a scalar, nan for failed runs."""
    if column not in sweep.outputs:
        raise InputError(Problem(str(sweep.folder), "--of", _("the sweep has no output {name!r}", name=column),
                                 _("a scalar output, such as headquarters_in_zone"),
                                 near_miss(column, sweep.outputs)))
    rows = load.table(sweep.folder, sweep.name, [column])
    return rows[column].to_numpy(zero_copy_only=False).astype(float).reshape(sweep.shape)


def feedback(sweep: Swept, scenario: str) -> NDArray[np.float64]:
    """(point,) R_dyn at the close, mean of the replicates that measured it; nan where none did."""
    if "r_dyn" not in sweep.outputs:
        return np.full(sweep.shape[1], np.nan)
    values = _values(sweep, "r_dyn", scenario)
    known = np.isfinite(values)
    return np.where(known.any(axis=1), np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1),
                    np.nan)


def _whole(sweep, used, leave_out):
    """(point,) whether the point's block has no failed run in the scenarios used.

    Refuses failed runs unless they are to be left out; then a block goes as a whole, because indices
    and elementary effects are made of all its points under equal draws.
    """
    failed = sweep.failed[used].any(axis=(0, 2))
    if failed.any() and not leave_out:
        raise SomeRunsFailed(_(
            "{folder}: failed runs of {name}: {count}, the first: {why}; `sim sweep --retry-failed` runs them "
            "again, --on-failed leave-out goes on without their points",
            folder=sweep.folder, count=int(sweep.failed[used].sum()), name=sweep.name, why=sweep.reason))
    whole = ~np.repeat(failed.reshape(-1, sweep.block).any(axis=1), sweep.block)
    if not whole.any():
        raise SomeRunsFailed(_("{folder}: every point of {name} has a failed run, the first: {why}",
                               folder=sweep.folder, name=sweep.name, why=sweep.reason))
    return whole


def schema(folder: Path, name: str) -> pa.Schema:
    """Fields of an experiment's rows, with the words they carry."""
    entry = next(entry for entry in read_lines(folder) if entry["experiment"] == name)
    return pq.read_schema(load.required(folder, entry))
