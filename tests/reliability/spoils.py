"""S4, S5: a file of a half-done sweep is not as it was written."""

import shutil

from sim.experiments.sweep import sweep as sweeping
from sim.runs import sweep_runs
from sim.runs.entries import read_lines
from tests.reliability import watched
from tests.reliability.bench import here


def bits(bench, number):
    """S4: one bit is another."""
    _spoils(bench, ("S4", "one bit"), number, _flip)


def cuts(bench, number):
    """S5: the file ends early, or its second half is zeros."""
    _spoils(bench, ("S5", "cut"), number, lambda content, rng: content[: rng.randrange(len(content))])
    _spoils(bench, ("S5", "zeroed tail"), number, _zero)


def _flip(content, rng):
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def _zero(content, rng):
    return content[: len(content) // 2] + bytes(len(content) - len(content) // 2)


def _spoils(bench, named, number, spoil):
    """Spoil a file of a half-done sweep; it is noticed, and exactly its runs are missing."""
    line, name = named
    half = _half(bench)
    wrong = sum(not _is_noticed(bench, half, spoil) for _ in range(number))
    bench.note(line, f"{name} of a part: noticed, exactly its runs made again", number, wrong)


def _half(bench):
    """Folder of a sweep that was left after twelve steps."""
    half = bench.folder / "half"
    if not half.exists():
        sweep_runs.MOST = 500
        with here():
            steps = sweeping.run(bench.job_in(half))
            for _ in range(12):
                next(steps)
            steps.close()
    return half


def _is_noticed(bench, half, spoil):
    """Whether a copy with one part spoilt lacks exactly the runs of that part."""
    folder = shutil.copytree(half, bench.folder / "spoilt")
    victim = bench.rng.choice(sorted(folder.glob("parts/*/*")))
    content = victim.read_bytes()
    spoilt = spoil(content, bench.rng)
    victim.write_bytes(spoilt)
    with here():
        first = next(sweeping.run(bench.job_in(folder)))
    shutil.rmtree(folder)
    return spoilt == content or first.done == watched.acknowledged(half) - _runs_in(half, victim.name)


def _runs_in(folder, name):
    """Number of runs in the part of that name."""
    entry = next(entry for entry in read_lines(folder) if entry["path"].endswith(name))
    return sum(last - first + 1 for first, last in entry["runs"])
