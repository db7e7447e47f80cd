"""The slim model in this program, in idiomatic mesa and in vectorised numpy, side by side; a table and a picture.

    python benchmarks/slim.py [--sizes 2000 10000 100000] [--sites 30] [--rounds 5] [--picture slim.png]

N enterprises of eight industries at S sites all review their site every quarter, on the counts of the opening:

    V_ij = policy_sj + 0.3 ln(1 + peers_sj) - 2 [j is not where i stands] + e_ij,      e Gumbel

This program's is a configuration, not another engine: demography, registration apart, moving rents and other peers are
switched off, and the time is that of its whole quarter (`model.step.step`), with events, headquarters and counts.
mesa's is written as its manual does, one Python agent an enterprise, a method for the utility of a site; numpy's takes
2,048 enterprises at a time. Both draw Gumbel errors with numpy's generator. Processor seconds a quarter, one thread;
the order is turned round by round. Sums of peers over distances, personal tastes and what else sites offer are in this
program's time alone: its sites differ, theirs do not, which changes no work.
"""

import argparse
import importlib.metadata
import math
import os
import pathlib
import platform
import statistics
import sys
import tempfile
import time

import mesa
import numpy as np

from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.step import step
from sim.region.synthetic import synthetic_region, write
from sim.scenario.load import load

INDUSTRIES, GAMMA, COST, GAIN, MOST = 8, 0.3, 2.0, 0.5, 20000
NAMES = ("this program", "numpy", "mesa")
SCENARIO = """title = "Slim"
region = "region"
[time]
start = 2021-01-01
end = 2040-12-31
[population]
candidates = {number}
[base_year.constants]
[moving]
cost = {cost}
log_size = 0.0
age = 0.0
log_distance = 0.0
[choice]
review = 1.0
keep_errors = 0.0
dissimilarity = 1.0
[switches]
churn = false
registration = "function"
revision = "simultaneous"
[land]
rents = "frozen"
[peers]
decay = 0.01
[terms.localisation]
gamma = {gamma}
[terms.coagglomeration]
gamma = 0.0
[terms.headquarters]
gamma = 0.0
[policies.tax]
instrument = "tax_rate"
rate = 15.0
sites = ["site-0"]
start = 2020-01-01
"""


# -- the model in this program ---------------------------------------------------------------------------

def product(number, sites):
    """A function that simulates the next quarter."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        write(synthetic_region(sites, seed=1, nests=1, industries=INDUSTRIES), folder / "region")
        (folder / "slim.toml").write_text(SCENARIO.format(number=number, gamma=GAMMA, cost=COST), "utf-8")
        scenario = load(str(folder / "slim.toml"))
        world = assemble.build(region_of(scenario), members_of(scenario, range(1)))
    fixed, economy, _ = initialise.prepare(world)
    at = {"economy": economy, "quarter": 0}

    def quarter():
        at["economy"], _ = step(world, fixed, at["economy"], at["quarter"])
        at["quarter"] += 1
    return quarter


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


# -- in vectorised numpy ----------------------------------------------------------------------------------

def in_numpy(number, sites):
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
    return quarter


# -- measuring ---------------------------------------------------------------------------------------------

def seconds(quarter):
    """Processor seconds of one."""
    begun = time.process_time()
    quarter()
    return time.process_time() - begun


def measured(number, sites, rounds):
    """Name -> processor seconds of every round."""
    made = {"this program": product(number, sites), "numpy": in_numpy(number, sites)}
    if number <= MOST:
        made["mesa"] = in_mesa(number, sites)
    for quarter in made.values():
        quarter()
    found = {name: [] for name in made}
    for turn in range(rounds):
        for name in list(made)[::1 if turn % 2 == 0 else -1]:
            found[name].append(seconds(made[name]))
    return found


def table(found, sites):
    """Lines of the Markdown table."""
    heads = [f"{name}: ms a quarter; pairs a second" for name in NAMES]
    yield f"| enterprises | {' | '.join(heads)} | mesa / this | numpy / this |"
    yield "| --- |" + " --- |" * (len(NAMES) + 2)
    for number, times in found.items():
        middle = {name: statistics.median(values) for name, values in times.items()}
        cells = [f"{1e3 * middle[name]:.2f} ({1e3 * min(times[name]):.2f} to {1e3 * max(times[name]):.2f}); "
                 f"{number * sites / middle[name]:.2g}" if name in middle else "" for name in NAMES]
        ratios = [f"{middle[name] / middle[NAMES[0]]:.1f}" if name in middle else "" for name in ("mesa", "numpy")]
        yield f"| {number:,} | {' | '.join(cells)} | {' | '.join(ratios)} |"


def draw(found, sites, path):
    """The picture: processor time a quarter by size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
    for name in NAMES:
        points = [(number, 1e3 * statistics.median(times[name])) for number, times in found.items() if name in times]
        axes.loglog(*zip(*points, strict=True), marker="o", label=name)
    axes.set(xlabel="enterprises", ylabel="processor time a quarter, ms",
             title=f"The slim model, {sites} sites, all review in every quarter")
    axes.legend()
    figure.savefig(path, dpi=150)


def main():
    """Print the table and draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[2000, 10_000, 100_000])
    parser.add_argument("--sites", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--picture", type=pathlib.Path, default=pathlib.Path("slim.png"))
    asked = parser.parse_args()
    found = {number: measured(number, asked.sites, asked.rounds) for number in asked.sizes}
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("mesa", "numpy", "numba"))
    lines = [*table(found, asked.sites), "", f"{asked.sites} sites; Python {platform.python_version()}, {versions}; "
             f"load {os.getloadavg()[0]:.1f}", ""]
    sys.stdout.write("\n".join(lines))
    draw(found, asked.sites, asked.picture)


if __name__ == "__main__":
    main()
