"""The mesa model: the engine's own step under mesa's clock, enterprises as agents, mesa's tools on top."""

import gc
import subprocess
import sys

import mesa
import numpy as np
import pytest

import sim
from sim.base.errors import InputError
from sim.model.ensemble import members_of
from sim.model.simulate import simulate
from sim.region.opening_stock import ORIGINS
from tests.samples import runs

TOTALS = ["enterprises_total", "enterprises_in_zone", "headquarters_in_zone"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return runs.write_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def stepped(scenario):
    """A model after two quarters."""
    model = sim.ClusterModel(scenario)
    model.step()
    model.step()
    return model


def test_a_model_is_a_member_of_the_ensemble_bit_by_bit(scenario):
    job = runs.job(scenario, "unused")
    outcome = simulate(job.region, members_of(job.scenario, [0, 1, 2]))
    model = sim.ClusterModel(scenario, replicate=2)
    assert model.base_year.constant[0].tobytes() == outcome.constant[2].tobytes()
    recorded = {name: array[2] for name, array in outcome.arrays.items()}
    for quarter in range(9):
        assert (model.enterprises == recorded["enterprises"][quarter]).all()
        assert (model.headquarters == recorded["headquarters"][quarter]).all()
        if quarter:
            assert model.info.rent[0].tobytes() == recorded["rent"][quarter].tobytes()
            assert (model.info.events.flows[0] == recorded["flows"][quarter]).all()
        model.step()


def test_the_clock_is_mesas_and_stops_with_the_horizon(scenario):
    model = sim.ClusterModel(scenario)
    assert isinstance(model, mesa.Model)
    assert (model.running, model.steps, model.time, model.quarter) == (True, 0, 0, "2020-Q4")
    while model.running:
        model.step()
    assert (model.steps, model.time, model.quarter) == (8, 8, "2022-Q4")
    last = model.enterprises
    model.step()
    assert model.quarter == "2022-Q4"
    assert (model.enterprises == last).all()
    assert len(model.datacollector.get_model_vars_dataframe()) == 8


def test_the_datacollector_has_a_row_for_the_close_of_every_quarter(stepped):
    frame = stepped.datacollector.get_model_vars_dataframe()
    assert list(frame["quarter"]) == ["2021-Q1", "2021-Q2"]
    assert list(frame[TOTALS].iloc[-1]) == [
        stepped.enterprises.sum(), stepped.enterprises[stepped.in_zone].sum(),
        stepped.headquarters[stepped.in_zone].sum()]


@pytest.mark.parametrize("rng", [5, np.int64(5), np.random.default_rng(5), np.random.SeedSequence(5)])
def test_rng_replaces_the_seed_and_the_same_rng_gives_the_same_run(scenario, rng):
    first = sim.ClusterModel(scenario, rng=rng)
    seed = first.loaded.values.run.seed
    again = sim.ClusterModel(scenario, seed=seed)
    assert seed != sim.ClusterModel(scenario).loaded.values.run.seed
    assert isinstance(rng, (np.random.Generator, np.random.SeedSequence)) or seed == 5
    assert (first.enterprises == again.enterprises).all()
    assert (first.enterprises != sim.ClusterModel(scenario).enterprises).any()


def test_a_wrong_setting_is_told_as_on_the_command_line(scenario):
    with pytest.raises(InputError, match="did you mean 'candidates'"):
        sim.ClusterModel(scenario, settings=["population.candidate=900"])


# -- agents -----------------------------------------------------------------------------------------

def test_agents_are_the_enterprises_with_readable_attributes(stepped):
    agents = list(stepped.agents)
    region, cube = stepped.world.region, stepped.enterprises
    assert len(agents) == cube.sum()
    assert len({agent.unique_id for agent in agents}) == len(agents)
    assert sum(agent.headquarters for agent in agents) == stepped.headquarters.sum()
    counted = np.zeros_like(cube)
    for agent in agents:
        place = (region.sites.index.get_loc(agent.site), region.industries.index.get_loc(agent.industry))
        counted[(*place, stepped.world.type_names.index(agent.hq_type))] += 1
        assert agent.ring == region.sites.at[agent.site, "ring"]
        assert agent.jurisdiction == region.sites.at[agent.site, "jurisdiction"]
        assert agent.employees > 0
        assert agent.age >= 0
    assert (counted == cube).all()
    assert {"local"} < {agent.origin for agent in agents} <= set(ORIGINS)     # entrants come from elsewhere
    assert np.mean([agent.trade_intensity for agent in agents]) == pytest.approx(1, abs=0.15)
    assert np.mean([agent.rnd_intensity for agent in agents]) == pytest.approx(1, abs=0.15)


def test_agents_survive_the_garbage_collector(stepped):
    agents = stepped.agents
    number = len(agents)
    gc.collect()
    assert len(agents) == len(stepped.agents) == number > 0


def test_agents_are_a_view_of_now(scenario):
    model = sim.ClusterModel(scenario)
    before = {agent.unique_id: agent.age for agent in model.agents}
    next(iter(model.agents)).employees = 1e9
    model.step()
    after = {agent.unique_id: agent.age for agent in model.agents}
    stayed = before.keys() & after.keys()
    assert {after[name] - before[name] for name in stayed} == {0.25}
    assert after.keys() - before.keys()
    assert max(agent.employees for agent in model.agents) < 1e9


def test_agents_can_be_grouped_and_selected_with_mesas_tools(stepped):
    agents = stepped.agents
    groups = agents.groupby("industry")
    by_industry = stepped.enterprises.sum(axis=(0, 2))
    assert groups.count() == dict(zip(stepped.world.region.industries.index, by_industry.tolist()))
    employees = groups.agg("employees", max)
    assert max(employees.values()) == agents.agg("employees", max)
    in_core = agents.select(lambda agent: agent.ring == "core")
    core = (stepped.world.region.sites["ring"] == "core").to_numpy()
    assert len(in_core) == stepped.enterprises[core].sum()


# -- batch_run and imports --------------------------------------------------------------------------

def test_mesas_batch_run_gives_the_last_quarter_of_every_replicate(scenario):
    parameters = {"scenario": str(scenario), "replicate": [0, 1, 2], "settings": [("time.end=2021-12-31",)]}
    rows = mesa.batch_run(sim.ClusterModel, parameters, number_processes=1, display_progress=False)
    job = runs.job(scenario, "unused", "time.end=2021-12-31")
    outcome = simulate(job.region, members_of(job.scenario, [0, 1, 2]))
    assert [row["quarter"] for row in rows] == ["2021-Q4"] * 3
    totals = outcome.arrays["enterprises"][:, -1].sum(axis=(1, 2, 3))
    assert [row["enterprises_total"] for row in rows] == totals.tolist()
    assert len(set(totals)) > 1


def test_a_model_raises_no_warning_from_its_import_on(scenario):
    code = f"import sim; model = sim.ClusterModel({str(scenario)!r}, rng=1); model.step(); len(model.agents)"
    said = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True,
                          timeout=120, cwd=runs.ROOT)
    assert (said.returncode, said.stderr) == (0, "")
