"""R2, R3, R4: real runs give one hash, whoever works them off."""

import itertools

from sim.runs import process_pool, sweep_runs, worker
from tests.reliability import victims, watched
from tests.reliability.bench import here, worked_by
from tests.samples import clusters, sweeps, toy_pace

HALF = 9                       # of the runs: a first chunk of two is not larger


def orders(bench, paces):
    """R2: workers x size of chunks x order; in processes, and here with the last chunk first."""
    combinations = list(itertools.product((1, 3), (1, 7, 100), (False, True)))
    for pace in paces:
        with bench.real_runs() as file:
            found = {_in_order(bench, file, pace, *each) for each in combinations}
        bench.note("R2", f"workers x chunk size x order, real runs, {pace} s a chunk: one hash, the same bytes",
                   len(combinations), len(found) - 1)


def _in_order(bench, file, pace, workers, chunk, backwards):
    """What a sweep gives whose chunks are worked off by so many processes, or here with the last one first."""
    sweep_runs.FIRST = sweep_runs.MOST = chunk
    folder = bench.folder / f"order-{pace}-{workers}-{chunk}-{backwards}"
    task = toy_pace.slow(pace / min(chunk, HALF), worker.work)
    with worked_by(lambda job, made: sweeps.Here(made.packed, workers, task, backwards=True) if backwards else
                   process_pool.PoolEngine(workers, task, made.packed, job.folder)):
        sweeps.finish(sweeps.job(file, folder))
    return _values_and_bytes(folder)


def threads(bench, paces):
    """R4: numbers of threads for numba x for libraries of linear algebra."""
    combinations = list(itertools.product(("1", "2", "4"), repeat=2))
    for pace in paces:
        with bench.real_runs() as file:
            found = {_with_threads(bench, file, pace, *each) for each in combinations}
        bench.note("R4", "threads of numba x threads of linear algebra, real runs, "
                   f"{pace} s a chunk: one hash, the same bytes", len(combinations), len(found) - 1)


def _with_threads(bench, file, pace, ours, theirs):
    """What a sweep gives with so many threads for numba, and for linear algebra."""
    folder = bench.folder / f"threads-{pace}-{ours}-{theirs}"
    code = watched.exit_code(file, folder, "", pace, victims.REAL, NUMBA_NUM_THREADS=ours, OMP_NUM_THREADS=theirs,
                             OPENBLAS_NUM_THREADS=theirs)
    return (code, *_values_and_bytes(folder)) if code == 0 else (code, ours, theirs)


def encrypted(bench, paces):
    """R3: a cluster over tls with an authority of our own; nobody else gets in."""
    for pace in paces:
        _encrypted(bench, bench.folder / f"tls-{pace}", pace)


def _encrypted(bench, place, pace):
    place.mkdir()
    own, other = clusters.certificates(place), clusters.certificates(place, "other")
    file = sweeps.write(place)
    with here(worker.work):
        sweeps.finish(sweeps.job(file, place / "here"))
    with clusters.Cluster(place, 2, own) as cluster:
        plain = cluster.address.replace("tls://", "tcp://")
        strangers = [(cluster.address, other), (cluster.address, {}), (plain, {})]
        let_in = sum(watched.exit_code(file, place / "no", at, pace, victims.REAL, **settings) == 0
                     for at, settings in strangers)
        ended = watched.exit_code(file, place / "out", cluster.address, pace, victims.REAL, **own)
    same = ended == 0 and sweeps.content(place / "out") == sweeps.content(place / "here")
    bench.note("R3", f"real runs over tls://, certificates of our own, {pace} s a chunk: same hash; others, none and "
               "tcp:// stay out", 4, let_in + (not same), f"hash {'equal' if same else 'OTHER'}, {let_in} let in")


def _values_and_bytes(folder):
    """Hash of a sweep's values, and the bytes of its results."""
    return sweeps.content(folder), *sweeps.files(folder).values()
