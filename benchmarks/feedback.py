"""Feedback over time of every shipped scenario: what docs/validation.md shows.

    python benchmarks/feedback.py [--replicates 1] [--runs FOLDER]

Runs ten times as many, of which so many replicates are measured, and prints a Markdown table: means over
those of R_dyn at closes of years, and at the last close R_choice, rivalness of the zone, half-life and
the share of the long-run effect that has arrived. A scenario whose R_dyn reaches 1 in any measured quarter
of any replicate is marked.
"""

import argparse
import pathlib
import sys

import numpy as np

from sim.experiments.compare import missing_runs, scenarios
from sim.results import dataset
from sim.runs.progress import follow

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
YEARS = ("2020-Q4", "2025-Q4", "2030-Q4", "2035-Q4", "2040-Q4")
HEAD = ("scenario", *(f"R_dyn end of {year[:4]}" for year in YEARS), "R_dyn highest", "R_choice", "rivalness",
        "half-life, years", "arrived")


def main():
    """Run what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("outputs/feedback"))
    given = parser.parse_args()
    number = 10 * given.replicates                     # of ten at most one is measured
    changes = f"run.replicates={number}", f"diagnostics.members={given.replicates}"
    settings = scenarios.Settings(changes, given.runs, 2)
    made = scenarios.scenarios_of(sorted(map(str, SCENARIOS.glob("*.toml"))), settings)
    follow(missing_runs.made(made, settings), False)
    lines = [f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}"]
    sys.stdout.write("\n".join(lines + [row(case.name, case.folder) for case in made]) + "\n")


def row(name, folder):
    """The table's row of a finished run."""
    with dataset.opened(folder / "results.nc") as data:
        r_dyn = data["r_dyn"]
        over_time = [f"{float(r_dyn.sel(quarter=year).mean()):.3f}" for year in YEARS]
        highest = float(np.nanmax(r_dyn.to_numpy()))
        last = data.sel(quarter=YEARS[-1])
        at_end = [f"{float(last[key].mean()):.{digits}f}" for key, digits in (
            ("r_choice", 3), ("rivalness", 2), ("half_life", 0), ("arrived", 2))]
    mark = f"{highest:.3f}" + (" **tips**" if highest >= 1.0 else "")
    return f"| {' | '.join([name, *over_time, mark, *at_end])} |"


if __name__ == "__main__":
    main()
