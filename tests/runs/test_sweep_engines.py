"""Engines: one driver, the same bytes, and nobody charged for what another run does (K1, K4, K7, R3, X9)."""

import dataclasses
import os
import random
import signal
import socket
import time

import psutil
import pytest

from sim.base.errors import InputError, OutputError, Unanswered
from sim.experiments.sweep import load
from sim.experiments.sweep import sweep as sweeping
from sim.runs import dask_cluster, process_pool
from tests.reliability import watched
from tests.samples import clusters, runs, sweeps, toy

HARMS = {toy.killed: "its worker died (5 times, alone)", toy.stuck: "it did not end within 6 s (3 times, alone)",
         toy.unsendable: "local object", toy.unraisable: "local object"}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return sweeps.write(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A sweep of 1,000 runs that are not to be simulated."""
    text = sweeps.SHORT.replace("replicates = 3", "replicates = 500").replace("[5, 15.0, 40]", "[5]")
    return sweeps.job(sweeps.write(tmp_path_factory.mktemp("many"), text), "unset")


@pytest.fixture(scope="module")
def reference(file, tmp_path_factory):
    """Content of a sweep that was done in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "_engine", lambda job, spec: sweeps.Here(spec.packed))
        folder = tmp_path_factory.mktemp("reference")
        sweeps.finish(sweeps.job(file, folder))
    return sweeps.content(folder)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with clusters.Cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def pool_of(task):
    return lambda job, spec: process_pool.PoolEngine(2, task, spec.packed, job.folder)


def dask_of(task, cluster):
    return lambda job, made: dask_cluster.DaskEngine(cluster.address, task, made.packed, made.key)


def children():
    return [each for each in children_of(os.getpid()) if watched.is_worker(each)]


# -- the process pool -------------------------------------------------------------------------------------

@pytest.mark.parametrize("harm", [pytest.param(harm, marks=pytest.mark.slow if harm is toy.stuck else ())
                                  for harm in HARMS], ids=lambda harm: harm.__name__)
def test_of_1000_runs_one_that_does_harm_is_the_only_one_without_a_result(many, tmp_path, monkeypatch, harm):
    monkeypatch.setattr(sweeping, "_engine", pool_of(harm))
    given = dataclasses.replace(many, folder=tmp_path, limit=6.0 if harm is toy.stuck else 600.0)
    assert sweeps.finish(given) == (1000, 1000, 1)
    rows = load.frame(tmp_path)
    failed = rows[rows.status == "failed"]
    assert failed.run.tolist() == [toy.BAD]
    assert HARMS[harm] in failed.reason.item()
    assert rows[rows.status == "ok"].headquarters_in_zone.tolist() == [k for k in range(1000) if k != toy.BAD]
    assert children() == []


def test_a_killed_worker_costs_nothing_but_its_chunk(many, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "_engine", pool_of(toy.rows))
    monkeypatch.setattr("sim.runs.sweep_runs.MOST", 50)
    killed = 0
    for state in sweeping.run(dataclasses.replace(many, folder=tmp_path)):
        if state.done < 600 and killed < 2 and children():
            children()[0].kill()
            killed += 1
    assert killed == 2
    assert load.frame(tmp_path).headquarters_in_zone.tolist() == list(range(1000))


def test_workers_go_when_their_parent_is_killed_and_the_sweep_goes_on(file, reference, tmp_path):
    """K1 and K2 in small: kill -9 of the client at a random moment; then it ends as if nothing had been."""
    process = runs.shell("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    wait_for(lambda: children_of(process.pid) or process.poll() is not None, 60)
    time.sleep(random.uniform(0, 4))
    workers = children_of(process.pid)
    process.kill()
    process.communicate()
    wait_for(lambda: not [each for each in workers if each.is_running()], 10)
    said = runs.sim("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    assert said.exit_code == 0, said.stderr
    assert sweeps.content(tmp_path / "out") == reference
    assert not list((tmp_path / "out").rglob("*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_a_signal_stops_cleanly_and_names_the_command(tmp_path, number):
    file = sweeps.write(tmp_path, sweeps.SWEEP.replace("replicates = 3", "replicates = 2000"))
    process = runs.shell("sweep", file, "--out", tmp_path / "out", "--jobs", 1)
    wait_for(lambda: list((tmp_path / "out").glob("parts/*/*.parquet")) or process.poll() is not None, 120)
    workers = children_of(process.pid)
    runs.stop(process, number, "runs")
    wait_for(lambda: not [each for each in workers if each.is_running()], 10)
    assert not (tmp_path / "out" / ".lock").exists()
    assert not list((tmp_path / "out").rglob("*.tmp"))


def wait_for(condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def children_of(number):
    try:
        return psutil.Process(number).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


# -- a dask cluster ---------------------------------------------------------------------------------------

def test_a_cluster_gives_the_same_bytes(file, reference, cluster, tmp_path):
    said = runs.sim("sweep", file, "--dask", cluster.address, "--out", tmp_path / "out", "-q")
    assert said.exit_code == 0, said.stderr
    assert sweeps.content(tmp_path / "out") == reference


def test_a_run_that_does_harm_on_a_cluster_is_the_only_one_without_a_result(many, cluster, tmp_path,
                                                                              monkeypatch):
    monkeypatch.setattr(sweeping, "_engine", dask_of(toy.unraisable, cluster))
    assert sweeps.finish(dataclasses.replace(many, folder=tmp_path)) == (1000, 1000, 1)
    assert load.failures(tmp_path).run.tolist() == [toy.BAD]


def test_a_worker_that_leaves_a_cluster_costs_nobody_a_result(many, cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "_engine", dask_of(toy.rows, cluster))
    monkeypatch.setattr("sim.runs.sweep_runs.MOST", 50)
    steps = sweeping.run(dataclasses.replace(many, folder=tmp_path))
    next(steps)
    next(steps)
    cluster.processes[-1].kill()
    assert list(steps)[-1] == (1000, 1000, 0)
    assert load.frame(tmp_path).headquarters_in_zone.tolist() == list(range(1000))
    cluster.add_worker()


def test_no_socket_leaves_the_machine(cluster):
    numbers = [os.getpid(), *(process.pid for process in cluster.processes if process.poll() is None)]
    listening = [socket for number in numbers for socket in psutil.Process(number).net_connections("inet")
                 if socket.status == psutil.CONN_LISTEN]
    assert listening
    assert {socket.laddr.ip for socket in listening} <= {"127.0.0.1", "::1"}


def test_an_address_that_does_not_answer_ends_soon_with_4_and_one_line(file, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_cluster, "ANSWER", 1.0)
    said = runs.sim("sweep", file, "--dask", "tcp://127.0.0.1:9", "--out", tmp_path, "-q")
    assert said.exit_code == 4
    assert said.stderr.startswith("error: tcp://127.0.0.1:9: no dask scheduler answers")
    assert len(said.stderr.splitlines()) == 1


def test_an_address_waits_no_longer_than_it_says():
    assert dask_cluster.ANSWER <= 20


def test_an_address_where_somebody_listens_and_says_nothing_ends_as_soon(file, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_cluster, "ANSWER", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        said = runs.sim("sweep", file, "--dask", f"tcp://127.0.0.1:{deaf.getsockname()[1]}", "--out", tmp_path, "-q")
    assert said.exit_code == 4
    assert "no dask scheduler answers: no answer" in said.stderr
    assert "finished runs are kept; continue with: sim" in said.stderr
    assert time.monotonic() - began < 20


def slowed(packed, chunk):
    time.sleep(0.05)
    return toy.rows(packed, chunk)


@pytest.mark.slow
def test_a_scheduler_that_goes_in_mid_sweep_ends_it_soon_and_nothing_is_lost(many, tmp_path, monkeypatch):
    """K5 in small, with a patience of 5 s: what was acknowledged stays, and the sweep goes on elsewhere."""
    monkeypatch.setattr(dask_cluster, "ANSWER", 5.0)
    monkeypatch.setattr("sim.runs.sweep_runs.MOST", 10)
    given, kept = dataclasses.replace(many, folder=tmp_path / "out"), 0
    with clusters.Cluster(tmp_path, workers=1) as cluster:
        monkeypatch.setattr(sweeping, "_engine", dask_of(slowed, cluster))
        for number in (signal.SIGSTOP, signal.SIGKILL):
            before, kept = kept, silenced(sweeping.run(given), cluster.processes[0], number)
            assert before < kept < 1000
            cluster.processes[0].send_signal(signal.SIGCONT)
    monkeypatch.setattr(sweeping, "_engine", lambda job, made: sweeps.Here(made.packed, function=toy.rows))
    steps = sweeping.run(given)
    assert next(steps).done == kept
    assert list(steps)[-1] == (1000, 1000, 0)
    assert load.frame(tmp_path / "out").headquarters_in_zone.tolist() == list(range(1000))


def silenced(steps, scheduler, number):
    """Send a signal to the scheduler once 50 more runs are stored; how many are in the end, which comes soon."""
    seen, sent = [], []
    with pytest.raises(Unanswered, match="no answer from the cluster"):
        follow(steps, seen, lambda: (scheduler.send_signal(number), sent.append(time.monotonic())))
    assert time.monotonic() - sent[0] < 20
    return seen[-1]


def follow(steps, seen, act):
    for state in steps:
        if len(seen) and seen[-1] < seen[0] + 50 <= state.done:
            act()
        seen.append(state.done)


def test_a_cluster_with_certificates_of_ones_own_gives_the_same_bytes(file, reference, tmp_path):
    """R3 over tls://; without its certificates nobody gets in."""
    import dask

    own, other = clusters.certificates(tmp_path), clusters.certificates(tmp_path, "other")
    with clusters.Cluster(tmp_path, 1, own) as cluster:
        with pytest.raises(InputError, match="its setting distributed.comm.tls.ca-file is missing"):
            dask_cluster.DaskEngine(cluster.address, toy.rows, b"", "0" * 16)
        with dask.config.set(clusters.settings(other)), pytest.raises(Unanswered, match="certificate"):
            dask_cluster.DaskEngine(cluster.address, toy.rows, b"", "0" * 16)
        with dask.config.set(clusters.settings(own)):
            said = runs.sim("sweep", file, "--dask", cluster.address, "--out", tmp_path / "out", "-q")
    assert cluster.address.startswith("tls://")
    assert said.exit_code == 0, said.stderr
    assert sweeps.content(tmp_path / "out") == reference


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:1", "tcp://127.0.0.1",
                                     "tcp://127.0.0.1:99999"])
def test_what_is_no_address_is_refused(file, tmp_path, address):
    said = runs.sim("sweep", file, "--dask", address, "--out", tmp_path, "-q")
    assert said.exit_code == 2
    assert "--dask" in said.stderr


def test_an_open_address_beyond_private_networks_is_refused():
    with pytest.raises(InputError, match="without encryption"):
        dask_cluster.refuse_open_address("tcp://8.8.8.8:8786")
    dask_cluster.refuse_open_address("tls://8.8.8.8:8786")
    dask_cluster.refuse_open_address("tcp://10.1.2.3:8786")


@pytest.mark.parametrize("host", [
    "0.0.0.0", "[::]", "169.254.169.254", "[fe80::1]", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[ff02::1]",
    "[::ffff:8.8.8.8]", "[::ffff:0.0.0.0]", "[64:ff9b::808:808]", "100.64.0.1", "0"])
def test_an_open_address_of_no_one_place_is_refused(host):
    with pytest.raises(InputError, match="without encryption"):
        dask_cluster.refuse_open_address(f"tcp://{host}:8786")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "172.16.0.9", "192.168.1.7", "[fd00::7]"])
def test_addresses_of_this_machine_and_of_private_networks_are_used(host):
    dask_cluster.refuse_open_address(f"tcp://{host}:8786")


def test_workers_that_cannot_begin_are_no_runs_fault(many, tmp_path, monkeypatch):
    monkeypatch.setattr(process_pool.worker_start, "serve", toy.aborted)
    monkeypatch.setattr(process_pool, "NOBODY", 0.0)
    monkeypatch.setattr(sweeping, "_engine", pool_of(toy.rows))
    with pytest.raises(OutputError, match="as soon as they start"):
        sweeps.finish(dataclasses.replace(many, folder=tmp_path))
