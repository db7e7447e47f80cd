"""The tables of docs/validation.md on the headline scenarios, from finished comparisons of them.

    python benchmarks/headline_scenarios.py before=FOLDER after=FOLDER

Each is a folder of `sim compare`, made by the commands that stand beside the table; it may be of version 0.2.0. Names
become the first column: versions, or worlds of assumptions.
Reads their files alone and prints Markdown: effects with standard errors, what was assumed, effects per unit of it,
capitalisation and but-for shares.
"""

import csv
import json
import pathlib
import sys

HEAD = ("scenario", "headquarters: effect (s.e.)", "in %", "enterprises: effect (s.e.)", "assumed dV",
        "enterprises per dV", "rents take", "but-for: package", "but-for: policies that pay")
MISSING = "–"


def main(*named):
    """Print a line for every scenario of every comparison; `named` are texts NAME=FOLDER."""
    found = {name: Comparison(folder) for name, _, folder in (each.partition("=") for each in named)}
    last = list(found.values())[-1]
    lines = [f"| {' | '.join(('', *HEAD))} |", "|" + " --- |" * (len(HEAD) + 1)]
    lines += [f"| {' | '.join((name, *each.cells(scenario)))} |" for scenario in last.scenarios
              for name, each in found.items() if scenario in each.scenarios]
    sys.stdout.write("\n".join(lines) + "\n")


class Comparison:
    """The files of a comparison's folder."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._content = json.loads((self._folder / "comparison.json").read_text("utf-8"))
        self._checks = self._rows("checks")
        self.scenarios = [each["name"] for each in self._content["scenarios"]]

    def cells(self, scenario):
        """The cells of a scenario's line."""
        if scenario == self._content["baseline"]:
            level = self._content["headline"][0]["baseline"]
            return (scenario, f"level {level:.1f}", *[MISSING] * (len(HEAD) - 2))
        effects = {each["measure"]: each for each in self._content["headline"] if each["scenario"] == scenario}
        dv = next(each["assumed_dv"] for each in self._content["scenarios"] if each["name"] == scenario)
        headquarters, enterprises = effects["headquarters"], effects["enterprises"]
        return (scenario, _effect(headquarters), f"{100 * headquarters['mean'] / headquarters['baseline']:+.1f}",
                _effect(enterprises), f"{dv:.3f}", f"{enterprises['mean'] / dv:.0f}", *self._shares(scenario))

    def _shares(self, scenario):
        """Capitalisation, the package's but-for share, and those of policies that pay."""
        mine = [row for row in self._checks if row["scenario"] == scenario]
        value = {row["check"]: float(row["value"] or "nan") for row in mine}
        paying = [f"{row['policy']} {float(row['value']):.1%}" for row in mine
                  if row["check"] == "but_for" and row["pays"] == "1"]
        return (_or_missing(value.get("capitalisation"), ".2f"), _or_missing(value.get("but_for_package"), ".1%"),
                ", ".join(paying) or MISSING)

    def _rows(self, name):
        with (self._folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def _effect(row):
    return f"{row['mean']:+.1f} ({row['se']:.1f})"


def _or_missing(value, form):
    return MISSING if value is None else format(value, form)


if __name__ == "__main__":
    main(*sys.argv[1:])
