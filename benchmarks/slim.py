"""The slim model in this program and in what others offer, side by side; a table and a picture.

    python benchmarks/slim.py [--sizes 1000 ... 1000000] [--sites 100] [--rounds 3] [--picture docs/images/slim.png]
                              [--peers FOLDER]

N enterprises of eight industries at S sites all review their site every quarter, on the counts of the opening:

    V_ij = policy_sj + 0.3 ln(1 + peers_sj) - 2 [j is not where i stands] + e_ij,      e Gumbel

This program's is a configuration, not another engine: demography, moving rents, personal tastes and other peers are
switched off. Two times of it are told: that of its choices alone (`kernels.choice.alike.choose_alike`), which is what
the others do, and that of its whole quarter (`model.step.step`), with events, headquarters, census and accounts of
floor. mesa's is written as its manual does, one Python agent an enterprise, a method for the utility of a site; a
second one keeps arrays in the model and takes 2,048 enterprises at a time. Those of ambr, melodie, choicemodels and
urbansim are in `slim_peers.py` and run in environments of their own, which this makes with pip (FOLDER keeps them).
Processor seconds a quarter, one thread; the order is turned round by round. Who would take more than MOST seconds a
quarter at a size, by the size before, is left out, and tables of more than PAIRS rows, for their memory. Sites of this
program differ, theirs do not, which changes no work.
"""

import argparse
import importlib.metadata
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import venv

import mesa
import numpy as np
from slim_model import COST, GAMMA, INDUSTRIES, choices, product

HERE = pathlib.Path(__file__).parent
GAIN, MOST = 0.5, 3.0
LONG, PAIRS = ("choicemodels", "urbansim"), 10**7     # who makes tables of all pairs, and of how many at most here
PEERS = {"ambr": ("ambr", "melodie"), "melodie": ("ambr", "melodie"), "choicemodels": ("choicemodels", "urbansim"),
         "urbansim": ("choicemodels", "urbansim")}
NAMES = ("choices of this program", "whole quarter of this program", "arrays in mesa", "ambr", "urbansim",
         "choicemodels", "mesa", "melodie")
# -- in idiomatic mesa ------------------------------------------------------------------------------------

class Enterprise(mesa.Agent):
    """One enterprise, as the manual of mesa writes an agent."""

    def __init__(self, model, industry, site):
        super().__init__(model)
        self.industry, self.site, self.wanted = industry, site, site

    def utility(self, site):
        """Of a site."""
        peers = self.model.counts[self.industry][site] - (site == self.site)
        value = self.model.policy[self.industry][site] + GAMMA * math.log(1.0 + peers)
        return value if site == self.site else value - COST

    def choose(self):
        """The site of the largest utility and error."""
        errors = self.model.draw.gumbel(size=self.model.sites)
        self.wanted = max(range(self.model.sites), key=lambda site: self.utility(site) + errors[site])

    def move(self):
        """Go there."""
        self.site = self.wanted


class Cluster(mesa.Model):
    """The slim model."""

    def __init__(self, number, sites):
        super().__init__(seed=1)
        self.sites, self.draw = sites, np.random.default_rng(1)
        self.policy = [[GAIN * (site == 0) for site in range(sites)] for _ in range(INDUSTRIES)]
        for n in range(number):
            Enterprise(self, n % INDUSTRIES, int(self.draw.integers(sites)))
        self.counts = []

    def step(self):
        """All choose on the counts of the opening, then all move."""
        self.counts = [[0] * self.sites for _ in range(INDUSTRIES)]
        for agent in self.agents:
            self.counts[agent.industry][agent.site] += 1
        self.agents.do("choose")
        self.agents.do("move")


def in_mesa(number, sites):
    """A function that simulates the next quarter."""
    return Cluster(number, sites).step


# -- with arrays in mesa ------------------------------------------------------------------------------------

def in_arrays(number, sites):
    """A function that simulates the next quarter; as many enterprises at a time as a cache holds."""
    draw = np.random.default_rng(1)
    industry, site = np.arange(number) % INDUSTRIES, draw.integers(sites, size=number)
    policy = np.zeros((INDUSTRIES, sites))
    policy[:, 0] = GAIN

    def quarter():
        counts = np.bincount(industry * sites + site, minlength=INDUSTRIES * sites).reshape(INDUSTRIES, sites)
        offered = policy + GAMMA * np.log(1.0 + counts) - COST
        wanted = np.empty(number, np.int64)
        for first in range(0, number, 2048):
            some = slice(first, first + 2048)
            here, who = site[some], np.arange(len(site[some]))
            v = offered[industry[some]] + draw.gumbel(size=(len(here), sites))
            own = policy[industry[some], here] + GAMMA * np.log(counts[industry[some], here])
            v[who, here] += own - offered[industry[some], here]
            wanted[some] = v.argmax(axis=1)
        site[:] = wanted

    class Arrays(mesa.Model):
        """The slim model without agent objects."""

        def step(self):
            """All choose, then all move."""
            quarter()
    return Arrays(seed=1).step


# -- measuring ---------------------------------------------------------------------------------------------

def seconds(quarter):
    """Processor seconds of one."""
    begun = time.process_time()
    quarter()
    return time.process_time() - begun


def environments(folder):
    """Name -> the Python of an environment that has it; they are made where they are not there yet."""
    found = {}
    for name, packages in PEERS.items():
        place = folder / "-".join(packages)
        if not place.exists():
            venv.create(place, with_pip=True)
            subprocess.run([place / "bin" / "pip", "install", "--quiet", *packages], check=True)
        found[name] = place / "bin" / "python"
    return found


def elsewhere(python, name, number, sites, rounds):
    """(processor seconds of so many quarters, version) of a library in its environment."""
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    told = [python, HERE / "slim_peers.py", name, str(number), str(sites), str(rounds)]
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(told, capture_output=True, text=True, cwd=place, env={**os.environ, **one})
    if done.returncode:
        sys.exit(f"{name}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["version"]


def measured(number, sites, rounds, pythons, before):
    """Name -> processor seconds of every round; `before` are those of the size before, (times, its number)."""
    wanted = [name for name in NAMES if _expected(name, number, before) < MOST
              and not (name in LONG and number * sites > PAIRS)]
    here = {"choices of this program": choices, "whole quarter of this program": product, "arrays in mesa": in_arrays,
            "mesa": in_mesa}
    made = {name: here[name](number, sites) for name in wanted if name in here}
    for quarter in made.values():
        quarter()
    found, versions = {name: [] for name in made}, {}
    for turn in range(rounds):
        for name in list(made)[::1 if turn % 2 == 0 else -1]:
            found[name].append(seconds(made[name]))
    for name in pythons:
        if name in wanted:
            found[name], versions[name] = elsewhere(pythons[name], name, number, sites, rounds)
    return found, versions


def _expected(name, number, before):
    """Seconds of a quarter, in proportion to the size before; inf for who was left out then."""
    times, smaller = before
    return (statistics.median(times[name]) * number / smaller if name in times else math.inf) if times else 0.0


def table(found, sites):
    """Lines of the Markdown table: ms a quarter, their range; pairs a second; times this program's choices."""
    yield f"| ms a quarter (range); pairs a second; ratio | {' | '.join(f'{number:,}' for number in found)} |"
    yield "| --- |" + " --- |" * len(found)
    for name in NAMES:
        cells = [_cell(times, name, number * sites) if name in times else "" for number, times in found.items()]
        yield f"| {name} | {' | '.join(cells)} |"


def _cell(times, name, pairs):
    """What a table says of the seconds of one."""
    middle, own = statistics.median(times[name]), statistics.median(times[NAMES[0]])
    ms, least, most, ratio = (f"{value:,.0f}" if value >= 100 else f"{value:.3g}" for value in (
        1e3 * middle, 1e3 * min(times[name]), 1e3 * max(times[name]), middle / own))
    return f"{ms} ({least} to {most}); {pairs / middle:.1e}; {ratio}"


def draw(found, sites, path):
    """The picture: processor time a quarter by size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 4.6), layout="constrained")
    for name in NAMES:
        points = [(number, 1e3 * statistics.median(times[name])) for number, times in found.items() if name in times]
        own = "this program" in name
        axes.loglog(*zip(*points, strict=True), marker="o", linewidth=2.5 if own else 1.2,
                    linestyle="-" if own else "--", label=name)
    axes.set(xlabel="enterprises", ylabel="processor time a quarter, ms",
             title=f"The slim model, {sites} sites, all review in every quarter, one thread")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=150)


def main():
    """Print the table and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--picture", type=pathlib.Path, default=HERE.parent / "docs" / "images" / "slim.png")
    parser.add_argument("--peers", type=pathlib.Path)
    asked = parser.parse_args()
    found, versions, before = {}, {}, ({}, 1)
    with tempfile.TemporaryDirectory() as place:
        pythons = environments((asked.peers or pathlib.Path(place)).resolve())
        for number in asked.sizes or [1000, 10_000, 100_000, 1_000_000]:
            found[number], more = measured(number, asked.sites, asked.rounds, pythons, before)
            versions, before = versions | more, (found[number], number)
            print(f"{number:,}", file=sys.stderr, flush=True)
    versions |= {name: importlib.metadata.version(name) for name in ("mesa", "numpy", "numba")}
    told = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    print(*table(found, asked.sites), "", f"{asked.sites} sites; Python {platform.python_version()}, {told}; "
          f"load {os.getloadavg()[0]:.1f}", sep="\n")
    draw(found, asked.sites, asked.picture)


if __name__ == "__main__":
    main()
