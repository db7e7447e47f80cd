"""What single processes cost: the baseline with and without each, side by side in one run.

    python benchmarks/processes.py [--rounds 5] [--members 10]

Prints CPU seconds a member as ratios to the bare run (no spin-offs, no diagnostics, no registration), the
median of the rounds with their range; the order of the variants is turned round by round. Processor time,
because other programs on the machine change the time on the wall. Of ten members three have their feedback
measured, of the hundred of a default run also three: there diagnostics cost a tenth of what stands here.
"""

import argparse
import pathlib
import statistics
import time

from sim.model import simulate as simulation
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.scenario import load as scenario_files

BASELINE = str(pathlib.Path(__file__).parent.parent / "scenarios" / "baseline.toml")
HEAD = str(pathlib.Path(__file__).parent.parent / "scenarios" / "alliances.toml")
BARE = ["spinoff.share=0", "diagnostics.members=0"]
VARIANTS = {"bare": (BASELINE, BARE), "with spin-offs": (BASELINE, ["diagnostics.members=0"]),
            "with diagnostics": (BASELINE, ["spinoff.share=0"]), "default": (BASELINE, []),
            "anchors and alliances": (HEAD, [])}


def seconds(path, settings, members):
    """CPU seconds of a run of so many members, the base year included."""
    loaded = scenario_files.load(path, settings)
    region, chunk = region_of(loaded), members_of(loaded, range(members))
    begun = time.process_time()
    simulation.simulate(region, chunk)
    return time.process_time() - begun


def rounds(number, members):
    """Variant -> its seconds, round by round."""
    found = {name: [] for name in VARIANTS}
    for variant in VARIANTS.values():
        seconds(*variant, 1)                                   # compiled kernels, warm caches
    for turn in range(number):
        names = list(VARIANTS)
        for name in names[turn % len(names):] + names[:turn % len(names)]:
            found[name].append(seconds(*VARIANTS[name], members))
    return found


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--members", type=int, default=10)
    asked = parser.parse_args()
    found = rounds(asked.rounds, asked.members)
    print("| run | CPU s a member | times the bare run (lowest to highest round) |\n| --- | --- | --- |")
    for name, values in found.items():
        ratios = [value / bare for value, bare in zip(values, found["bare"])]
        print(f"| {name} | {statistics.median(values) / asked.members:.3f} | {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f}) |")


if __name__ == "__main__":
    main()
