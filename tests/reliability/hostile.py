"""F1: commands in folders that a stranger has prepared; what lies outside them stays as it is."""

import contextlib
import shutil
import signal
from unittest import mock

from sim.runs import limits
from tests.reliability import planted
from tests.reliability.bench import here
from tests.reliability.ground import Ground
from tests.samples import runs

WHAT = "a link, pipe, socket, file of two names or folder in the place of a file or folder, lines and names that " \
    "lead elsewhere; run, report, rerun, compare, sweep, merge, sensitivity, equilibria: nothing outside is touched, " \
    "and one line and exit 2, 3 (runs are missing), 4 or 6, or success"
PATIENCE = 120                 # seconds for a command; a pipe that is opened waits for ever
COMMANDS = {
    "run": [["run", "small.toml", "--out", "{folder}", "-q", "--no-figures"], ["report", "{folder}"],
            ["run", "small.toml", "--out", "{folder}", "-q", "--force"],
            ["run", "small.toml", "--out", "{folder}", "-q", "--set", "time.end=2021-09-30", "--no-figures"],
            ["rerun", "{folder}", "--out", "{other}"],
            ["equilibria", "small.toml", "--out", "{folder}", "--starts", "0", "-q"],
            ["compare", "{folder}", "small.toml", "--out", "{other}", "-q", "--no-figures", "--jobs", "1"]],
    "sweep": [["sweep", "study.toml", "--out", "{folder}", "-q"],
              ["sweep", "study.toml", "--out", "{folder}", "--status"],
              ["sweep", "study.toml", "--out", "{folder}", "-q", "--force"], ["sensitivity", "{folder}", "-q"],
              ["merge", "study.toml", "{folder}", "--out", "{other}", "-q"]],
    "compared": [["compare", "base.toml", "cut.toml", "--out", "{folder}", "-q", "--jobs", "1"], ["report", "{folder}"],
                 ["compare", "base.toml", "none.toml", "--out", "{folder}", "-q", "--jobs", "1", "--force"]]}
COMMANDS["half"] = COMMANDS["sweep"]
def folders(bench, number):
    """So many folders, each with one thing that a stranger put there, and one command in each."""
    ground = Ground(bench.folder / "hostile")
    wrong = sum(not is_well(*each) for each in cases(ground, bench.rng, number))
    bench.note("F1", WHAT, number, wrong)


def cases(ground, rng, number):
    """Generator of (words, exit code, lines on stderr, whether all outside is as it was)."""
    with mock.patch.object(limits, "processors", return_value=1), here(), contextlib.chdir(ground.folder):
        for _ in range(number):
            kind = rng.choice(sorted(COMMANDS))
            folder, command = ground.copy(kind), rng.choice(COMMANDS[kind])
            plant = rng.choice([planted.file, planted.file, planted.folder, planted.LIES[kind]])
            words = plant(ground, folder, kind, rng)
            other = ground.folder / "work" / f"other-{ground.number}"
            typed = [text.format(folder=folder, other=other) for text in command]
            said, untouched = ground.untouched(lambda typed=typed: said_by(typed))
            yield f"{words}: sim {' '.join(typed)}", *said, untouched
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(other, ignore_errors=True)


def is_well(words, code, lines, untouched):
    well = untouched and (code == 0 or code in (2, 3, 4, 6) and len(lines) == 1)
    if not well:
        print(f"F1: {words}: exit {code}, {'' if untouched else 'TOUCHED, '}{lines[-3:]}", flush=True)
    return well


def said_by(typed):
    """Exit code and lines of stderr of a command, without its progress; what is no message of ours counts as 1."""
    try:
        with patience():
            said = runs.sim(*typed)
    except Exception as error:
        return 1, [f"{type(error).__name__}: {error}"]
    return said.exit_code, [line for line in said.stderr.splitlines() if not line.endswith("...")]


@contextlib.contextmanager
def patience():
    """TimeoutError inside after PATIENCE seconds, whatever waits."""
    def give_up(*_):
        raise TimeoutError("no end")
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
