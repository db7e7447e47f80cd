"""Worker processes that die, hang, cannot begin or say too much: what is done goes on or ends, and never hangs."""

import dataclasses
import subprocess
import sys

import pytest

from sim.base.errors import Unanswered
from sim.experiments.sweep import load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import watch, worker_start
from sim.runs.process_pool import PoolEngine
from sim.runs.spool import PREFIX
from sim.runs.spool import read as content_of
from tests.reliability import deaths, sendings, watched
from tests.samples import comparisons, runs, sweeps, toy
from tests.samples.runs import SOON, within


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A sweep of 1,000 runs that are not to be simulated."""
    text = sweeps.SHORT.replace("replicates = 3", "replicates = 500").replace("[5, 15.0, 40]", "[5]")
    return sweeps.write(tmp_path_factory.mktemp("many"), text)


# -- K2, K3, K6 in small ----------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_sweep_goes_on_when_workers_die_over_chunks_that_take_over_a_second(many, tmp_path):
    """One worker dies among ordinary chunks, the next while what the first left is run alone."""
    folder = tmp_path / "out"
    process = watched.started(many, folder, pace=1.5)
    try:
        for parts in (1, 3):
            within(SOON, lambda least=parts: len(list(folder.glob("parts/*/*.parquet"))) >= least)
            within(SOON, lambda: watched.workers_of(process))[0].kill()
        process.communicate(timeout=SOON)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, watched.complaints(folder)
    assert load.frame(folder).headquarters_in_zone.tolist() == list(range(1000))
    assert not list(folder.glob(f"{PREFIX}*"))


@pytest.mark.slow
def test_a_worker_that_dies_while_it_hands_over_40_mb_is_noticed_and_its_program_ends(tmp_path):
    assert sendings._ends(tmp_path)


@pytest.mark.slow
def test_real_runs_end_alike_when_their_workers_die(tmp_path, monkeypatch):
    class Small:
        folder = tmp_path
        content, file, notes = None, None, []

        def note(self, *line):
            self.notes.append(line)

    import random
    Small.rng = random.Random(1)
    monkeypatch.setattr(deaths, "REAL", sweeps.SHORT.replace("replicates = 3", "replicates = 6"))
    monkeypatch.setattr(deaths, "LONG", 0.5)
    deaths.of_real_runs(Small(), 1)
    (_, _, dead, wrong, _), = Small.notes
    assert (dead, wrong) == (1, 0)


# -- nobody works, or nobody has a chunk ------------------------------------------------------------------

class Forgetful(sweeps.Here):
    """An engine that forgets every chunk but the first."""

    def submit(self, number, chunk, alone=False):
        if number == 1:
            super().submit(number, chunk, alone)


def test_a_chunk_that_nobody_has_ends_the_sweep_with_4_and_the_command_to_go_on(many, tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "PATIENCE", 0.5)
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: Forgetful(made.packed, function=toy.rows))
    said = runs.sim("sweep", many, "--out", tmp_path / "out", "-q")
    assert said.exit_code == 4
    assert "chunks of runs were lost" in said.stderr
    assert "finished runs are kept; continue with: sim" in said.stderr
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: sweeps.Here(made.packed, function=toy.rows))
    assert sweeps.finish(sweeps.job(many, tmp_path / "out")).done == 1000


def test_left_over_files_of_dead_workers_are_removed_and_links_are_not_followed(many, tmp_path, monkeypatch):
    out, stranger = tmp_path / "out", tmp_path / "stranger"
    for place in (out / f"{PREFIX}dead", stranger):
        place.mkdir(parents=True)
        (place / "task-1-result").write_bytes(b"anything")
    (out / f"{PREFIX}link").symlink_to(stranger)
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: PoolEngine(2, toy.rows, made.packed, job.folder))
    assert sweeps.finish(sweeps.job(many, out)).done == 1000
    assert not list(out.glob(f"{PREFIX}*"))
    assert content_of(stranger, "task-1-result") == b"anything"


def test_a_full_disk_is_no_runs_fault(many, tmp_path, monkeypatch):
    from sim.base.errors import OutputError
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: PoolEngine(
        1, toy.without_a_place, made.packed, job.folder))
    with pytest.raises(OutputError, match="cannot be written"):
        sweeps.finish(sweeps.job(many, tmp_path / "out"))
    assert not len(load.failures(tmp_path / "out"))


# -- a comparison, and pages ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The folder of a comparison without pages, made by two workers one of which died."""
    place = tmp_path_factory.mktemp("compared")
    files = comparisons.write_all(place)
    process = runs.shell("compare", files["base"], files["cut"], "--out", "found", "--set", "run.replicates=16",
                         "--set", "time.end=2022-12-31", "--set", "diagnostics.members=0", "--jobs", 2, "--no-figures",
                         "-q", cwd=place)
    try:
        within(SOON, lambda: watched.workers_of(process))[0].kill()
        _, told = process.communicate(timeout=SOON)
    finally:
        process.kill()
    assert process.returncode == 0, told
    return place / "found"


def test_a_comparison_goes_on_when_a_worker_dies_and_leaves_no_files_of_workers(compared):
    assert not list(compared.parent.rglob(f"{PREFIX}*"))
    assert (compared / "comparison.json").exists()


# -- a limited address space ------------------------------------------------------------------------------

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
from sim.cli import main
sys.argv = ["sim", *{arguments!r}]
main()
"""


@pytest.mark.parametrize("limit", [pytest.param(700, marks=pytest.mark.slow), 900,
                                   pytest.param(1100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("command", ["run", "sweep", "compare"])
def test_too_little_address_space_ends_with_4_and_one_sentence(limit, command):
    ended = limited(limit, command, "nothing.toml")
    assert ended.returncode == 4
    assert len(ended.stderr.splitlines()) == 1
    assert "address space" in ended.stderr and "ulimit -v unlimited" in ended.stderr


def test_a_run_with_little_address_space_has_fewer_threads(tmp_path):
    file = runs.write_scenario(tmp_path)
    ended = limited(2600, "run", file, "--jobs", 64, "--set", "run.replicates=24", "--set", "time.end=2021-09-30",
                    "--set", "diagnostics.members=0", "--out", tmp_path / "out", "--no-figures", "-q")
    assert ended.returncode == 0, ended.stderr


def limited(limit, *arguments):
    code = LIMITED.format(limit=limit * 1_000_000, arguments=[str(each) for each in arguments])
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SOON, cwd=runs.ROOT)


def test_workers_that_cannot_begin_say_why(many, tmp_path, monkeypatch):
    from sim.runs import process_pool
    monkeypatch.setattr(process_pool, "NOBODY", 0.0)
    monkeypatch.setattr(worker_start, "serve", toy.unable)
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: PoolEngine(2, toy.rows, made.packed, job.folder))
    with pytest.raises(Unanswered, match=r"5 times in a row \(can't start new thread\)"):
        sweeps.finish(dataclasses.replace(sweeps.job(many, tmp_path / "out")))
