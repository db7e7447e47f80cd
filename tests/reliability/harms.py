"""K4: a run that does harm to whoever works it off."""

from sim.experiments.sweep import load
from sim.runs import sweep_runs
from tests.reliability.bench import RUNS, processes_or_cluster, worked_by
from tests.samples import sweeps, toy, toy_pace

A_CHUNK = 500                  # runs
TASKS = (toy.killed, toy.left, toy.crashed, toy.stuck, toy.unsendable, toy.unraisable)


def harms(bench, paces):
    """Every kind of harm in a sweep of its own on two processes."""
    sweep_runs.FIRST = sweep_runs.MOST = A_CHUNK
    for pace in paces:
        wrong = sum(not _only_it_fails(bench, task, pace) for task in TASKS)
        bench.note("K4", f"kinds of harm by one run among {RUNS:,}, {pace} s a chunk: only it has no result",
                   len(TASKS), wrong)


def _only_it_fails(bench, task, pace):
    folder = bench.folder / f"{task.__name__}-{pace}"
    limit = 15.0 + 2.0 * pace if task is toy.stuck else 600.0      # seconds; the machine may do much else
    with worked_by(processes_or_cluster(toy_pace.slow(pace / A_CHUNK, task))):
        state = sweeps.finish(bench.job_in(folder, limit=limit))
    return (state.done, load.failures(folder).run.tolist()) == (RUNS, [toy.BAD])
