"""The half-life of a change of shares at the opening, over the prior of the parameters and without spin-offs.

    python benchmarks/half_life.py [--draws 60] [--scenario FILE]

Draws every parameter with the evidence literature, sign only or assumption from its range, as `sim compare
--uncertainty` does, solves the base year of one replicate and measures the mean-field map there; no quarter is
simulated. Prints the scenario's own value, those without spin-offs and with spin-offs that all choose, and the median
with 5 and 95 % of the draws.
"""

import argparse
import dataclasses
import pathlib
import sys

import numpy as np

from sim.base.errors import InputError
from sim.experiments.compare import scenarios, uncertainty
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.mean_field import feedback, quarter_map
from sim.scenario import parameter_paths

BASELINE = pathlib.Path(__file__).parent.parent / "scenarios" / "baseline.toml"
VARIANTS = {"as it is": {}, "without spin-offs": {"spinoff.share": 0.0}, "all spin-offs choose": {"spinoff.stay": 0.0}}


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--scenario", default=str(BASELINE))
    given = parser.parse_args()
    case = scenarios.scenarios_of([given.scenario, f"other={BASELINE.with_name('no-policy.toml')}"],
                              scenarios.Settings(("run.replicates=1",)))[0]
    for name, values in VARIANTS.items():
        sys.stdout.write(f"{name}: {half_life(case, values):.0f} years\n")
    found = [half_life(case, values) for values in uncertainty.drawn([case], given.draws)]
    known = np.array([value for value in found if value is not None])
    low, middle, high = np.percentile(known, [5, 50, 95], method="inverted_cdf")
    sys.stdout.write(f"over {len(known)} draws ({len(found) - len(known)} without a base year): "
                     f"median {middle:.0f}, 5-95 % {low:.0f} to {high:.0f} years\n")


def half_life(case, values):
    """Years in the first replicate of a scenario with some values changed; None where it has no base year."""
    changes = [(tuple(key.split(".")), value) for key, value in values.items()]
    changed = dataclasses.replace(case.scenario, values=parameter_paths.replaced(case.scenario, changes))
    try:
        world = assemble.build(case.region, members_of(changed, [0]))
        fixed, economy, _ = initialise.prepare(world)
    except InputError:
        return None
    return feedback.measure(quarter_map.build(world, fixed, economy, 0)).half_life


if __name__ == "__main__":
    main()
