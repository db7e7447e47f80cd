"""S4, S5: a file of a half-done sweep is not as it was written."""

import shutil

from sim.experiments.sweep import sweep as sweeping
from sim.runs.entries import read_lines
from tests.reliability import watched
from tests.reliability.bench import here


def bits(bench, number, paces):
    """S4: one bit is another."""
    for pace in paces:
        _spoils(bench, ("S4", "one bit", flip), number, pace)


def cuts(bench, number, paces):
    """S5: the file ends early, or its second half is zeros."""
    for pace in paces:
        _spoils(bench, ("S5", "cut", lambda content, rng: content[: rng.randrange(len(content))]), number, pace)
        _spoils(bench, ("S5", "zeroed tail", _zero), number, pace)


def flip(content, rng):
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def _zero(content, rng):
    return content[: len(content) // 2] + bytes(len(content) - len(content) // 2)


def _spoils(bench, way, number, pace):
    """Spoil a file of a sweep that sleeping workers left half done; exactly its runs are missing, and made again."""
    line, name, spoil = way
    half = watched.half_done(bench, pace)
    wrong = sum(not _is_mended(bench, half, spoil) for _ in range(number))
    bench.note(line, f"{name} of a part, {pace} s a chunk: noticed, exactly its runs made again, same hash", number,
               wrong)


def _is_mended(bench, half, spoil):
    """Whether a copy with one part spoilt lacks exactly the runs of that part, and comes to the same end."""
    folder = shutil.copytree(half, bench.folder / "spoilt")
    victim = bench.rng.choice(sorted(folder.glob("parts/*/*")))
    content = victim.read_bytes()
    spoilt = spoil(content, bench.rng)
    victim.write_bytes(spoilt)
    with here():
        first, *_ = sweeping.run(bench.job_in(folder))
    same = bench.ends_as_undisturbed(folder)
    shutil.rmtree(folder)
    left = watched.acknowledged(half) - (_runs_in(half, victim.name) if spoilt != content else 0)
    return first.done == left and same


def _runs_in(folder, name):
    """Number of runs in the part of that name."""
    entry = next(entry for entry in read_lines(folder) if entry["path"].endswith(name))
    return sum(last - first + 1 for first, last in entry["runs"])
