"""Where few numbers of a run are read, they are those of the whole run, and what nobody reads is not worked out."""

import numpy as np
import pytest

from sim.experiments.sweep.sections import Outputs
from sim.model.ensemble import members_of
from sim.model.mean_field import quarter_map
from sim.model.preflight.validation import region_of
from sim.model.processes import welfare
from sim.model.simulate import simulate
from sim.results import account_axes, account_scalars, reading, scalars
from sim.scenario.load import load
from tests.samples.runs import ROOT

SETTINGS = ["time.end=2025-12-31", "population.candidates=1500", "run.replicates=2", "diagnostics.years=2"]
KEPT = {"the end": Outputs(), "a series of feedback": Outputs(series=["r_dyn", "headquarters_in_zone"]),
        "a quarter and maps": Outputs(quarters=["2022-Q4"], maps=[*scalars.MAPS])}


class Case:
    """Two replicates of the package of all policies."""

    def __init__(self):
        self.scenario = load(str(ROOT / "scenarios/full-package.toml"), SETTINGS)
        self.region, self.calendar = region_of(self.scenario), self.scenario.values.time.calendar
        self.members = members_of(self.scenario, range(2))
        self.whole = simulate(self.region, self.members)

    def read(self, kept):
        return simulate(self.region, self.members, wanted=reading.of(kept, self.calendar))

    def columns(self, outcome, kept):
        relief = account_axes.relief([self.scenario.instruments[name] for name in self.scenario.values.policies])
        return scalars.of_outcome(outcome, self.region, self.calendar, kept) | account_scalars.of_arrays(
            outcome.arrays, self.region, relief)


@pytest.fixture(scope="module")
def case():
    return Case()


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_every_column_has_the_bits_that_the_whole_run_gives_it(case, kept):
    expected, found = case.columns(case.whole, kept), case.columns(case.read(kept), kept)
    assert np.isfinite(expected["r_dyn"]).any()
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, name)


def test_feedback_is_measured_where_it_is_read_alone(case, monkeypatch):
    asked, build = [], quarter_map.build
    monkeypatch.setattr(quarter_map, "build", lambda *given: asked.append(given[3]) or build(*given))
    for kept, times in zip(KEPT.values(), (1, 4, 2), strict=True):
        asked.clear()
        case.read(kept)
        assert len(asked) == times


def test_what_no_column_holds_is_neither_worked_out_nor_kept(case, monkeypatch):
    monkeypatch.setattr(welfare, "asked", None)
    monkeypatch.setattr("sim.kernels.firms.headquarters.follow", None)
    monkeypatch.setattr("sim.kernels.firms.spinoff.census", None)
    arrays = case.read(Outputs()).arrays
    assert case.whole.arrays.keys() - arrays.keys() >= {"headquarters_growth", "entrant_value", "at_risk", "access"}
