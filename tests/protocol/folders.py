"""S2, S3: folders that cannot be written to, and folders that go in mid-sweep."""

import pathlib
import subprocess
import time

import runs

from protocol import watched


def closed(bench):
    """S2: exit 4 and one line, before any run."""
    file, link = bench.folder / "a-file", bench.folder / "dangling"
    file.write_text("not a folder")
    link.symlink_to(bench.folder / "nowhere" / "at-all")
    places = [file, file / "below", link, bench.folder / ("n" * 300), pathlib.Path("/proc/nothing")]
    bench.note(
        "S2",
        "an output that is a file, below a file, a dangling link, too long a name, a place without "
        "files: exit 4 and one line",
        len(places),
        sum(not _is_refused(bench.file, place) for place in places),
    )


def _is_refused(file, place):
    process = runs.shell("sweep", str(file), "--out", str(place), "-q")
    _, said = process.communicate()
    return process.returncode == 4 and len(said.strip().splitlines()) == 1


def removals(bench, number):
    """S3: rm -rf, rename, replacement and the loss of a part in mid-sweep, as another process does them."""
    ways, wrong = (_remove, _rename, _replace, _remove_part), 0
    for k in range(number):
        folder = bench.folder / f"gone-{k}"
        process = watched.started(bench.file, folder)
        time.sleep(bench.rng.uniform(0.3, 1.5))
        ways[k % 4](folder)
        process.communicate()
        wrong += process.returncode == 0
    bench.note("S3", "folder removed, renamed, replaced, or a part removed in mid-sweep: never exit 0", number, wrong)


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
