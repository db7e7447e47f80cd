"""The simulator as a mesa model: the same step as `sim run`, one member, agents as a view.

All that differs between mesa's versions stays in this file.

Decision 6 (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.kernels import arrays
from sim.kernels.firms import life
from sim.kernels.numerics.elementary import exp
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.preflight import validation
from sim.model.step import QuarterRecord, measure, step
from sim.region.opening_stock import ORIGINS, TYPES
from sim.scenario.load import load

SEEDS = 2**53                  # whole numbers below this a scenario file holds exactly
REPORTED = ("quarter", "enterprises_total", "enterprises_in_zone", "headquarters_in_zone")
TRADE, RND = arrays.LOADINGS.index("trade"), arrays.LOADINGS.index("rnd")


class Enterprise(mesa.Agent):
    """One enterprise as it stands: a readable copy, which the engine never reads back.

    Attributes: unique_id, site, ring, jurisdiction, registered (site), industry, hq_type, origin, employees,
    headquarters (by the fixed criteria), age (years), trade_intensity, rnd_intensity (1 is the mean
    enterprise's). Not registered with the model: there is no such object until somebody asks.
    """

    def __init__(self, model: ClusterModel, unique_id: int, **attributes: object) -> None:
        self.model = model
        self.unique_id = unique_id
        self.pos = None
        vars(self).update(attributes)  # type: ignore[attr-defined]  # those of an object can be changed


class ClusterModel(mesa.Model):
    """A scenario as a mesa.Model; `step()` simulates one quarter, `running` ends with the horizon.

    scenario: path of a scenario file. rng: replaces the scenario's seed; a whole number, or whatever
    numpy.random.default_rng takes (`seed` is another word for it). replicate: which member of the
    ensemble; it is what a batch_run should vary. settings: "key=value" texts.

    The datacollector has a row for the close of every quarter. Raises InputError as `sim check` does.
    """

    running: bool                  # mesa's
    info: QuarterRecord | None
    _shown: list[Enterprise] | None
    _economy: Any                  # a ModelState, None until it is prepared: mesa looks at the agents before

    def __init__(self, scenario: str | Path, rng: Any = None, replicate: int = 0, settings: Iterable[str] = (),
                 seed: Any = None) -> None:
        given = _settings(seed if rng is None else rng)
        self.loaded = load(str(scenario), (*settings, *given))
        self._shown = self._economy = self.info = None
        super().__init__(rng=self.loaded.values.run.seed)
        region = validation.region_of(self.loaded)
        with validation.located(self.loaded):
            self.world = assemble.build(region, members_of(self.loaded, [replicate]))
            self._fixed, self._economy, self.base_year = initialise.prepare(self.world)
        self.elapsed = 0
        self._has_clock = hasattr(self, "time")                  # mesa from 3.4 on
        if not self._has_clock:
            self.time = 0.0
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in REPORTED})

    def step(self) -> None:
        """Simulate the next quarter and collect; after the horizon nothing happens.

        `info` then holds what happened in the quarter: entries, exits, moves, rents.
        """
        if not self.running:
            return
        self._economy, self.info = step(self.world, self._fixed, self._economy, self.elapsed)
        self._shown = None
        self.elapsed += 1
        if not self._has_clock:
            self.time = float(self.elapsed)
        self.running = self.elapsed < self.world.calendar.length
        self.datacollector.collect(self)

    @property
    def quarter(self) -> str:
        """Label of the quarter whose close this is, e.g. "2020-Q4" before the first step."""
        return self.world.calendar.labels()[self.elapsed]

    @property
    def in_zone(self) -> NDArray[np.bool_]:
        """(site,) mask of the sites in the zone."""
        return self.world.region.sites["in_zone"].to_numpy(dtype=bool)

    @property
    def enterprises(self) -> NDArray[np.int32]:
        """(site, industry, type) candidate enterprises as they stand."""
        return measure(self.world, self._fixed, self._economy.state)[2][0]

    @property
    def headquarters(self) -> NDArray[np.int32]:
        """(site, industry, type) enterprises that meet the fixed criteria."""
        return measure(self.world, self._fixed, self._economy.state)[3][0]

    @property
    def enterprises_total(self) -> int:
        """Candidate enterprises at all sites."""
        return int(self.enterprises.sum())

    @property
    def enterprises_in_zone(self) -> int:
        """Candidate enterprises in the zone."""
        return int(self.enterprises[self.in_zone].sum())

    @property
    def headquarters_in_zone(self) -> int:
        """Headquarters in the zone."""
        return int(self.headquarters[self.in_zone].sum())

    @property
    def agents(self) -> mesa.agent.AgentSet:
        """AgentSet of the enterprises, made when asked for; the model keeps them until the next step."""
        if self._shown is None and self._economy is not None:
            self._shown = list(self._enterprises())              # an AgentSet holds weak references
        return mesa.agent.AgentSet(self._shown or [], random=self.random)

    def _enterprises(self):
        state, region = self._economy.state, self.world.region
        places = list(region.sites[["ring", "jurisdiction"]].itertuples(name=None))
        industries = list(region.industries.index)
        for slot in np.flatnonzero(state.site[0] >= 0):
            own = arrays.State(*(array[0, slot] for array in state))
            site, ring, jurisdiction = places[own.site]
            yield Enterprise(
                self, int(own.id), site=site, ring=ring, jurisdiction=jurisdiction,
                registered=region.sites.index[own.legal],
                industry=industries[own.industry], hq_type=TYPES[own.hq_type], origin=ORIGINS[own.origin],
                employees=float(exp(own.log_size)), high_tech=bool(own.hightech),
                headquarters=bool(life.meets(own.log_size, own.hightech, own.loading[RND],
                                             self._fixed.criteria[0])),
                age=(self.elapsed - int(own.born)) / 4,
                trade_intensity=float(own.loading[TRADE]), rnd_intensity=float(own.loading[RND]))


def _settings(rng):
    """The setting that replaces a scenario's seed, if anything does."""
    if rng is None:
        return ()
    whole = isinstance(rng, (int, np.integer))
    return (f"run.seed={int(rng) if whole else int(np.random.default_rng(rng).integers(SEEDS))}",)
