"""What the simulator forecasts of moves once the decay with distance is estimated before the origin.

    python benchmarks/carried_distance.py [DRAWS]

`sim estimate` of moves known at the end of 2009 (scenarios/estimation/us-headquarters-to-2009.toml, distance alone
carried) makes a fragment; the scenario us-metros extends it, and both are scored as `sim backtest` scores flows, under
the same draws of everything else. The estimate is fitted before the first origin, and no choice after it is seen.
"""

from __future__ import annotations

import datetime
import pathlib
import sys
import tempfile

import sim
from sim.experiments.backtest import backtest, choices, draws
from sim.runs import progress
from sim.scenario.load import load

ROOT = pathlib.Path(__file__).parents[1]
SCENARIO, LISTED = ROOT / "scenarios" / "regions" / "us-metros.toml", ROOT / "scenarios" / "estimation"
ORIGINS = tuple(datetime.date(year, 12, 31) for year in range(2009, 2013))
SPEC = LISTED / "us-headquarters-to-2009.toml"
CARRIED = 'carries = ["same_industry", "all_industries", "distance"]'


def fragment(folder: pathlib.Path) -> pathlib.Path:
    """The fragment of the estimates, made in a folder, with distance alone."""
    text = SPEC.read_text(encoding="utf-8")
    assert CARRIED in text
    text = text.replace(CARRIED, 'carries = ["distance"]')
    text = text.replace('file = "us-metros.csv"', f'file = "{LISTED / "us-metros.csv"}"')
    spec = folder / "spec.toml"
    spec.write_text(text, encoding="utf-8")
    return sim.estimate(LISTED / "us-headquarters.csv.gz", spec=spec, out=folder / "estimate", quiet=True).folder \
        / "estimated.toml"


def extended(folder: pathlib.Path) -> pathlib.Path:
    """The scenario us-metros with the fragment below it."""
    text = SCENARIO.read_text(encoding="utf-8")
    made = folder / "with-estimate.toml"
    made.write_text(f'extends = "{fragment(folder).relative_to(folder)}"\n{text}', encoding="utf-8")
    return made


def flows(path: pathlib.Path, number: int, out: pathlib.Path):
    """The summary of the flows of a scenario, all years ahead together."""
    asked = backtest.Asked(None, ORIGINS, 6.0, number, 1, variants=False, out=str(out), jobs=1)
    plan = backtest.prepared(load(str(path)), asked)
    values = draws.drawn(plan)
    found = progress.follow(choices.records(plan, values), False, progress.DRAWS)
    table = choices.summary(choices.scored(plan, plan.events, choices.laws(plan, plan.events, found)))
    return table[table["ahead"] == 0]


def main(number: int = 24) -> None:
    """Print a line a flow and rival, of the scenario as it is and with the estimate."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for label, path in (("as it is", SCENARIO), ("distance estimated to 2009", extended(folder))):
            print(label)
            for row in flows(path, number, folder / path.stem).itertuples():
                print(f"  {row.flow}: {row.forecaster} n = {row.n} log score {row.log_score:.4f}, "
                      f"model minus rival {row.difference:+.4f} ({row.se:.4f})", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
