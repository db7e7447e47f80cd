"""S6: two sweeps in one folder."""

from sim.base.errors import LockedError
from sim.experiments.sweep import sweep as sweeping
from tests.reliability.bench import here


def locks(bench, number):
    """A second sweep in the folder of one that is under way."""
    wrong = sum(not _is_refused(bench.job_in(bench.folder / f"lock-{k}")) for k in range(number))
    bench.note("S6", "two sweeps in one folder: the second is refused by the number of the first", number, wrong)


def _is_refused(job):
    with here():
        steps = sweeping.run(job)
        next(steps)
        try:
            next(sweeping.run(job))
        except LockedError as error:
            return "in use by process" in str(error)
        finally:
            steps.close()
    return False
