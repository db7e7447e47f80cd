"""Stand-ins for a worker's task: what takes time and no processor, and rows full of numbers."""

import functools
import time

import pyarrow as pa

from sim.runs import rows
from sim.runs.worker import Done, opened
from tests.samples import toy


def slowed(seconds, task, packed, chunk):
    """What a task gives, after so many seconds a run, so that a kill meets work under way."""
    time.sleep(seconds * len(chunk.runs))
    return task(packed, chunk)


def slow(seconds, task=toy.rows):
    """A task that takes so many seconds a run, for any worker."""
    return functools.partial(slowed, seconds, task)


def pause_10_ms(packed, chunk):
    began = time.perf_counter()
    time.sleep(0.01 * len(chunk.runs))
    return toy.rows(packed, chunk)._replace(seconds=time.perf_counter() - began)


def every_scalar(packed, chunk):
    """Done with a whole number below 5,000 in every scalar, each column another: as large as rows of real runs."""
    context = opened(packed)
    spec = context.specs[chunk.experiment]
    taken = {"run", "point", "replicate", *chunk.values}
    names = [field.name for field in spec.schema if pa.types.is_floating(field.type) and field.name not in taken]
    found = {name: (chunk.runs * (2 * k + 7919) % 4999).astype(float) for k, name in enumerate(names)}
    made = rows.table(spec, chunk, found, [None] * len(chunk.runs)).sort_by("run")
    return Done(rows.parquet(made, context.key), (), 0.001, ())
