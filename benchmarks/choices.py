"""Choices of sites a second on one core, as they come in quarters of a scenario: nests, peers, explicit errors.

    python benchmarks/choices.py [another checkout ...] [--members 10] [--rounds 40] [--scenario FILE] [--sites 29]

What the kernel is given in two quarters of an ensemble is kept, and given to it again and again. Prints nanoseconds a
choice, the least of the rounds, of processor time. With other checkouts all take turns, each in a process of its own.

With `--sites 29` the region is a copy of the shipped one, in a temporary folder, without four districts that came in
later (Jing'an, Huangpu, Xuhui, Changning); the 100 headquarters of Xuhui's group are all at Caohejing.
"""

import argparse
import copy
import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numba
import numpy as np

SCENARIO = pathlib.Path(__file__).parents[1] / "scenarios" / "baseline.toml"
QUARTERS = (20, 60)
TURNS = 3
DISTRICTS = ("jingan", "huangpu", "xuhui", "changning")        # sites, and groups of the stock
KEPT = {"xuhui": "caohejing"}                                  # of whose group one other site is left


def main():
    """Print a line for every quarter of every checkout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--scenario", default=str(SCENARIO))
    parser.add_argument("--sites", type=int, choices=[29], help="leave out the four districts of Shanghai")
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
    with tempfile.TemporaryDirectory() as place:
        settings = [f"region={without_districts(pathlib.Path(place) / 'region')}"] if asked.sites else []
        every = given_to_the_kernel(asked.scenario, asked.members, settings)
    for given in every:
        number = choosers(given)
        seconds, sites = least(given, asked.rounds), given[-2].entries.shape[1]
        print(f"quarter {given[0]}, {sites} sites, {number} choices: {1e9 * seconds / number:.0f} ns each, "
              f"{number / seconds:.2e} a second", flush=True)


def without_districts(folder):
    """The folder, with the shipped region of the checkout that Python finds, without the DISTRICTS."""
    import sim

    shutil.copytree(pathlib.Path(sim.__file__).parent / "data" / "regions" / "yrd_zone", folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        if path.name == "stock.csv":
            rows = [left_of_group(dict(zip(head, row, strict=True))) for row in rows]
            rows = [list(row.values()) for row in rows if row]
        elif head[0] in ("id", "site"):
            rows = [row for row in rows if row[0] not in DISTRICTS]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    return folder


def left_of_group(group):
    """A row of the stock without the DISTRICTS, which keeps its count; None where no site is left."""
    if group["group"] in KEPT:
        return group | {"sites": KEPT[group["group"]], "weights": "1"}
    return None if group["group"] in DISTRICTS else group


def given_to_the_kernel(scenario, members, settings=()):
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

    loaded = load(scenario, ["diagnostics.members=0", *settings])
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
