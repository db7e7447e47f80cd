"""The slim model of `slim.py` as the manuals of other libraries would have it; called by it, in their own environments.

    python benchmarks/slim_peers.py WHO ENTERPRISES SITES ROUNDS

Prints {"version": ..., "seconds": [...]} as JSON: processor seconds of a step, after one that is not counted.
ambr: its vectorised lane, columns of a population of agents. melodie: one agent object an enterprise. choicemodels:
a merged table of choosers and alternatives, probabilities, a Monte Carlo draw. urbansim: its own logit simulation on
a long table. The last two draw from probabilities; the others take the largest sum of utility and Gumbel error.
"""

import sys

sys.path.pop(0)                     # this folder has a file that is called as a module of Python's is

import importlib.metadata
import json
import math
import tempfile
import time

import numpy as np

INDUSTRIES, GAMMA, COST, GAIN = 8, 0.3, 2.0, 0.5


def start(number, sites):
    """(generator, industry, site, policy) of the enterprises at the beginning."""
    draw = np.random.default_rng(1)
    policy = np.zeros((INDUSTRIES, sites))
    policy[:, 0] = GAIN
    return draw, np.arange(number) % INDUSTRIES, draw.integers(sites, size=number), policy


def counted(industry, site, sites):
    """(industry, site) enterprises."""
    return np.bincount(industry * sites + site, minlength=INDUSTRIES * sites).reshape(INDUSTRIES, sites)


def in_ambr(number, sites):
    """A step of a model whose agents are rows of a table."""
    import ambr

    _, industry, site, policy = start(number, sites)

    class Cluster(ambr.Model):
        """The slim model."""

        def setup(self):
            """Enterprises where they begin."""
            self.add_agents(number, industry=industry, site=site)

        def step_vectorized(self):
            """All choose on the counts of the opening, some at a time, as a table of all pairs would be too large."""
            kind, here = self.agents.industry.to_numpy(), self.agents.site.to_numpy()
            counts, wanted = counted(kind, here, sites), np.empty(number, np.int64)
            offered = policy + GAMMA * np.log(1.0 + counts) - COST
            for first in range(0, number, 2048):
                some = slice(first, first + 2048)
                who = np.arange(len(here[some]))
                v = offered[kind[some]] + self.rng.gumbel(size=(len(who), sites))
                own = policy[kind[some], here[some]] + GAMMA * np.log(counts[kind[some], here[some]])
                v[who, here[some]] += own - offered[kind[some], here[some]]
                wanted[some] = v.argmax(axis=1)
            self.agents.set(site=wanted)

    model = Cluster({"steps": 10**6, "seed": 1, "show_progress": False}).cpu(mode="vectorized")
    return model.run_step, "ambr"


def in_melodie(number, sites):
    """A period of a model of agent objects."""
    import Melodie

    draw, industry, site, policy = start(number, sites)
    policy = policy.tolist()

    class Enterprise(Melodie.Agent):
        """One enterprise."""

        def setup(self):
            """Where it begins."""
            self.industry, self.site, self.wanted = int(industry[self.id]), int(site[self.id]), 0

        def utility(self, place, counts):
            """Of a site."""
            peers = counts[self.industry][place] - (place == self.site)
            value = policy[self.industry][place] + GAMMA * math.log(1.0 + peers)
            return value if place == self.site else value - COST

        def choose(self, counts):
            """The site of the largest utility and error."""
            errors = draw.gumbel(size=sites)
            self.wanted = max(range(sites), key=lambda place: self.utility(place, counts) + errors[place])

    class Cluster(Melodie.Model):
        """The slim model."""

        def create(self):
            """Its agents."""
            self.enterprises = self.create_agent_list(Enterprise)

        def setup(self):
            """So many of them."""
            self.enterprises.setup_agents(number)

        def period(self):
            """All choose on the counts of the opening, then all move."""
            counts = [[0] * sites for _ in range(INDUSTRIES)]
            for agent in self.enterprises:
                counts[agent.industry][agent.site] += 1
            for agent in self.enterprises:
                agent.choose(counts)
            for agent in self.enterprises:
                agent.site = agent.wanted

    place = tempfile.mkdtemp()
    model = Cluster(Melodie.Config("slim", place, place + "/in", place + "/out"), Melodie.Scenario(0))
    model.create()
    model.setup()
    model._setup()                                        # what its simulator calls next: the agents come to be
    return model.period, "melodie"


def in_choicemodels(number, sites):
    """A round of choices from a merged table."""
    import pandas as pd
    from choicemodels import MultinomialLogitResults
    from choicemodels.tools import MergedChoiceTable, monte_carlo_choices

    _, industry, site, policy = start(number, sites)
    alternatives = pd.DataFrame({"policy": policy[0]}, index=pd.Index(range(sites), name="site"))
    logit = MultinomialLogitResults("policy + agglomeration + move - 1", fitted_parameters=[1.0, GAMMA, -COST])
    pairs = pd.MultiIndex.from_product([range(number), range(sites)], names=["enterprise", "site"])

    def step():
        peers = counted(industry, site, sites)[industry].astype(float)
        peers[np.arange(number), site] -= 1.0
        moves = np.arange(sites) != site[:, None]
        terms = pd.DataFrame({"agglomeration": np.log1p(peers).ravel(), "move": moves.ravel() * 1.0}, index=pairs)
        observations = pd.DataFrame({"industry": industry}, index=pd.Index(range(number), name="enterprise"))
        table = MergedChoiceTable(observations, alternatives, interaction_terms=[terms])
        table.sample_size = sites                         # what 0.3 leaves out where it does not sample, and reads then
        site[:] = monte_carlo_choices(logit.probabilities(table)).to_numpy()
    return step, "choicemodels"


def in_urbansim(number, sites):
    """A round of choices by the logit of urbansim."""
    from urbansim.urbanchoice import mnl

    _, industry, site, policy = start(number, sites)

    def step():
        peers = counted(industry, site, sites)[industry].astype(float)
        peers[np.arange(number), site] -= 1.0
        moves = np.arange(sites) != site[:, None]
        long = np.column_stack([policy[industry].ravel(), np.log1p(peers).ravel(), moves.ravel()])
        chosen = mnl.mnl_simulate(long, [1.0, GAMMA, -COST], sites, returnprobs=False)
        site[:] = np.asarray(chosen).ravel()
    return step, "urbansim"


def main():
    """Measure one."""
    who, (number, sites, rounds) = sys.argv[1], map(int, sys.argv[2:])
    step, package = globals()[f"in_{who}"](number, sites)
    step()
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        step()
        seconds.append(time.process_time() - begun)
    print(json.dumps({"version": importlib.metadata.version(package), "seconds": seconds}))


if __name__ == "__main__":
    main()
