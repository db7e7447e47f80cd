"""A run: scenario -> folder of results. Chunks of members in threads, each stored when done."""

import hashlib
import os
import platform
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from sim import assumed, honesty, results, storage, summary
from sim.errors import CorruptError, InputError, Interrupted, Problem
from sim.simulation import Outcome, members_of, simulate

CHUNK = 10                    # members of a chunk: about a second of work
PACKAGE = "cluster-formation-simulator"
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "xarray", "h5netcdf", "h5py")


@dataclass(frozen=True)
class Job:
    """What to run, where to, and on how many threads."""

    scenario: object
    region: object
    folder: Path
    jobs: int = 1
    force: bool = False

    @property
    def key(self):
        """Equal keys mean equal results: scenario, region, versions of what computes."""
        text = "|".join([self.scenario.digest, self.region.digest, *map(str, versions().items())])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def replicates(self):
        return range(self.scenario.values.run.replicates)


def processors():
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def versions():
    """Versions of Python, of this program and of the libraries that results depend on."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in (PACKAGE, *LIBRARIES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def run(job):
    """Generator of (members done, members in all); when it ends, the folder is complete.

    Members stored by an earlier call for the same job are kept. Ctrl-C finishes the chunks under
    way, stores them and raises Interrupted.
    """
    folder = storage.open_folder(job.folder)
    with storage.lock(folder):
        if _is_complete(job, folder):
            yield len(job.replicates), len(job.replicates)
            return
        _claim(job, folder)
        started = time.monotonic()
        done = {replicate for path in storage.parts(folder) for replicate in _replicates_in(path)}
        yield len(done), len(job.replicates)
        for chunk in _finished_chunks(job, folder, _chunks(job, done)):
            done.update(chunk)
            yield len(done), len(job.replicates)
        _finish(job, folder, time.monotonic() - started)


def load(path):
    """The dataset of a run, from its folder or its results.nc."""
    path = Path(path)
    file = path / "results.nc" if path.is_dir() else path
    if not file.exists():
        raise InputError(Problem(str(path), "", "no results.nc", "the folder of a finished run"))
    try:
        return results.load(file)
    except (OSError, ValueError, KeyError) as error:
        raise CorruptError(f"{file}: not readable as netCDF: {error}") from error


def _is_complete(job, folder):
    """Whether the folder holds this very job, finished and unharmed."""
    manifest = storage.read_manifest(folder)
    if job.force or not manifest or manifest.get("status") != "complete" or manifest.get("key") != job.key:
        return False
    return all((folder / name).exists() and storage.sha256(folder / name) == digest
               for name, digest in manifest["sha256"].items())


def _claim(job, folder):
    """Make the folder this job's; another job's results are not mixed with, nor overwritten unasked."""
    manifest = storage.read_manifest(folder)
    if manifest and manifest.get("key") != job.key:
        if not job.force:
            raise InputError(Problem(str(folder), "", f"results of another run, {_difference(job, manifest)}",
                                     "", "choose another --out, or --force to replace them"))
        for path in storage.parts(folder):
            path.unlink()
    scenario = job.scenario
    storage.write_bytes(folder / "scenario.toml", scenario.text.encode("utf-8", "surrogateescape"))
    storage.write_bytes(folder / "resolved.toml", scenario.resolved_toml().encode())
    storage.write_manifest(folder, _manifest(job, "running"))


def _difference(job, manifest):
    mine = _manifest(job, "running")
    keys = [key for key in ("scenario_digest", "region_digest", "versions") if manifest.get(key) != mine[key]]
    return f"different in {', '.join(keys) or 'its key'}"


def _manifest(job, status, **more):
    scenario = job.scenario
    return {"schema": storage.SCHEMA, "status": status, "key": job.key, "scenario": scenario.name,
            "title": scenario.values.title, "scenario_digest": scenario.digest,
            "region": job.region.name, "region_digest": job.region.digest,
            "seed": scenario.values.run.seed, "replicates": len(job.replicates),
            "files": [name for name, _ in scenario.files], "warnings": list(scenario.warnings),
            "versions": versions(), **more}


def _replicates_in(path):
    first, last = path.stem.split("-")
    return range(int(first), int(last) + 1)


def _chunks(job, done):
    """Replicates still to run, in chunks whose limits do not depend on what is done or on jobs."""
    for first in range(0, len(job.replicates), CHUNK):
        chunk = [r for r in job.replicates[first:first + CHUNK] if r not in done]
        if chunk:
            yield chunk


def _finished_chunks(job, folder, chunks):
    """Simulate chunks in threads and store each; yields the replicates of a stored chunk.

    This thread alone writes. At most one chunk waits for every thread, so memory stays flat.
    """
    waiting = iter(chunks)
    with ThreadPoolExecutor(job.jobs) as pool:
        futures = {}
        try:
            while True:
                while len(futures) < 2 * job.jobs and (chunk := next(waiting, None)):
                    members = members_of(job.scenario, chunk)
                    futures[pool.submit(simulate, job.region, members)] = chunk
                if not futures:
                    return
                for future in wait(futures, return_when=FIRST_COMPLETED).done:
                    yield _store(folder, futures.pop(future), future)
        except KeyboardInterrupt:
            running = [f for f in futures if not f.cancel()]
            for future in running:
                _store(folder, futures[future], future)
            raise Interrupted(f"stopped; finished members are kept in {folder}, "
                              "the same command goes on from there") from None


def _store(folder, chunk, future):
    storage.save_part(folder, chunk, future.result())
    return chunk


def _finish(job, folder, seconds):
    """Put the parts together, write results and tables, and last the manifest."""
    loaded = sorted((storage.load_part(path, Outcome) for path in storage.parts(folder)),
                    key=lambda part: part[0])
    replicates = [replicate for part in loaded for replicate in part[0]]
    if replicates != list(job.replicates):
        raise CorruptError(f"{folder}: parts of replicates {len(replicates)} of {len(job.replicates)}; "
                           "run the same command again")
    data = results.dataset(job.region, job.scenario, [outcome for _, outcome in loaded], replicates)
    results.save(data, folder / "results.nc")
    summary.write_csv(summary.table(data), folder / "summary.csv")
    summary.write_csv(assumed.effects(job.region, job.scenario), folder / "assumed.csv")
    written = {name: storage.sha256(folder / name) for name in ("results.nc", "summary.csv", "assumed.csv")}
    storage.write_manifest(folder, _manifest(job, "complete", sha256=written, seconds=round(seconds, 3),
                                             honesty=honesty.panel(job.region, job.scenario, data)))
    for path in storage.parts(folder):
        path.unlink()
    (folder / storage.PARTS).rmdir()
