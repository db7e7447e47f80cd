"""Where the processor time of `sim run`, `compare`, `sweep` and `check` goes, the whole of it named.

    python benchmarks/profile.py [another checkout ...] [--rounds 3] [--replicates 100] [--commands run check]

Every command runs in a process and a thread of its own, warm, with the scenario files and the sources of a
checkout. Each millisecond of processor time a look at the stack says what the process is at; a look counts the
processor time since the look before. Kernels answer no signal while they run: their time falls to the function that
called them, which is what is wanted. Prints a table a command, seconds of processor time: medians of the rounds, and
of the whole their range. With other checkouts all take turns, so that other programs slow each alike.
"""

import argparse
import collections
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Executor, Future

HERE = pathlib.Path(__file__).parents[1]
SWEEP = """scenario = "{scenarios}/baseline.toml"
replicates = 10
design = "lhs"
points = {points}
[outputs]
series = ["headquarters_in_zone"]
[axes]
"terms.rent.beta" = [0.2, 0.6]
"""
PARTS = (                      # (what, files whose name begins so and functions if not all), the first that fits
    ("choice of sites", "sim/kernels/choice/choice.py"), ("registration", "sim/kernels/firms/registration.py"),
    ("errors of the opening stock and of spin-offs", "sim/kernels/choice/initial_errors.py",
     "sim/model/opening_errors.py"),
    ("tastes of the opening stock", "sim/kernels/choice/staying.py", "sim/kernels/firms/proposals.py",
     "sim/model/opening_choices.py"),
    ("feedback", "sim/model/mean_field/", "sim/kernels/mean_field.py"),
    ("constants by kind of enterprise", "sim/model/kind_constants.py"),
    ("base year", "sim/model/base_year", "sim/model/stay_constants.py", "sim/model/shared_base_years.py",
     "sim/model/streamed_utilities.py", "sim/model/worked_out_once.py", "sim/kernels/base_year/",
     "sim/kernels/numerics/digest.py"),
    ("opening stock", "sim/model/opening_population.py:opening", "sim/model/opening_draws.py",
     "sim/model/initialise.py"),
    ("what potential entrants gain", "sim/model/processes/welfare.py"),
    ("headquarters followed", "sim/kernels/firms/headquarters.py"),
    ("counts by fixed criteria", "sim/model/public_accounts/fixed_criteria.py"),
    ("tax bases and accounts", "sim/kernels/tax_base.py", "sim/model/public_accounts/"),
    ("growth", "sim/kernels/firms/life.py:grow"),
    ("exits", "sim/kernels/firms/closing.py", "sim/kernels/firms/life.py:close_down"),
    ("counts and census", "sim/kernels/firms/life.py", "sim/kernels/firms/spinoff.py:census"),
    ("entrants and spin-offs", "sim/kernels/firms/", "sim/model/processes/spinoffs.py",
     "sim/model/processes/demography.py"),
    ("policies and tables by class", "sim/model/choice_tables.py", "sim/policies/", "sim/terms/"),
    ("recorder", "sim/model/recorder.py"),
    ("worlds and networks", "sim/model/assemble.py", "sim/region/", "sim/model/world.py"),
    ("rents and floor", "sim/model/processes/land.py"), ("head enterprises", "sim/model/processes/anchors.py"),
    ("checks and memory told before", "sim/model/preflight/"), ("expected stays", "sim/model/expected_stay.py"),
    ("density, sums and the step itself", "sim/model/step.py"), ("other parts of a quarter", "sim/model/"),
    ("figures and pages", "sim/plots/", "sim/report/"),
    ("parts of a run", "sim/runs/parts.py"), ("results and tables", "sim/results/", "sim/base/", "sim/metrics/"),
    ("statistics of a comparison", "sim/experiments/"),
    ("scenario files and checks", "sim/scenario/", "sim/config/"), ("other", "sim/"))
START = "start: imports"
COMMANDS = ["run", "compare", "sweep", "check"]


class Looks:
    """A context in which every millisecond of processor time is put down to what the stack says."""

    def __init__(self):
        self.seconds, self._last = collections.Counter(), 0.0

    def __enter__(self):
        self._last = time.process_time()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        return self

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_PROF, 0.0)

    def _look(self, _, frame):
        now = time.process_time()
        self.seconds[part_of(frame)] += now - self._last
        self._last = now


def part_of(frame):
    """The first of PARTS that is named on the stack, from the inside; imports come first."""
    found = None
    while frame is not None:
        file, name = frame.f_code.co_filename.replace(os.sep, "/"), frame.f_code.co_name
        if "importlib" in file:
            return START
        place = file.find("/sim/")
        if found is None and place >= 0 and "site-packages" not in file:
            found = named(file[place + 1:], name)
        frame = frame.f_back
    return found or "other"


def named(file, function):
    """What PARTS call a function of a file; None where another on the stack is to say it."""
    if file == "sim/kernels/choice/systematic_utility.py" or file.startswith((
            "sim/kernels/numerics", "sim/kernels/choice/utility", "sim/kernels/choice/draws",
            "sim/kernels/choice/expected")):
        return None
    for what, *places in PARTS:
        for place in places:
            path, _, only = place.partition(":")
            if file.startswith(path) and only in ("", function):
                return what
    return None


class AtOnce(Executor):
    """Instead of a pool of threads: what is submitted is done there and then, in the thread that is looked at."""

    def __init__(self, *_):
        """However many threads were asked for."""

    def submit(self, function, *given):
        """A Future that is done."""
        done = Future()
        try:
            done.set_result(function(*given))
        except BaseException as error:
            done.set_exception(error)
        return done


def in_this_process(_workers, function, packed, _folder, *_prepare):
    """Instead of a pool of processes: an engine that does what it is given in the thread that is looked at."""
    from sim.runs.thread_pool import ThreadEngine

    engine = ThreadEngine(1, lambda chunk, _stop: function(packed, chunk))
    engine.begin = lambda: None
    return engine


def inside(arguments):
    """Do a command in this process and print the seconds of each part as JSON."""
    sys.path.pop(0)                                 # this file is called as a module of Python's is
    sys.argv = ["sim", *arguments]
    ended = 0
    with Looks() as looks:
        from sim.cli._group import main as command
        from sim.runs import limits, process_pool

        limits.threads, process_pool.PoolEngine = AtOnce, in_this_process
        sys.stdout = open(os.devnull, "w")
        try:
            command()
        except SystemExit as end:
            ended = end.code
        finally:
            sys.stdout = sys.__stdout__
    sys.stdout.write(json.dumps(looks.seconds))
    sys.exit(ended)


def arguments_of(command, checkout, folder, replicates):
    """Arguments of `sim` for a command."""
    scenarios, out = checkout / "scenarios", ["--jobs", "1", "-q", "--out", str(folder / "out")]
    if command == "run":
        return ["run", str(scenarios / "baseline.toml"), "--replicates", str(replicates), *out]
    if command == "compare":
        some = [str(scenarios / f"{name}.toml") for name in ("baseline", "shanghai-ftz", "dual-regime")]
        return ["compare", *some, "--replicates", str(max(replicates // 4, 1)), *out]
    if command == "sweep":
        (folder / "sweep.toml").write_text(SWEEP.format(scenarios=scenarios, points=max(replicates // 20, 1)), "utf-8")
        return ["sweep", str(folder / "sweep.toml"), *out]
    return ["check", str(scenarios / "baseline.toml")]


def measured(command, checkout, replicates):
    """Seconds of each part of a command of a checkout, in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        told = arguments_of(command, checkout, pathlib.Path(place), replicates)
        done = subprocess.run([sys.executable, __file__, "--inside", *told], cwd=place, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"})
    if done.returncode:
        sys.exit(f"sim {' '.join(told)} of {checkout} ends with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def table(command, found):
    """Lines of the Markdown table of a command; found: checkout -> seconds of each part, a dict a round."""
    wholes = {each: [sum(seconds.values()) for seconds in rounds] for each, rounds in found.items()}
    parts = {part for rounds in found.values() for seconds in rounds for part in seconds}
    middle = {part: [statistics.median(seconds.get(part, 0.0) for seconds in rounds) for rounds in found.values()]
              for part in parts}
    yield f"| sim {command} | {' | '.join(str(each) for each in found)} |"
    yield f"| --- |{' --- |' * len(found)}"
    for part in sorted(parts, key=lambda each: -middle[each][-1]):
        yield f"| {part} | {' | '.join(f'{seconds:.2f}' for seconds in middle[part])} |"
    cells = [f"{statistics.median(whole):.2f} ({min(whole):.2f} to {max(whole):.2f})" for whole in wholes.values()]
    yield f"| all | {' | '.join(cells)} |"
    ratios = [now / first for first, now in zip(next(iter(wholes.values())), list(wholes.values())[-1], strict=True)]
    if len(found) > 1:
        yield f"\nThe last over the first, round by round: {statistics.median(ratios):.2f} ({min(ratios):.2f} to " \
              f"{max(ratios):.2f})\n"


def main():
    """Print the tables; the checkouts that are named come first, this one last."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--replicates", type=int, default=100)
    parser.add_argument("--commands", nargs="+", default=COMMANDS, choices=COMMANDS)
    parser.add_argument("others", nargs="*", type=pathlib.Path)
    asked = parser.parse_args()
    checkouts = [*(path.resolve() for path in asked.others), HERE]
    for command in asked.commands:
        found = {checkout: [] for checkout in checkouts}
        for turn in range(asked.rounds + 1):
            for checkout in checkouts[::1 if turn % 2 == 0 else -1]:
                if turn == 0:                                     # compiles, and reads files for the first time
                    measured(command, checkout, 1)
                else:
                    found[checkout].append(measured(command, checkout, asked.replicates))
        sys.stdout.write("\n".join(["", *table(command, found)]) + f"\nload {os.getloadavg()[0]:.1f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2:])
    else:
        main()
