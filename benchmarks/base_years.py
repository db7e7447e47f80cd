"""What sharing openings saves in a sweep over a policy's rate: points opened each for itself against shared ones.

    python benchmarks/base_years.py [--rounds 3] [--members 20] [--end 2040-12-31] [scenario.toml key value ...]

Prints CPU seconds a member of each way, the median of the rounds with their range, the base years that were wanted
and solved, and the ratio; the order is turned round by round. Both ways give the same bits, which is checked.
Replicates whose feedback is measured are left out.
"""

import argparse
import pathlib
import statistics
import time

from sim.model import simulate as simulation
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.shared_base_years import SharedBaseYears
from sim.scenario import load as scenario_files

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
USUAL = (str(SCENARIOS / "ftz-tax.toml"), "policies.ftz.tax.rate", "5", "10", "12", "15", "18")
FIRST = 20                     # replicate with which to begin


def outcomes(region, points, shared=None):
    """(CPU seconds, Outcomes) of the ensembles of a sweep's points, one after another."""
    begun = time.process_time()
    found = [simulation.simulate(region, members, shared=shared) for members in points]
    return time.process_time() - begun, found


def same(ones, others):
    """Whether Outcomes are the same to the last bit."""
    return all(one.arrays[name].tobytes() == other.arrays[name].tobytes()
               for one, other in zip(ones, others, strict=True) for name in one.arrays)


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, default=20)
    parser.add_argument("--end", default="2040-12-31")
    parser.add_argument("sweep", nargs="*", default=USUAL)
    asked = parser.parse_args()
    path, key, *values = asked.sweep
    loaded = [scenario_files.load(path, (f"time.end={asked.end}", f"{key}={value}")) for value in values]
    region = region_of(loaded[0])
    points = [members_of(each, range(FIRST, FIRST + asked.members)) for each in loaded]
    outcomes(region, [members[:1] for members in points])                 # compiled kernels, warm caches
    seconds = {"each for itself": [], "shared": []}
    for turn in range(asked.rounds):
        found, shared = {}, SharedBaseYears()
        for way in list(seconds)[::1 if turn % 2 == 0 else -1]:
            spent, found[way] = outcomes(region, points, shared if way == "shared" else None)
            seconds[way].append(spent / asked.members / len(points))
        if not same(*found.values()):
            raise SystemExit("the two ways give other bits")
    print(f"| {len(points)} points x {asked.members} replicates to {asked.end} | CPU s a member (range) |")
    print("| --- | --- |")
    for way, spent in seconds.items():
        print(f"| {way} | {statistics.median(spent):.4f} ({min(spent):.4f} to {max(spent):.4f}) |")
    ratios = [two / one for one, two in zip(*seconds.values(), strict=True)]
    print(f"| shared / each for itself | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |\n"
          f"base years wanted {shared.asked}, solved {shared.solved}")


if __name__ == "__main__":
    main()
