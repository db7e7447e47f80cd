"""K9, K10: a finished sweep asked for again, as it was and edited."""

import time

from sim.base.errors import InputError
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


def finished(bench, number):
    """K9: the same sweep again."""
    wrong, slowest, results = 0, 0.0, bench.whole / "results"
    for _ in range(number):
        before, began = runs.stamps(results), time.monotonic()
        with here(task=None):
            sweeps.finish(bench.job_in(bench.whole))
        slowest = max(slowest, time.monotonic() - began)
        wrong += runs.stamps(results) != before
    bench.note(
        "K9", "a finished sweep again: nothing run, nothing touched", number, wrong, f"slowest {slowest:.2f} s"
    )


def edits(bench):
    """K10: another sweep in its folder, one edit each."""
    text, path = bench.file.read_text(), bench.file.with_name("edited.toml")
    wrong = 0
    for old, new in EDITS.items():
        path.write_text(text.replace(old, new))
        wrong += not _is_refused(path, bench.whole)
    bench.note("K10", "an edited sweep is refused by the key that differs", len(EDITS), wrong)


def _is_refused(path, folder):
    try:
        sweeps.finish(sweeps.job(path, folder))
    except InputError as error:
        return "there and" in str(error) or "not set" in str(error)
    return False
