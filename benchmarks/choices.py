"""Choices of sites a second on one core, as they come in quarters of a scenario: nests, peers, explicit errors.

    python benchmarks/choices.py [another checkout ...] [--members 10] [--rounds 40] [--scenario FILE]

What the kernel is given in two quarters of an ensemble is kept, and given to it again and again. Prints nanoseconds a
choice, the least of the rounds, of processor time. With other checkouts all take turns, each in a process of its own.
"""

import argparse
import copy
import os
import pathlib
import subprocess
import sys
import time

import numba
import numpy as np

SCENARIO = pathlib.Path(__file__).parents[1] / "scenarios" / "baseline.toml"
QUARTERS = (20, 60)
TURNS = 3


def main():
    """Print a line for every quarter of every checkout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--scenario", default=str(SCENARIO))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("others", nargs="*", type=pathlib.Path)
    asked = parser.parse_args()
    if asked.inside:
        return measure(asked)
    for checkout in TURNS * [*asked.others, SCENARIO.parents[1]]:
        print(checkout.name if asked.others else "", flush=True)
        subprocess.run([sys.executable, __file__, "--inside", *sys.argv[1:]], check=True,
                       env={**os.environ, "PYTHONPATH": str(checkout.resolve())})
    return None


def measure(asked):
    """Print what choices take in the checkout that Python finds."""
    for given in given_to_the_kernel(asked.scenario, asked.members):
        number = choosers(given)
        seconds, sites = least(given, asked.rounds), given[-2].entries.shape[1]
        print(f"quarter {given[0]}, {sites} sites, {number} choices: {1e9 * seconds / number:.0f} ns each, "
              f"{number / seconds:.2e} a second", flush=True)


def given_to_the_kernel(scenario, members):
    """Arguments of the kernel in QUARTERS, as they are before it."""
    from sim.kernels.choice import choice
    from sim.model.ensemble import members_of
    from sim.model.preflight.validation import region_of
    from sim.model.simulate import simulate
    from sim.scenario.load import load

    kernel, kept = choice._choose, []

    def keeping(*given):
        if given[0] in QUARTERS:
            kept.append(copy.deepcopy(given))
        kernel(*given)

    loaded = load(scenario, ["diagnostics.members=0"])
    choice._choose = keeping
    try:
        simulate(region_of(loaded), members_of(loaded, range(members)))
    finally:
        choice._choose = kernel
    return kept


def choosers(given):
    """How many enterprises choose."""
    from sim.kernels.choice.choice import awake, queue_for

    @numba.njit
    def number(quarter, state, keys, rules, queue):
        found = 0
        for m in range(state.site.shape[0]):
            found += awake(m, quarter, state, keys, rules, queue)
        return found

    quarter, state, *_tables, keys, rules, _events, _work = given
    return number(quarter, state, keys, rules, queue_for(state.site.shape[1]))


def least(given, rounds):
    """Seconds of processor time of the quickest of some calls."""
    from sim.kernels.choice.choice import _choose

    before, found = arrays_of(copy.deepcopy(given)), []
    for _round in range(rounds):
        for array, value in zip(arrays_of(given), before, strict=True):
            array[...] = value
        begun = time.process_time()
        _choose(*given)
        found.append(time.process_time() - begun)
    return min(found)


def arrays_of(given):
    """State and events of the arguments, which the kernel changes."""
    return [each for changed in (given[1], given[-2]) for each in changed if isinstance(each, np.ndarray)]


if __name__ == "__main__":
    main()
