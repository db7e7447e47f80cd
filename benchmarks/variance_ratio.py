"""What common draws save: variance of an effect under independent seeds over that under common ones.

    ratio = (Var X + Var Y) / Var(X - Y)        X, Y members of scenario and baseline, the same draws

`python benchmarks/variance_ratio.py --replicates 20` runs the shipped comparisons and prints a table of
the effect on the zone at the end. Two independent worlds differ with variance Var X + Var Y, so the
same runs tell both variances; n replicates with common draws are worth ratio x n without.
"""

import argparse
import pathlib
import sys

import numpy as np

from sim.experiments.compare import missing_runs, scenarios
from sim.experiments.compare.effects import stock
from sim.experiments.compare.run_levels import levels_of
from sim.runs.progress import follow

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
SHIPPED = ("baseline", "shanghai-ftz", "innovation-center", "dual-regime", "transit-loop", "head-enterprises",
           "alliances", "service-systems", "tod", "red-line", "full-package")


def main():
    """Run what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--runs", type=pathlib.Path, default=pathlib.Path("outputs/variance-ratio"))
    given = parser.parse_args()
    settings = scenarios.Settings((f"run.replicates={given.replicates}",), given.runs, 2)
    made = scenarios.scenarios_of([str(SCENARIOS / f"{name}.toml") for name in SHIPPED], settings)
    follow(missing_runs.made(made, settings), False)
    sys.stdout.write(table([(case.name, levels_of(case.folder)) for case in made]))


def table(named):
    """Markdown: a row a comparison with the first, headquarters and enterprises of the zone at the end."""
    head = ("compared with the baseline", "headquarters: effect (s.e.)", "ratio", "enterprises: effect (s.e.)", "ratio")
    lines = [f"| {' | '.join(head)} |", "|---|---|---|---|---|"]
    (_, baseline), *others = named
    for name, levels in others:
        cells = [_cells(levels, baseline, measure) for measure in ("headquarters", "enterprises")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(levels, baseline, measure):
    here, there = (stock(each, measure, levels.zone)[:, -1].astype(float) for each in (levels, baseline))
    effect = here - there
    se = effect.std(ddof=1) / len(effect) ** 0.5
    ratio = (here.var(ddof=1) + there.var(ddof=1)) / effect.var(ddof=1) if effect.any() else np.inf
    return f"{effect.mean():+.1f} ({se:.1f}) | {ratio:.1f}"


if __name__ == "__main__":
    main()
