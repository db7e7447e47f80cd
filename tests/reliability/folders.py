"""S2, S3: folders that cannot be written to, and folders that go in mid-sweep."""

import pathlib
import subprocess
import time

from tests.reliability import watched


def closed(bench, paces):
    """S2: exit 4 and one line, before any run."""
    file, link = bench.folder / "a-file", bench.folder / "dangling"
    file.write_text("not a folder")
    link.symlink_to(bench.folder / "nowhere" / "at-all")
    places = [file, file / "below", link, bench.folder / ("n" * 300), pathlib.Path("/proc/nothing")]
    for pace in paces:
        bench.note("S2", "an output that is a file, below a file, a dangling link, too long a name, a place without "
                   f"files, {pace} s a chunk: exit 4 and one line", len(places),
                   sum(not _is_refused(bench.file, place, pace) for place in places))


def _is_refused(file, place, pace):
    process = watched.typed(file, place, pace=pace)
    _, said = process.communicate()
    return process.returncode == 4 and len(said.strip().splitlines()) == 1


def removals(bench, number, paces):
    """S3: rm -rf, rename, replacement and the loss of a part in mid-sweep, as another process does them."""
    ways = _remove, _rename, _replace, _remove_part
    for pace in paces:
        wrong = sum(_ends_well(bench, bench.folder / f"gone-{pace}-{k}", ways[k % 4], pace) for k in range(number))
        bench.note("S3", f"folder removed, renamed, replaced, or a part removed in mid-sweep, {pace} s a chunk: "
                   "never exit 0", number, wrong)


def _ends_well(bench, folder, way, pace):
    """Whether a sweep whose folder is disturbed ends with 0."""
    process = watched.started(bench.file, folder, pace=pace)
    time.sleep(bench.rng.uniform(0.3, 1.5))
    way(folder)
    process.communicate()
    return process.returncode == 0


def _remove(folder):
    subprocess.run(["rm", "-rf", str(folder)], check=False, stderr=subprocess.DEVNULL)


def _rename(folder):
    folder.rename(folder.with_name(folder.name.replace("gone", "elsewhere")))


def _replace(folder):
    _remove(folder)
    folder.mkdir(exist_ok=True)


def _remove_part(folder):
    while not (there := sorted(folder.glob("parts/*/*.parquet"))):      # workers are still starting
        time.sleep(0.05)
    there[0].unlink()
