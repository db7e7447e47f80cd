"""How long a command takes that computes nothing: on the wall and of processor, in a process of its own each time.

    python benchmarks/start.py [--rounds 5] [another checkout ...]

Prints the best and the median of the rounds, warm: one round more goes before and is not counted. With other
checkouts all of them take turns, so that other programs on the machine slow each alike; the load is printed, and
where it is above the number of processors only processor time says how long a command takes. Not on Windows.
"""

import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parents[1]
COMMANDS = (("--help",), ("run", "--help"), ("list",), ("show", "scenarios/baseline.toml"),
            ("check", "scenarios/baseline.toml"), ("check", "scenarios/full-package.toml"), ("new", "{folder}"))


def seconds(checkout, command, folder):
    """(seconds on the wall, of processor) of one command of a checkout."""
    arguments = [each.format(folder=folder) for each in command]
    begun, before = time.perf_counter(), _processor()
    subprocess.run([sys.executable, "-c", "from sim.cli import main; main()", *arguments], cwd=checkout, check=True,
                   capture_output=True, env={**os.environ, "PYTHONPATH": str(checkout)})
    spent = time.perf_counter() - begun, _processor() - before
    shutil.rmtree(folder, ignore_errors=True)
    return spent


def _processor():
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(checkouts, command, rounds):
    """[(wall, processor) seconds of every round] of each checkout, the order turned round by round."""
    found = {checkout: [] for checkout in checkouts}
    with tempfile.TemporaryDirectory() as place:
        for turn in range(rounds + 1):
            for checkout in checkouts[::1 if turn % 2 == 0 else -1]:
                found[checkout].append(seconds(checkout, command, pathlib.Path(place, "made")))
    return [found[checkout][1:] for checkout in checkouts]


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("others", nargs="*", type=pathlib.Path)
    asked = parser.parse_args()
    checkouts = [HERE, *(path.resolve() for path in asked.others)]
    print("| command | " + " | ".join(f"{path}: wall best, median; processor, s" for path in checkouts) + " | load |")
    print("| --- |" + " --- |" * (len(checkouts) + 1))
    for command in COMMANDS:
        found = measured(checkouts, command, asked.rounds)
        cells = [f"{min(wall):.2f}, {statistics.median(wall):.2f}; {statistics.median(processor):.2f}"
                 for wall, processor in (zip(*each, strict=True) for each in found)]
        print(f"| sim {' '.join(command).format(folder='demo')} | {' | '.join(cells)} | {os.getloadavg()[0]:.1f} |",
              flush=True)


if __name__ == "__main__":
    main()
