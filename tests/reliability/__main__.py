"""The reliability protocol of sweeps in full: kills, poison, signals and spoiled files, counted.

    python -m tests.reliability [--kills 50] [--deaths 50] [--flips 500] [--hostile 50] [--mutated 5000]
                                [--tries N] [--paces 0.1 1.5 4] [--only K1 ...] [--seed 1] [--out table.md]

Runs here cost nothing (tests/samples/toy.py), but the workers sleep 0.1, 1.5 and 4 s over each chunk (K3 and R:
real runs take so much longer), because what a death meets depends on how long chunks take; numbers of tries are
for each pace. What is killed, the driver, the engines and the store, is what every sweep uses. The lines are in
tests/reliability/. Ends with 1 if any line misses its target.
"""

import argparse
import datetime
import pathlib
import sys
import tempfile

from sim.runs import sweep_runs
from tests.reliability.bench import RUNS, Bench
from tests.reliability.lines import LINES


def main():
    """Run the lines that are asked for, print their table, and end with 1 if one has a failure."""
    given = _given()
    with tempfile.TemporaryDirectory(prefix="protocol-") as folder:
        bench = Bench(folder, given.seed)
        defaults = sweep_runs.FIRST, sweep_runs.MOST
        for name in given.only:
            sweep_runs.FIRST, sweep_runs.MOST = defaults
            LINES[name](bench, given)
    text = _table(bench.lines)
    print(text)
    if given.out:
        pathlib.Path(given.out).write_text(text)
    sys.exit(any(failures for _, _, _, failures, _ in bench.lines))


def _given():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--dask-kills", type=int, default=10)
    parser.add_argument("--deaths", type=int, default=50)
    parser.add_argument("--dask-deaths", type=int, default=10)
    parser.add_argument("--real-deaths", type=int, default=20)
    parser.add_argument("--sendings", type=int, default=24)
    parser.add_argument("--paces", type=float, nargs="*", default=[0.1, 1.5, 4.0])
    parser.add_argument("--tries", type=int, default=0, help="of K7, K9, S3, S4, S5 and S6, in place of their own")
    parser.add_argument("--silences", type=int, default=20)
    parser.add_argument("--flips", type=int, default=500)
    parser.add_argument("--hostile", type=int, default=50)
    parser.add_argument("--mutated", type=int, default=5000)
    parser.add_argument("--only", nargs="*", default=list(LINES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="")
    return parser.parse_args()


def _table(lines):
    table = ["| line | what | tries | failures | measured |", "|---|---|---|---|---|"]
    table += [f"| {' | '.join(map(str, line))} |" for line in lines]
    return f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {RUNS:,} runs\n\n" + "\n".join(table) + "\n"


if __name__ == "__main__":
    main()
