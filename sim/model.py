"""The simulator as a mesa model: the same step as `sim run`, one member, agents as a view.

All that differs between mesa's versions stays in this file.
"""

import warnings

import mesa
import numpy as np

from sim import assembly, opening, population
from sim.kernels.elementary import exp
from sim.scenario import load
from sim.simulation import members_of
from sim.step import measure, step
from sim.validation import region_of


class Enterprise(mesa.Agent):
    """One enterprise as it stands: a readable copy, which the engine never reads back.

    Not registered with the model: there is no object an enterprise until somebody asks.
    """

    def __init__(self, model, unique_id, **attributes):
        self.model = model
        self.unique_id = unique_id
        self.pos = None
        vars(self).update(attributes)


class ClusterModel(mesa.Model):
    """A scenario as a mesa.Model; `step()` simulates one quarter, `running` ends with the horizon.

    scenario: path of a scenario file. rng: whole number that replaces the scenario's seed (`seed` is
    taken as the same). replicate: which member of the ensemble. settings: "key=value" texts.
    """

    def __init__(self, scenario, rng=None, replicate=0, settings=(), seed=None):
        chosen = rng if rng is not None else seed
        given = () if chosen is None else (f"run.seed={int(chosen)}",)
        self.scenario = load(str(scenario), (*settings, *given))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)       # of mesa about its own arguments
            super().__init__(rng=self.scenario.values.run.seed)
        region = region_of(self.scenario)
        self.world = assembly.build(region, members_of(self.scenario, [replicate]))
        self._fixed, self._economy, self.base_year = opening.prepare(self.world)
        self.info = None
        self._shown = None
        self._elapsed = 0
        if not hasattr(self, "time"):                            # mesa below 3.5 keeps no time
            self.time = 0.0
            self._keeps_time = True
        self.datacollector = mesa.DataCollector(model_reporters={
            "quarter": "quarter", "enterprises": lambda m: int(m.enterprises.sum()),
            "enterprises_in_zone": lambda m: int(m.enterprises[m.in_zone].sum()),
            "headquarters_in_zone": lambda m: int(m.headquarters[m.in_zone].sum())})
        self.datacollector.collect(self)

    def step(self):
        """Simulate the next quarter and collect; after the horizon nothing happens."""
        if not self.running:
            return
        self._economy, self.info = step(self.world, self._fixed, self._economy, self._elapsed)
        self._elapsed += 1
        self._shown = None
        if getattr(self, "_keeps_time", False):
            self.time = float(self._elapsed)
        self.running = self._elapsed < self.world.calendar.length
        self.datacollector.collect(self)

    @property
    def quarter(self):
        """Label of the quarter whose close this is, e.g. "2020-Q4" before the first step."""
        return self.world.calendar.labels()[self._elapsed]

    @property
    def in_zone(self):
        """(site,) mask of the sites in the zone."""
        return self.world.region.sites["in_zone"].to_numpy(dtype=bool)

    @property
    def enterprises(self):
        """(site, industry, type) candidate enterprises as they stand."""
        return measure(self.world, self._fixed, self._economy.state)[2][0]

    @property
    def headquarters(self):
        """(site, industry, type) enterprises that meet the fixed yardstick."""
        return measure(self.world, self._fixed, self._economy.state)[3][0]

    @property
    def agents(self):
        """AgentSet of the enterprises, made when asked for and kept until the next step."""
        if getattr(self, "_economy", None) is None:
            return mesa.agent.AgentSet([], random=self.random)
        if self._shown is None:
            self._shown = list(self._enterprises())              # an AgentSet holds weak references
        return mesa.agent.AgentSet(self._shown, random=self.random)

    def _enterprises(self):
        state, region = self._economy.state, self.world.region
        sites, industries = list(region.sites.index), list(region.industries.index)
        for slot in np.flatnonzero(state.site[0] >= 0):
            site = state.site[0, slot]
            yield Enterprise(
                self, int(state.id[0, slot]), site=sites[site], ring=region.sites["ring"].iloc[site],
                jurisdiction=region.sites["jurisdiction"].iloc[site],
                industry=industries[state.industry[0, slot]],
                hq_type=population.TYPES[state.hq_type[0, slot]],
                origin=population.ORIGINS[state.origin[0, slot]],
                employees=float(exp(state.log_size[0, slot])), high_tech=bool(state.hightech[0, slot]),
                age=(self._elapsed - int(state.born[0, slot])) / 4,
                trade_intensity=float(state.loading[0, slot, 0]),
                rnd_intensity=float(state.loading[0, slot, 1]))
