"""S6: two sweeps in one folder."""

import time

from sim.base.errors import LockedError
from sim.experiments.sweep import sweep as sweeping
from tests.reliability import watched
from tests.reliability.bench import here


def locks(bench, number, paces):
    """A second sweep in the folder of one whose workers are at it."""
    for pace in paces:
        wrong = sum(not _is_refused(bench, bench.folder / f"lock-{pace}-{k}", pace) for k in range(number))
        bench.note("S6", f"two sweeps in one folder, {pace} s a chunk: the second is refused by the number of the "
                   "first, which goes on", number, wrong)


def _is_refused(bench, folder, pace):
    process = watched.started(bench.file, folder, pace=pace)
    time.sleep(bench.rng.uniform(0.0, 2.0 + pace))
    try:
        with here():
            next(sweeping.run(bench.job_in(folder)))
    except LockedError as error:
        return f"in use by process {process.pid}" in str(error) and bool(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()
    return False
