"""Rows of runs as Arrow tables and Parquet bytes, and the digest of what they say.

The digest is over values, not over bytes of a file: it does not change with the compression, the
number of files or the version of the Parquet library. A stored table carries its own digest.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import CorruptError
from sim.base.messages import Message, _, both, translate, with_chinese  # noqa: F401 (an example)
from sim.config.toml_file import format_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiments.sweep.sweep_file import Experiment
    from sim.runs.plan import Chunk
    from sim.runs.worker import ExperimentSpec

OK, FAILED = "ok", "failed"
TYPES = {"f": pa.float64(), "i": pa.int64(), "b": pa.bool_(), "M": pa.date32(), "O": pa.string()}
FIXED = (("run", pa.int64()), ("point", pa.int64()), ("scenario", pa.string()), ("replicate", pa.int64()))
SAID = (("status", pa.string()), ("reason", pa.string()))
LONGEST = 500                  # characters of a reason in a language
STORED = dict(compression="zstd", write_page_checksum=True, write_statistics=False)


def schema(experiment: Experiment) -> pa.Schema:
    """The Arrow schema of an experiment's rows; fields of outputs carry unit and description."""
    from sim.results import scalars

    regions = [swept.region for swept in experiment.scenarios]
    units, (numbers, lists) = scalars.units(regions), scalars.columns(experiment.kept, regions)
    fields = [pa.field(*fixed) for fixed in FIXED]
    fields += [pa.field(axis.name, TYPES[experiment.columns[axis.name].dtype.kind],
                        metadata={"keys": ", ".join(axis.keys)}) for axis in experiment.axes]
    fields += [pa.field(*said) for said in SAID]
    fields += [pa.field(name, pa.float64(), metadata=_words(units[name.partition("@")[0]])) for name in numbers]
    labels = scalars.labels(experiment)
    fields += [pa.field(name, pa.list_(pa.float64()), metadata={
        **_words(_listed(name, units, scalars.MAPS)), "labels": json.dumps(labels[name.partition(".")[0]])})
        for name in lists]
    return pa.schema(fields)


def table(spec: ExperimentSpec, chunk: Chunk, found: Mapping[str, Any], reasons: Sequence[str | None]) -> pa.Table:
    """Rows of a chunk: `found` column -> (run, ...) values, nan where `reasons` has one for the run."""
    failed = np.array([reason is not None for reason in reasons], dtype=bool)
    columns = {"run": chunk.runs, "point": chunk.points, "replicate": chunk.replicates,
               "scenario": [spec.labels[chunk.scenario]] * len(chunk.runs),
               "status": np.where(failed, FAILED, OK).tolist(),
               "reason": [None if reason is None else _cell(reason) for reason in reasons]}
    columns |= {name: _cells(values) for name, values in chunk.values.items()}
    arrays = [pa.array(columns[field.name], field.type) if field.name in columns
              else _output(found.get(field.name), field, failed) for field in spec.schema]
    return pa.Table.from_arrays(arrays, schema=spec.schema)


def reason_of(cell: str) -> Message:
    """Why a run has no result, by its cell: English, and Chinese on a line of its own where it was stored so.

    >>> translate(reason_of(_cell(with_chinese("its worker died", "其工作进程已终止"))), "zh")
    '其工作进程已终止'
    """
    english, _line, chinese = cell.partition("\n")
    return with_chinese(english, chinese)


def in_both(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows whose reason is in English, and in Chinese in a column beside it."""
    found = [both(reason_of(cell)) for cell in frame["reason"]]
    return frame.assign(reason=[english for english, _zh in found], reason_zh=[chinese for _en, chinese in found])


def _cell(reason: str) -> str:
    """A reason in both languages, a line each; one line where both are the same."""
    return "\n".join(dict.fromkeys(" ".join(text.split())[:LONGEST] for text in both(reason)))


def digest(rows: pa.Table) -> str:
    """sha256 of names, types and values of a table, in the order of its rows."""
    said = hashlib.sha256()
    for field, column in zip(rows.schema, rows.columns):
        kind = "list" if pa.types.is_list(field.type) else str(field.type)     # readers name its elements
        said.update(json.dumps([field.name, kind, len(column)]).encode())
        _hash(column.combine_chunks(), said)
    return said.hexdigest()


def parquet(rows: pa.Table, key: str) -> bytes:
    """Parquet bytes of a table that carry its digest and the key of the sweep."""
    named = rows.replace_schema_metadata({"sweep": key, "content": digest(rows)})
    sink = io.BytesIO()
    pq.write_table(named, sink, **STORED)
    return sink.getvalue()


def sound(source: Any, key: str, name: str | Path = "") -> pa.Table:
    """The table in Parquet bytes or a file, compared with its own digest; CorruptError if it differs."""
    try:
        rows = pq.read_table(source, page_checksum_verification=True, use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise CorruptError(_("{path}: changed since it was stored: {why}", path=name, why=_first_line(error))) from None
    said = rows.schema.metadata or {}
    if said.get(b"sweep", b"").decode("ascii", "replace") != key:
        raise CorruptError(_("{path}: it belongs to another sweep", path=name))
    if said.get(b"content", b"").decode("ascii", "replace") != digest(rows):
        raise CorruptError(_("{path}: changed since it was stored", path=name))
    return rows


def sound_blocks(path: Path, digests: Iterable[str]) -> Iterator[pa.Table]:
    """Row groups of a file of results that are as they were written, whatever happened to the others."""
    for number, said in enumerate(digests):
        try:
            rows = block(path, number)
        except CorruptError:
            continue
        if digest(rows) == said:
            yield rows


def block(path: Path, number: int) -> pa.Table:
    """One row group of a file of results."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read_row_group(number, use_threads=False)
    except (pa.ArrowException, OSError, ValueError, IndexError) as error:
        raise CorruptError(_("{path}: changed since it was stored: {why}", path=path, why=_first_line(error))) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _listed(name: str, units: Mapping[str, tuple[str, str]], maps: Mapping[str, str]) -> tuple[str, str]:
    kind, _, rest = name.partition(".")
    if kind == "series":
        unit, words = units[rest]
        return unit, f"{words}, quarter by quarter"
    what = rest.partition("@")[0]
    return maps[what], f"{what} by site, in the order of their ids"


def _words(said: Sequence[str]) -> dict[str, str]:
    return {"unit": said[0], "what": said[1]}


def _cells(values: NDArray[Any]) -> NDArray[Any] | list[str]:
    """Values of an axis as a column: what is neither number, date nor text as it stands in a file."""
    if values.dtype.kind != "O":
        return values
    return [value if isinstance(value, str) else format_value(value) for value in values]


def _output(values: Any, field: pa.Field, failed: NDArray[np.bool_]) -> pa.Array:
    if values is None:
        return pa.nulls(len(failed), field.type)
    return pa.array(values, field.type, mask=None if isinstance(values, list) else failed)


def _hash(array: pa.Array, said: hashlib._Hash) -> None:
    """Feed an array's nulls and values to a hash."""
    said.update(np.packbits(array.is_null().to_numpy(zero_copy_only=False)).tobytes())
    kept = array.drop_null()
    if pa.types.is_list(array.type):
        said.update(kept.value_lengths().to_numpy(zero_copy_only=False).astype("<i8").tobytes())
        kept = kept.flatten()
    if pa.types.is_string(array.type):
        said.update(json.dumps(kept.to_pylist()).encode())
    elif pa.types.is_date32(array.type):
        said.update(kept.cast(pa.int32()).to_numpy(zero_copy_only=False).tobytes())
    else:
        said.update(kept.to_numpy(zero_copy_only=False).tobytes())
