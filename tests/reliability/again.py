"""K9, K10: a finished sweep asked for again, as it was and edited."""

import shutil
import time

from sim.base.errors import InputError
from tests.reliability import watched
from tests.reliability.bench import here
from tests.samples import runs, sweeps

EDITS = {
    "2021-12-31": "2022-03-31",
    "[5]": "[6]",
    "2021-10-01": "2021-07-01",
    "10000": "9999",
    "[axes.reach]": "[axes.rich]",
    "2021-Q4": "2021-Q3",
    "policies.tax.start": "policies.status.start",
}


def finished(bench, number, paces):
    """K9: the same sweep again, one that sleeping workers began."""
    for pace in paces:
        folder = shutil.copytree(watched.half_done(bench, pace), bench.folder / f"ended-{pace}")
        with here():
            sweeps.finish(bench.job_in(folder))
        took = [_again(bench, folder) for _ in range(number)]
        bench.note("K9", f"a finished sweep again, begun at {pace} s a chunk: nothing run, nothing touched", number,
                   sum(not untouched for untouched, _ in took) + (not bench.ends_as_undisturbed(folder)),
                   f"slowest {max(seconds for _, seconds in took):.2f} s")


def _again(bench, folder):
    """Whether a finished sweep that is asked for again stays as it is, and the seconds that it takes."""
    before, began = runs.stamps(folder / "results"), time.monotonic()
    with here(task=None):
        sweeps.finish(bench.job_in(folder))
    return runs.stamps(folder / "results") == before, time.monotonic() - began


def edits(bench, paces):
    """K10: another sweep in the folder of one that sleeping workers began, one edit each."""
    text, path = bench.file.read_text(), bench.file.with_name("edited.toml")
    for pace in paces:
        folder, wrong = watched.half_done(bench, pace), 0
        for old, new in EDITS.items():
            path.write_text(text.replace(old, new))
            wrong += not _is_refused(path, folder)
        bench.note("K10", f"an edited sweep, {pace} s a chunk: refused by the key that differs", len(EDITS), wrong)


def _is_refused(path, folder):
    before = runs.stamps(folder / "parts")
    try:
        sweeps.finish(sweeps.job(path, folder))
    except InputError as error:
        return ("there and" in str(error) or "not set" in str(error)) and runs.stamps(folder / "parts") == before
    return False
