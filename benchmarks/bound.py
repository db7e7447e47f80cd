"""What a whole run of the default scenario must take: operations counted, nanoseconds each, beside what it takes.

    python benchmarks/bound.py [--members 10] [--scenario scenarios/baseline.toml]

Every operation is timed alone, in a loop over 4,096 numbers that lie in the cache, with the program's own functions;
operations are counted in a run of so many members without measurement of feedback. What is counted is arithmetic that
the law of the model needs: no memory, no branches, no moves, no Python. The processor time of each part is that of the
functions that are called for it. So the last column is how far a part is from what arithmetic alone would take.
"""

import argparse
import collections
import pathlib
import sys
import time

import numba
import numpy as np

from sim.kernels.choice.draws import log_stable
from sim.kernels.firms import life
from sim.kernels.numerics import elementary, hashing
from sim.model import (
    assemble,
    base_year,
    choice_tables,
    initialise,
    opening_choices,
    opening_errors,
    opening_population,
    simulate,
    step,
)
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.processes import demography, following
from sim.model.processes import registration as legal_places
from sim.model.public_accounts.record import AccountsRecorder
from sim.model.recorder import Recorder
from sim.scenario.load import load

log, exp, mix, unit = elementary.log, elementary.exp, hashing.mix, hashing.unit
SCENARIO = pathlib.Path(__file__).parents[1] / "scenarios" / "baseline.toml"
NUMBER, TIMES = 4096, 2000


# -- nanoseconds -------------------------------------------------------------------------------------------

@numba.njit
def _hashes(x, out):
    for n in range(x.size):
        out[n] = unit(mix(np.float64(x[n]).view(np.uint64)))


@numba.njit
def _gumbels(x, out):
    for n in range(x.size):
        out[n] = -log(unit(mix(np.float64(x[n]).view(np.uint64))))
    for n in range(x.size):
        out[n] = -log(out[n])


@numba.njit
def _logs(x, out):
    for n in range(x.size):
        out[n] = log(x[n])


@numba.njit
def _exps(x, out):
    for n in range(x.size):
        out[n] = exp(x[n])


@numba.njit
def _adds(x, out):
    for n in range(x.size):
        out[n] += 0.3 * x[n]


@numba.njit
def _stables(x, out):
    for n in range(x.size):
        out[n] = log_stable(np.float64(x[n]).view(np.uint64), 0.7)


@numba.njit
def _quantiles(x, out, tails):
    elementary.normal_quantiles(x, out, tails)


@numba.njit
def _counts(x, out):
    for n in range(x.size):
        out[np.int64(x[n] * 297.0)] += 1.0


LOOPS = {"hash": _hashes, "Gumbel error": _gumbels, "stable draw": _stables, "logarithm": _logs, "exponential": _exps,
         "multiply and add": _adds, "normal quantile": _quantiles, "count": _counts}


def nanoseconds():
    """Operation -> ns of one."""
    x, out, found = np.random.default_rng(1).uniform(0.01, 0.99, NUMBER), np.ones(NUMBER), {}
    for name, loop in LOOPS.items():
        given = (x, out, elementary.tails_for(NUMBER)) if loop is _quantiles else (x, out)
        loop(*given)
        rounds = []
        for _ in range(5):
            begun = time.process_time()
            for _ in range(TIMES // 5):
                loop(*given)
            rounds.append((time.process_time() - begun) / (TIMES // 5) / NUMBER)
        found[name] = 1e9 * min(rounds)
    return found


# -- operations --------------------------------------------------------------------------------------------

class Counted:
    """Functions of the program while it runs: processor seconds by part, and operations by part."""

    def __init__(self):
        self.seconds, self.done, self._inside = collections.Counter(), collections.defaultdict(collections.Counter), [0]

    def watch(self, owner, name, part, count=None):
        """Put the time of a function down to a part, without that of watched ones inside it; count by its arguments."""
        function = getattr(owner, name)

        def watched(*given, **named):
            begun = time.process_time()
            self._inside.append(0.0)
            found = function(*given, **named)
            took = time.process_time() - begun
            if part:
                self.seconds[part] += took - self._inside.pop()
                self._inside[-1] += took
            else:
                inside = self._inside.pop()
                self._inside[-1] += inside
            for label, operations in (count(given, found) if count else {}).items():
                self.done[label].update(operations)
            return found
        setattr(owner, name, watched)


def watch_all(c, world):
    """Watch a run of this world."""
    places = world.sites + 1
    nests = int((world.nests.size > 1).sum())
    terms = {"multiply and add": 400}
    alive = lambda state: int((state.site >= 0).sum())                                       # noqa: E731

    def tastes(given, _):
        number = given[3].shape[0] * given[3].shape[2] if given[3].ndim == 3 else 0
        return {"tastes of the opening stock": {"exponential": number * places, "multiply and add": 7 * number * places,
                                                "logarithm": number * nests}}

    def stayers(given, _):
        number = len(given[2])
        return {"errors of the opening stock and spin-offs": {
            "exponential": number * places, "multiply and add": 7 * number * places, "logarithm": number * nests}}

    def passes(given, found):
        pairs = len(given[0].who.current) * places
        return {"base year": {"exponential": pairs, "multiply and add": 6 * pairs * (1 + int(found[2].mean()))}}

    def settled(given, _):
        state, member, slot = given[3], given[1], given[2]
        tried = int((state.epoch[member, slot] + 1).sum())
        mates = (places - 1) / max(len(world.nests.size) - 1, 1)
        return {"errors of the opening stock and spin-offs": {
            "hash": tried * (1 + mates / 2), "logarithm": tried, "Gumbel error": 2 * len(slot) * places,
            "stable draw": 2 * len(slot) * nests}}

    def chosen(given, _):
        state, peers, rules = given[1], given[5], given[8]
        number = alive(state) * float(rules.review.mean()) + int((state.site == -2).sum())
        one = {"Gumbel error": places, "stable draw": nests, "logarithm": peers.gamma.shape[1] * (places - 1), **terms}
        return {"choice of sites": {"hash": alive(state), **{name: number * times for name, times in one.items()}}}

    def each(label, **operations):
        return lambda given, _: {label: {name.replace("_", " "): times * alive(_state_of(given))
                                         for name, times in operations.items()}}

    def registered(given, _):
        number = 0.06 * alive(given[1])
        return {"registration": {"hash": alive(given[1]) + number * (places - 1), "logarithm": 2 * number}}

    c.watch(opening_choices, "draw_tastes", "tastes of the opening stock")
    c.watch(opening_choices, "take", None, lambda given, found: tastes((*given[:3], given[3]), found))
    c.watch(opening_errors, "draw_errors", "errors of the opening stock and spin-offs")
    c.watch(opening_errors, "expected_choices", None, stayers)
    c.watch(opening_errors, "settle_those", None, settled)
    for name in ("_entry", "_about", "base_year"):
        c.watch(initialise, name, "base year")
    c.watch(base_year.Ready, "solved", None, passes)
    c.watch(initialise, "prepare", "other of the opening")
    c.watch(opening_population, "opening", "other of the opening", None)
    c.watch(step, "choose", "choice of sites", chosen)
    c.watch(legal_places, "register", "registration", lambda given, found: registered((0, given[3]), found))
    c.watch(demography, "exits", "exits", each("exits", hash=1, exponential=1))
    c.watch(demography, "growth", "growth", each("growth", hash=1, normal_quantile=1, exponential=1))
    c.watch(following, "begin", "headquarters followed")
    c.watch(following, "look_at", "headquarters followed")
    c.watch(following, "look", "headquarters followed", each("headquarters followed", multiply_and_add=2))
    c.watch(step, "measure", "counts and census", each("counts and census", exponential=1, count=4))
    c.watch(step, "census", "counts and census", each("counts and census", count=1))
    c.watch(life, "count_peers", "counts and census", each("counts and census", count=1))
    c.watch(AccountsRecorder, "close", "accounts", each("accounts", exponential=1, count=2))
    c.watch(Recorder, "quarter", "recorder")
    c.watch(choice_tables, "levers_at", "policies and tables by class")
    c.watch(choice_tables, "choice_tables", "policies and tables by class")
    c.watch(step, "spinoffs", "entrants and spin-offs")
    c.watch(demography, "entry", "entrants and spin-offs")
    c.watch(step, "settle", "errors of the opening stock and spin-offs")
    c.watch(simulate, "step", "other of a quarter")


def _state_of(given):
    """The State among the arguments of a function."""
    return next(each for each in given if hasattr(each, "log_size") and hasattr(each, "epoch"))


def run(scenario, members):
    """Simulate so many members of a scenario; its world."""
    simulate.simulate(region_of(scenario), members_of(scenario, range(members)))


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--scenario", type=pathlib.Path, default=SCENARIO)
    asked = parser.parse_args()
    scenario, ns = load(str(asked.scenario), ["diagnostics.members=0"]), nanoseconds()
    run(scenario, asked.members)                                             # compiles
    counted = Counted()
    watch_all(counted, assemble.build(region_of(scenario), members_of(scenario, range(1))))
    begun = time.process_time()
    run(scenario, asked.members)
    whole = time.process_time() - begun
    print("| operation | ns |\n| --- | --- |", *(f"| {name} | {time:.2f} |" for name, time in ns.items()), sep="\n")
    print("\n| part | operations a run, thousands | arithmetic, ms a run | measured | ratio |\n" + "| --- " * 5
          + "|")
    bound = {part: sum(times * ns[name] for name, times in done.items()) / 1e6 / asked.members
             for part, done in counted.done.items()}
    counted.seconds["worlds, outcome and other"] = whole - sum(counted.seconds.values())
    for part, took in counted.seconds.most_common():
        operations = ", ".join(f"{name} {times / 1e3 / asked.members:,.0f}"
                               for name, times in counted.done[part].items())
        ms, least = 1e3 * took / asked.members, bound.get(part, 0.0)
        print(f"| {part} | {operations} | {least:.1f} | {ms:.1f} | {ms / least if least else 0.0:.1f} |")
    print(f"| all | | {sum(bound.values()):.1f} | {1e3 * whole / asked.members:.1f} | |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
