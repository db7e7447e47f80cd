"""A lasting gain of the zone, derived and simulated: enterprises per unit of utility after some years.

    python benchmarks/lasting_gain.py [--replicates 20] [--gain 0.1] [--keep 0 0.5 0.75] [--scenario FILE]

Every site of the zone gains the same utility at the opening and keeps it. Derived: the linear response of the first
replicate's mean field (ODD 8). Simulated: pairs of runs with the same draws, with standard errors; a run is scaled
down where the whole has grown, as the linear response is relative to the growth of the whole. Prints Markdown.
"""

import argparse
import copy
import pathlib
import sys

import numpy as np

from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.mean_field import quarter_map, rivalness
from sim.model.step import step
from sim.region import load as region
from sim.scenario.load import load

BASELINE = pathlib.Path(__file__).parent.parent / "scenarios" / "baseline.toml"
YEARS = (1, 5, 10, 20)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--gain", type=float, default=0.1)
    parser.add_argument("--keep", type=float, nargs="+", default=[0.0, 0.5, 0.75])
    parser.add_argument("--scenario", default=str(BASELINE))
    given = parser.parse_args()
    sys.stdout.write("| reviews that keep errors | after years | derived | simulated (s.e.) | ratio |\n"
                     "| --- | --- | --- | --- | --- |\n")
    for keep in given.keep:
        scenario = load(given.scenario, [f"choice.keep_errors={keep}"])
        world = assemble.build(region.load(scenario.values.region), members_of(scenario, range(given.replicates)))
        opened = initialise.prepare(world)
        linear, paired = derived(world, *opened[:2]), simulated(world, *opened[:2], given.gain)
        for k, years in enumerate(YEARS):
            mean, error = paired[:, k].mean(), paired[:, k].std(ddof=1) / len(paired) ** 0.5
            sys.stdout.write(f"| {keep:g} | {years} | {linear[k]:.0f} | {mean:.0f} ({error:.0f}) | "
                             f"{linear[k] / mean:.2f} |\n")
            sys.stdout.flush()


def derived(world, fixed, economy):
    """[enterprises in the zone per unit of utility] after YEARS."""
    field, zone = quarter_map.build(world, fixed, economy, 0), world.region.sites["in_zone"].to_numpy(bool)
    return [rivalness.response(field, zone, 4 * years)[0][:, zone].sum() for years in YEARS]


def simulated(world, fixed, economy, gain):
    """(member, year) the same in pairs of runs, one with the gain and one without."""
    zone = world.region.sites["in_zone"].to_numpy(bool)
    better = fixed._replace(constant=fixed.constant + gain * zone)
    there, here, found = copy.deepcopy(economy), copy.deepcopy(economy), []
    opening = (economy.state.site >= 0).sum(axis=1)
    for quarter in range(4 * YEARS[-1]):
        there, here = step(world, fixed, there, quarter)[0], step(world, better, here, quarter)[0]
        if quarter + 1 in [4 * years for years in YEARS]:
            growth = (there.state.site >= 0).sum(axis=1) / opening
            found.append((inside(here, zone) - inside(there, zone)) / gain / growth)
    return np.stack(found, axis=1)


def inside(economy, zone):
    """(member,) enterprises in the zone."""
    site = economy.state.site
    return (np.append(zone, False)[site] & (site >= 0)).sum(axis=1)


if __name__ == "__main__":
    main()
