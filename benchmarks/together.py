"""What a common past saves: scenarios side by side against the same one after another, in one process.

    python benchmarks/together.py [--rounds 3] [--members 17] [scenario.toml ...]

Prints CPU seconds a member of each way, the median of the rounds with their range, and their ratio; the order
is turned round by round. Both ways give the same bits, which is checked. Processor time, because other programs
on the machine change the time on the wall. The first replicates are left out: their feedback is measured.
"""

import argparse
import pathlib
import statistics
import time

from sim.model import simulate as simulation
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.scenario import load as scenario_files

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
USUAL = ("baseline", "shanghai-ftz", "innovation-center", "dual-regime", "service-systems", "transit-loop")
FIRST = 20                     # replicate with which to begin


def alone(region, ensembles):
    """Outcomes of ensembles, one after another."""
    return [simulation.simulate(region, members) for members in ensembles]


def together(region, ensembles):
    """Outcomes of the same, side by side."""
    return [outcome for _, outcome in sorted(simulation.simulate_together(region, ensembles), key=lambda each: each[0])]


def same(ones, others):
    """Whether Outcomes are the same to the last bit."""
    return all(one.arrays[name].tobytes() == other.arrays[name].tobytes()
               for one, other in zip(ones, others) for name in one.arrays)


def timed(way, region, ensembles):
    """(CPU seconds, outcomes)."""
    begun = time.process_time()
    found = way(region, ensembles)
    return time.process_time() - begun, found


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, default=17)
    parser.add_argument("scenarios", nargs="*", default=[str(SCENARIOS / f"{name}.toml") for name in USUAL])
    asked = parser.parse_args()
    loaded = [scenario_files.load(path) for path in asked.scenarios]
    region = region_of(loaded[0])
    ensembles = [members_of(each, range(FIRST, FIRST + asked.members)) for each in loaded]
    alone(region, [members[:1] for members in ensembles])                 # compiled kernels, warm caches
    seconds = {alone: [], together: []}
    for turn in range(asked.rounds):
        found = {}
        for way in (alone, together)[::1 if turn % 2 == 0 else -1]:
            spent, found[way] = timed(way, region, ensembles)
            seconds[way].append(spent / asked.members)
        if not same(found[alone], found[together]):
            raise SystemExit("the two ways give other bits")
    print(f"| {len(loaded)} scenarios | CPU s a member (lowest to highest round) |\n| --- | --- |")
    for way, values in seconds.items():
        print(f"| {way.__name__} | {statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) |")
    ratios = [two / one for one, two in zip(seconds[alone], seconds[together])]
    print(f"| together / alone | {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |")


if __name__ == "__main__":
    main()
