"""How long the kernels take to compile: when they are called, and beforehand by several processes.

    python benchmarks/compiling.py [--rounds 1] [--workers 1 2]

Every round begins with an empty cache. Prints seconds on the wall, and of processor in all and of the busiest process:
what the wall shows on a machine that has a processor for each of them.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parents[1]
CALLED = "import sys; sys.path.insert(0, 'docs'); import kernels; kernels.noted(['baseline'])"
BEFOREHAND = "from sim.runs import compiling; print(*compiling.compiled({workers}))"


def seconds(code):
    """(wall, processor in all, processor of the busiest process) of one process with its own, from an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        begun, watched = time.perf_counter(), {}
        run = subprocess.Popen([sys.executable, "-c", code], cwd=HERE, stdout=subprocess.DEVNULL,
                               start_new_session=True,
                               env={**os.environ, "PYTHONPATH": str(HERE), "NUMBA_CACHE_DIR": cache})
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        while run.poll() is None:
            watched |= _processor(run.pid)
            time.sleep(0.1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        raise SystemExit(f"{code} ended with {run.returncode}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, max(used, sum(watched.values())), max(watched.values())


def _processor(session):
    """{process: seconds of processor so far} of a session, as Linux tells it."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:                # it has ended meanwhile
            continue
        if int(fields[3]) == session:
            found[path.parent.name] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    asked = parser.parse_args()
    ways = {"when called, in a run": CALLED} | {f"beforehand, {number} at once": BEFOREHAND.format(workers=number)
                                                for number in asked.workers}
    print("| compiled | wall, s | processor, s | busiest process, s | load |\n| --- | --- | --- | --- | --- |")
    found = {way: [] for way in ways}
    for _round in range(asked.rounds):
        for way, code in ways.items():
            found[way].append(seconds(code))
    for way, rows in found.items():
        cells = " | ".join(f"{statistics.median(column):.1f}" for column in zip(*rows, strict=True))
        print(f"| {way} | {cells} | {os.getloadavg()[0]:.1f} |")


if __name__ == "__main__":
    main()
