"""Shards of a sweep, done apart, put together as if one process had done them all."""

from collections.abc import Generator, Iterable
from pathlib import Path

import numpy as np

from sim.base import files
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.sweep import finish, load
from sim.experiments.sweep.sweep import Job, Progress, claim
from sim.experiments.sweep.sweep_file import Sweep
from sim.runs import identity, plan
from sim.runs.entries import read_lines
from sim.runs.store import Store


def merge(sweep: Sweep, folders: Iterable[str | Path], target: str | Path,
          command: str = "") -> Generator[Progress, None, None]:
    """Generator of Progress; at its end the target has all rows that the folders have.

    They must be shards of this very sweep. If some runs are in none of them, the target is a sweep
    that was interrupted, and `sim sweep` does the rest.
    """
    defined = identity.definition(sweep)
    for folder in map(Path, folders):
        _refuse_odd(folder, defined, target)
    target = files.open_folder(target)
    with files.lock(target) as held:
        claim(Job(sweep, target, command=command), target)
        store = Store(target, held, identity.key_of(defined), plan.Plan(sweep.experiments))
        store.open()
        for folder in map(Path, folders):
            yield _progress(store)
            _take(store, folder)
        if store.done.all():
            finish.finish(store, command)
        yield _progress(store)


def _refuse_odd(folder, defined, target):
    found = load.defined_in(folder, _("the folder of a shard of the sweep"))
    if folder.resolve() == Path(target).resolve():
        raise InputError(Problem(str(folder), "", _("this is the folder to merge into"), "", _("choose another --out")))
    identity.refuse_another(folder, found, defined)


def _take(store, folder):
    """Store every row of a folder that the store has not, part by part."""
    source = Store(folder, None, store.key, store.plan)
    for entry in read_lines(folder):
        blocks = range(len(entry.get("blocks", ())))
        for rows in (source.block(entry, place) for place in blocks) if blocks else [source.rows(entry)]:
            new = np.flatnonzero(~store.done[rows["run"].to_numpy()])
            if len(new):
                store.keep(entry["experiment"], rows.take(new))


def _progress(store):
    return Progress(int(store.done.sum()), store.plan.total, int(store.failed.sum()))
