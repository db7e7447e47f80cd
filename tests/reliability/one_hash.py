"""R2, R3, R4: real runs give one hash, whoever works them off."""

import itertools

from sim.runs import sweep_runs, worker
from tests.reliability.bench import here, worked_by
from tests.samples import clusters, runs, sweeps


def orders(bench):
    """R2: workers x size of chunks x order."""
    combinations, found = list(itertools.product((1, 3), (1, 7, 100), (False, True))), set()
    with bench.real_runs() as file:
        for workers, chunk, backwards in combinations:
            sweep_runs.FIRST = sweep_runs.MOST = chunk
            folder = bench.folder / f"order-{workers}-{chunk}-{backwards}"
            with worked_by(lambda job, made, w=workers, b=backwards: sweeps.Here(made.packed, w, backwards=b)):
                sweeps.finish(sweeps.job(file, folder))
            found.add(_values_and_bytes(folder))
    bench.note(
        "R2",
        "workers x chunk size x order, real runs: one hash, the same bytes",
        len(combinations),
        len(found) - 1,
    )


def threads(bench):
    """R4: numbers of threads for numba x for libraries of linear algebra."""
    combinations, found, wrong = list(itertools.product(("1", "2", "4"), repeat=2)), set(), 0
    with bench.real_runs() as file:
        for ours, theirs in combinations:
            folder = bench.folder / f"threads-{ours}-{theirs}"
            wrong += _exit_code(file, folder, NUMBA_NUM_THREADS=ours, OMP_NUM_THREADS=theirs,
                                OPENBLAS_NUM_THREADS=theirs) != 0
            found.add(_values_and_bytes(folder))
    bench.note(
        "R4",
        "threads of numba x threads of linear algebra, real runs: one hash, the same bytes",
        len(combinations),
        wrong + len(found) - 1,
    )


def encrypted(bench):
    """R3: a cluster over tls with an authority of our own; nobody else gets in."""
    place = bench.folder / "tls"
    place.mkdir()
    own, other = clusters.certificates(place), clusters.certificates(place, "other")
    file = sweeps.write(place)
    with here(worker.work):
        sweeps.finish(sweeps.job(file, place / "here"))
    with clusters.Cluster(place, 2, own) as cluster:
        plain = cluster.address.replace("tls://", "tcp://")
        strangers = [(cluster.address, other), (cluster.address, {}), (plain, {})]
        let_in = sum(_exit_code(file, place / "no", "--dask", at, **settings) == 0 for at, settings in strangers)
        ended = _exit_code(file, place / "out", "--dask", cluster.address, **own)
    same = ended == 0 and sweeps.content(place / "out") == sweeps.content(place / "here")
    bench.note(
        "R3",
        "real runs over tls://, certificates of our own: same hash; others, none and tcp:// stay out",
        4,
        let_in + (not same),
        f"hash {'equal' if same else 'OTHER'}, {let_in} let in",
    )


def _exit_code(file, folder, *options, **environment):
    """Exit code of `sim sweep` with these settings in its environment."""
    process = runs.shell("sweep", file, "--out", folder, *options, "-q", **environment)
    process.communicate()
    return process.returncode


def _values_and_bytes(folder):
    """Hash of a sweep's values, and the bytes of its results."""
    return sweeps.content(folder), *sweeps.files(folder).values()
