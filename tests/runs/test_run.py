"""A run is a function of scenario and seed: threads, chunks, kills and reruns change no byte of it."""

import multiprocessing
import os
import random
import shutil
import signal
import time

import numpy as np
import pytest

from sim.base import files
from sim.base.errors import CorruptError, InputError, LockedError, OutputError
from sim.kernels.numerics.compiler import FOLDER
from sim.model.ensemble import members_of
from sim.model.simulate import Outcome, simulate
from sim.results.run_folder import load
from sim.runs import parts
from sim.runs.run import run
from tests.samples import runs


@pytest.fixture
def small(scenario, tmp_path):
    """The same run in another folder and in chunks of two."""
    return runs.job(scenario, tmp_path / "out", chunk=2)


# -- identity ---------------------------------------------------------------------------------------

@pytest.mark.parametrize(("jobs", "chunk"), [(1, 1), (2, 3), (3, 2)])
def test_threads_and_chunks_change_no_byte(scenario, undisturbed, tmp_path, jobs, chunk):
    runs.finish(runs.job(scenario, tmp_path, jobs=jobs, chunk=chunk))
    assert runs.content(tmp_path) == undisturbed


def test_the_environment_changes_no_byte(scenario, undisturbed, tmp_path):
    process = runs.shell("run", scenario, "--out", "here", "--no-figures", "--quiet", cwd=tmp_path,
                         NUMBA_CACHE_DIR=os.path.dirname(FOLDER), HOME="/nowhere", TZ="Asia/Shanghai",
                         LC_ALL="zh_CN.UTF-8", PYTHONHASHSEED="1", NUMBA_NUM_THREADS="1", OMP_NUM_THREADS="4",
                         OPENBLAS_NUM_THREADS="4")
    assert process.communicate(timeout=120) == ("here\n", "")
    assert process.returncode == 0
    assert runs.content(tmp_path / "here") == undisturbed


def test_a_member_alone_equals_the_same_member_in_an_ensemble_in_any_order(scenario, tmp_path):
    job = runs.job(scenario, tmp_path, "access.draw_coordinates=true", "choice.dissimilarity=0.4")
    together = simulate(job.region, members_of(job.scenario, [3, 0, 2]))
    for place, replicate in enumerate((3, 0, 2)):
        alone = simulate(job.region, members_of(job.scenario, [replicate]))
        for name in Outcome._fields[1:]:
            assert getattr(alone, name)[0].tobytes() == getattr(together, name)[place].tobytes(), name
        for name, array in alone.arrays.items():
            assert array[0].tobytes() == together.arrays[name][place].tobytes(), name


def test_another_replicate_seed_or_size_is_another_run(scenario, undisturbed, tmp_path):
    first = {(tmp_path / "reference").name: undisturbed["results.nc"]}
    for setting in ("run.seed=1", "population.candidates=901"):
        runs.finish(runs.job(scenario, tmp_path / setting, setting))
        first[setting] = (tmp_path / setting / "results.nc").read_bytes()
    assert len(set(first.values())) == 3
    data = load(tmp_path / "run.seed=1")["enterprises"].to_numpy()
    assert len({member.tobytes() for member in data}) == len(data)


# -- going on ---------------------------------------------------------------------------------------

def test_a_finished_folder_is_left_alone(small):
    assert runs.finish(small)[0] == 0
    before = runs.stamps(small.folder)
    assert runs.finish(small) == [7]
    assert runs.stamps(small.folder) == before


@pytest.mark.parametrize("stored", [1, 3])
def test_what_is_stored_is_not_run_again(small, undisturbed, stored):
    steps = run(small)
    next(step for step in steps if step[0] >= 2 * stored)
    steps.close()
    kept = runs.stamps(small.folder / parts.FOLDER)
    assert len(kept) >= stored
    done = min(2 * len(kept), 7)
    again = run(small)
    assert next(again) == (done, 7)
    assert kept.items() <= runs.stamps(small.folder / parts.FOLDER).items()
    again.close()
    assert runs.finish(runs.job(small.scenario.path, small.folder, chunk=3))[0] == done
    assert runs.content(small.folder) == undisturbed
    assert not (small.folder / parts.FOLDER).exists()


def test_what_a_worker_left_half_written_goes_when_a_run_is_stopped(small):
    """A worker that is ended as it stores a part leaves the beginning of it under another name."""
    steps = run(small)
    next(step for step in steps if step[0] >= 2)
    half, mine = (small.folder / parts.FOLDER / name for name in ("000006-000006.part.tmp", "notes.txt"))
    for path in (half, mine):
        path.write_bytes(b"half")
    steps.close()
    assert not half.exists() and mine.exists() and parts.paths(small.folder)


def consume(path, folder):
    """Run a job, in a process that is killed on the way."""
    runs.finish(runs.job(path, folder, chunk=1, jobs=2))


def test_five_kills_change_no_byte(scenario, small, undisturbed):
    """kill -9 at random moments; the lock of the dead process is free and its parts are sound."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.runs.run", "sim.model.preflight.validation"])
    moments, killed = random.Random(1), 0
    while killed < 5:
        process = context.Process(target=consume, args=(str(scenario), str(small.folder)))
        process.start()
        time.sleep(moments.uniform(0.2, 1.2))
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        killed += 1
        if process.exitcode == 0:
            shutil.rmtree(small.folder)                  # too late: begin again
    runs.finish(small)
    assert runs.content(small.folder) == undisturbed
    assert not list(small.folder.rglob(f"*{files.UNFINISHED}"))


# -- faults -----------------------------------------------------------------------------------------

def partly_done(job):
    """Paths of the parts of a job that was stopped after two chunks."""
    steps = run(job)
    next(step for step in steps if step[0] >= 4)
    steps.close()
    return parts.paths(job.folder)


def test_every_flipped_bit_and_every_cut_of_a_part_is_noticed(small):
    path, chance = partly_done(small)[0], np.random.default_rng(0)
    sound = path.read_bytes()
    assert parts.replicates_of(path) == [0, 1]
    for place in chance.integers(0, len(sound), 100):
        harmed = bytearray(sound)
        harmed[place] ^= 1 << chance.integers(8)
        path.write_bytes(harmed)
        with pytest.raises(CorruptError, match="changed since it was stored"):
            parts.opened(path, Outcome)
    for length in chance.integers(0, len(sound), 50):
        path.write_bytes(sound[:length])
        with pytest.raises(CorruptError):
            parts.opened(path, Outcome)


def test_a_part_that_changes_after_it_was_opened_is_noticed(small):
    path = partly_done(small)[0]
    arrays, sound = parts.opened(path, Outcome)[1].arrays, path.read_bytes()
    place = arrays["enterprises"].places["value" if "value" in arrays["enterprises"].places else "full"]
    for harmed in (sound[:place.offset + place.size - 1],
                   sound[:place.offset] + bytes([sound[place.offset] ^ 1]) + sound[place.offset + 1:]):
        path.write_bytes(harmed)
        with pytest.raises(CorruptError, match="changed while it was read"):
            np.asarray(arrays["enterprises"])


def test_harmed_and_exchanged_parts_are_run_again(small, undisturbed):
    first, second = partly_done(small)[:2]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(two[:-1] + bytes([two[-1] ^ 1]))
    assert one != two
    assert runs.finish(small)[0] == 0
    assert runs.content(small.folder) == undisturbed
    assert (small.folder / "log.txt").read_text().count("removed: ") == 2


def test_a_harmed_result_is_made_again(small, undisturbed):
    runs.finish(small)
    for name in ("results.nc", "assumed.csv"):
        harmed = bytearray((small.folder / name).read_bytes())
        harmed[len(harmed) // 2] ^= 4
        (small.folder / name).write_bytes(harmed)
        assert runs.finish(small)[-1] == 7
        assert runs.content(small.folder) == undisturbed


def test_a_result_that_is_no_netcdf_is_corrupt(undisturbed, tmp_path):
    path = tmp_path / "results.nc"
    sound = undisturbed["results.nc"]
    for harmed in (sound[:len(sound) // 2], b"", b"no" + sound):
        path.write_bytes(harmed)
        for given in (path, tmp_path, str(tmp_path)):
            with pytest.raises(CorruptError, match="not readable as netCDF"):
                load(given)


def test_loading_a_folder_without_results_is_bad_input(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"no results\.nc"):
            load(path)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_folder_that_goes_away_under_way_ends_the_run(small, replaced):
    steps = run(small)
    next(steps), next(steps)
    shutil.rmtree(small.folder)
    if replaced:
        small.folder.mkdir()
    with pytest.raises(OutputError):
        list(steps)


def consume_with_little_room(path, folder, room):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        consume(path, folder)
    except OutputError as error:
        os._exit(error.exit_code)


@pytest.mark.parametrize("room", [6_000, 40_000])
def test_a_full_disk_is_an_output_error_and_no_harm(scenario, small, undisturbed, room):
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=consume_with_little_room, args=(str(scenario), str(small.folder), room))
    process.start()
    process.join()
    assert process.exitcode == OutputError.exit_code
    assert not list(small.folder.rglob(f"*{files.UNFINISHED}"))
    runs.finish(small)
    assert runs.content(small.folder) == undisturbed


# -- one at a time ----------------------------------------------------------------------------------

def test_a_folder_in_use_is_refused_and_named(small):
    steps = run(small)
    next(steps)
    with pytest.raises(LockedError, match=f"in use by process {os.getpid()} on "):
        next(run(small))
    steps.close()
    assert next(run(small))


def test_the_lock_of_a_process_that_is_gone_is_taken_over(small):
    small.folder.mkdir()
    (small.folder / files.LOCK).write_text("process 1 on elsewhere")
    assert runs.finish(small)[-1] == 7
    assert not (small.folder / files.LOCK).exists()
