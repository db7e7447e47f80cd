"""How long a command takes that computes nothing, and `sim run` until it computes: on the wall and of processor.

    python benchmarks/start.py [--rounds 5] [another checkout ...]

Every command is a process of its own each time; kernels are compiled already. `sim run` with two replicates in one
thread is ended when the first world is about to be built, and when the first quarter is about to be simulated.

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
RUN = ("run", "scenarios/baseline.toml", "--replicates", "2", "--jobs", "1", "--quiet", "--out", "{folder}")
MAIN = "from sim.cli import main; main()"
UNTIL = ("import os, threading; threading.setprofile(lambda frame, event, _: "
         "frame.f_code.co_qualname == '{}' and frame.f_code.co_filename.endswith('{}') and os._exit(0)); ") + MAIN


def measures():
    """[(what, code, arguments)] of all that is timed."""
    found = [(" ".join(("sim", *command)).format(folder="demo"), MAIN, command) for command in COMMANDS]
    return [*found, ("sim run until a world is built", UNTIL.format("build", "sim/model/assemble.py"), RUN),
            ("sim run until the first quarter", UNTIL.format("step", "sim/model/step.py"), RUN)]


def seconds(checkout, code, command, folder):
    """(seconds on the wall, of processor) of one command of a checkout."""
    arguments = [each.format(folder=folder) for each in command]
    begun, before = time.perf_counter(), _processor()
    subprocess.run([sys.executable, "-c", code, *arguments], cwd=checkout, check=True,
                   capture_output=True, env={**os.environ, "PYTHONPATH": str(checkout)})
    spent = time.perf_counter() - begun, _processor() - before
    shutil.rmtree(folder, ignore_errors=True)
    return spent


def _processor():
    """Processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(checkouts, code, command, rounds):
    """[(wall, processor) seconds of every round] of each checkout, the order turned round by round."""
    found = {checkout: [] for checkout in checkouts}
    with tempfile.TemporaryDirectory() as place:
        for turn in range(rounds + 1):
            for checkout in checkouts[::1 if turn % 2 == 0 else -1]:
                found[checkout].append(seconds(checkout, code, command, pathlib.Path(place, "made")))
    return [found[checkout][1:] for checkout in checkouts]


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="rows in whose name this stands")
    parser.add_argument("others", nargs="*", type=pathlib.Path)
    asked = parser.parse_args()
    checkouts = [HERE, *(path.resolve() for path in asked.others)]
    print("| command | " + " | ".join(f"{path}: wall best, median; processor, s" for path in checkouts) + " | load |")
    print("| --- |" + " --- |" * (len(checkouts) + 1))
    for what, code, command in measures():
        if asked.only not in what:
            continue
        found = measured(checkouts, code, command, asked.rounds)
        cells = [f"{min(wall):.2f}, {statistics.median(wall):.2f}; {statistics.median(processor):.2f}"
                 for wall, processor in (zip(*each, strict=True) for each in found)]
        print(f"| {what} | {' | '.join(cells)} | {os.getloadavg()[0]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
