"""Runs of the draws of parameters: each kept as a few numbers, stored when done, never run twice."""

import hashlib
import json
import threading
from concurrent.futures import FIRST_COMPLETED, wait

import numpy as np

from sim.base import files, provenance, stored
from sim.base.errors import CorruptError, SimError
from sim.experiments.compare.uncertainty import KEPT
from sim.model.simulate import members_of, simulate, simulate_together
from sim.runs import limits


def sampled(draws, folder, jobs):
    """Generator of members done; when it ends every draw is stored in `folder`, or its failure is."""
    waiting = [draw for draw in draws if _stored(draw, folder) is None]
    yield sum(_members(draw) for draw in draws) - sum(map(_members, waiting))
    queue, futures, stop = iter(waiting), {}, threading.Event()
    pool = limits.threads(jobs)
    try:
        while True:
            while len(futures) < 2 * jobs and (draw := next(queue, None)):
                futures[pool.submit(_levels_of, draw, stop)] = draw
            if not futures:
                return
            for future in wait(futures, timeout=1.0, return_when=FIRST_COMPLETED).done:
                draw = futures.pop(future)
                files.write_json(_path(draw, folder),
                                 {"key": _key(draw), "values": draw[1], **future.result()})
                yield _members(draw)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def effects_of(draws, folder):
    """(measure -> scenario -> (draw, replicate) effects, values of the draws, failures) of stored draws."""
    found = [_stored(draw, folder) for draw in draws]
    if None in found:
        raise CorruptError(f"{_path(draws[found.index(None)], folder)}: gone or changed since it was written; "
                           "run the same command again")
    good = [each for each in found if "levels" in each]
    failures = [{"draw": draw[0], "why": each["failed"]}
                for draw, each in zip(draws, found) if "failed" in each]
    baseline, *others = [case.name for case in draws[0][2]]
    effects = {measure: {name: np.array([np.subtract(each["levels"][name][measure],
                                                     each["levels"][baseline][measure]) for each in good])
                         for name in others} for measure in KEPT}
    return effects, [each["values"] for each in good], failures


def _levels_of(draw, stop):
    """Levels of the zone at the end by scenario and measure, or why a scenario could not be run."""
    cases, replicates = draw[2], range(_replicates(draw))
    ensembles = [members_of(case.scenario, replicates) for case in cases]
    try:
        found = dict(simulate_together(cases[0].region, ensembles, stop))
    except SimError as error:
        if stop.is_set():
            raise
        return {"failed": _whose_fault(cases, ensembles, stop, error)}
    return {"levels": {case.name: _zone(case, found[number]) for number, case in enumerate(cases)}}


def _zone(case, outcome):
    zone = case.region.sites["in_zone"].to_numpy(bool)
    return {measure: outcome.arrays[measure][:, -1, zone].sum(axis=(1, 2, 3)).tolist() for measure in KEPT}


def _whose_fault(cases, ensembles, stop, error):
    """The error of several scenarios under the name of the one that alone has it."""
    for case, members in zip(cases, ensembles):
        try:
            simulate(case.region, members, stop)
        except SimError as own:
            return f"{case.name}: {own}"
    return str(error)


def _replicates(draw):
    return draw[2][0].scenario.values.run.replicates


def _members(draw):
    return len(draw[2]) * _replicates(draw)


def _key(draw):
    told = [[case.name, case.scenario.digest, case.region.digest] for case in draw[2]]
    text = json.dumps([told, sorted(provenance.versions().items())])
    return hashlib.sha256(text.encode()).hexdigest()


def _path(draw, folder):
    return folder / f"draw-{draw[0]:05d}.json"


def _stored(draw, folder):
    """What is stored of this very draw and is as it was stored, or None."""
    try:
        content = stored.unsealed(_path(draw, folder))
    except (FileNotFoundError, CorruptError):
        return None
    return content if content.get("key") == _key(draw) and content.keys() & {"levels", "failed"} else None
