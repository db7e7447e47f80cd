"""Base years that are the same are solved once, others apart, and nothing else can be told of it."""

import threading

import numpy as np
import pytest

from sim.model import kind_constants
from sim.model import simulate as simulation
from sim.model.base_year import Targets
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.shared_base_years import SharedBaseYears
from sim.runs.members import bench
from sim.runs.plan import Plan
from sim.runs.worker import SweepSpec, opened, specs_of, work
from sim.scenario.load import load
from tests.samples import runs, sweeps, worlds

LATER = """\
region = "region"
[time]
start = 2021-01-01
end = 2022-06-30
[run]
replicates = 2
[population]
candidates = 600
[policies.tax]
instrument = "tax_rate"
rate = 15.0
sites = ["site-2"]
start = 2022-01-01
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return runs.write_scenario(tmp_path_factory.mktemp("shared"), LATER)


def simulated(path, settings, replicates, shared=None):
    """Outcome of some replicates of the scenario with settings."""
    loaded = load(str(path), settings)
    return simulation.simulate(region_of(loaded), members_of(loaded, replicates), shared=shared)


def bits(outcome):
    """Bytes of everything in an Outcome."""
    arrays = [outcome.arrays[name] for name in sorted(outcome.arrays)]
    return [array.tobytes() for array in (*arrays, *outcome[1:])]


def test_points_that_differ_only_later_share_the_base_year_of_each_replicate(path):
    shared, points = SharedBaseYears(), [("policies.tax.rate=15.0",), ("policies.tax.rate=5.0",),
                                         ("policies.tax.enabled=false",)]
    found = [simulated(path, point, (0, 1), shared) for point in points]
    assert (shared.asked, shared.solved) == (6, 2)
    assert [bits(each) for each in found] == [bits(simulated(path, point, (0, 1))) for point in points]
    assert len({tuple(bits(each)) for each in found}) == 3


def test_a_member_solves_for_its_entrants_once_and_members_with_the_same_do_so_together(path, monkeypatch):
    solved, asked, entry = [], [], kind_constants.entry
    monkeypatch.setattr(kind_constants, "entry", lambda *given: solved.append(1) or entry(*given))
    shared = SharedBaseYears()
    once = shared.entry
    monkeypatch.setattr(shared, "entry", lambda *given: asked.append(1) or once(*given))
    for rate in (0.01, 0.02):
        simulated(path, ("time.end=2021-03-31", "moving.constants=by site", "terms.core_taste.sd=0.4",
                         f"policies.tax.rate={rate}"), (0, 1), shared)
    assert (len(asked), len(solved)) == (4, 2)


@pytest.mark.parametrize("setting", [
    "moving.rate=0.02", "entry.outside_share=0.4", "choice.dissimilarity=0.6", "terms.localisation.gamma=0.3",
    "run.seed=7", "policies.tax.start=2020-01-01", "choice.outside=false", "moving.cost=2.0", "population.spread=3.0",
    "moving.constants=errors kept",
    "spinoff.share=0.5", "switches.churn=false"])
def test_what_enters_the_base_year_sets_it_apart(path, setting):
    shared = SharedBaseYears()
    simulated(path, ("time.end=2021-03-31",), (0,), shared)
    other = simulated(path, ("time.end=2021-03-31", setting), (0,), shared)
    assert (shared.asked, shared.solved) == (2, 2)
    assert bits(other) == bits(simulated(path, ("time.end=2021-03-31", setting), (0,)))


def test_a_sweep_over_a_later_policy_solves_each_replicate_once_in_a_process(tmp_path):
    text = sweeps.SHORT.replace('key = "policies.tax.start"\nvalues = [2021-01-01, 2021-10-01]',
                                'key = "policies.tax.rate"\nvalues = [5.0, 10.0, 15.0]') \
        .replace('set = ["', 'set = ["policies.tax.start=2021-10-01", "').replace("[5, 15.0, 40]", "[15.0]")
    experiments = sweeps.job(sweeps.write(tmp_path, text), tmp_path / "out").sweep.experiments
    packed, plan = SweepSpec("key of this test", specs_of(experiments)).packed, Plan(experiments)
    for chunk in plan.chunks(plan.new_done(), lambda: 4):
        assert work(packed, chunk).failed == ()
    base_years = bench(opened(packed)).base_years
    assert (base_years.asked, base_years.solved) == (9, 3)


# -- the solver that remembers ------------------------------------------------------------------------

@pytest.fixture(scope="module")
def asked():
    """What a small base year is solved from."""
    nests = worlds.synthetic_region(4, nests=1)
    made = worlds.make(nests, worlds.values({"population": {"candidates": 300}}))
    draw = np.random.default_rng(3)
    current = np.concatenate([draw.integers(0, 4, 300), np.full(200, -1)])
    targets = Targets(np.bincount(current[:300]) / 300, np.full(4, 2.0), np.zeros(4), 30.0, 0.1, 0.3, 0.01, 300.0,
                      300.0, True, None, "uniform", np.bincount(current[:300]) / 300, np.zeros(4))
    return 0, draw.normal(size=(500, 5)), current, targets, made.world.nests


def same(one, other):
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in zip(one, other, strict=True))


def test_threads_that_ask_at_once_wait_for_one_solution(asked):
    shared, found, ready = SharedBaseYears(), [], threading.Barrier(6)

    def ask():
        ready.wait()
        found.append(shared.solve(*asked))
    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (shared.asked, shared.solved, len(found)) == (6, 1, 6)
    assert all(same(each, SharedBaseYears().solve(*asked)) for each in found)


def test_one_bit_of_a_utility_or_a_target_makes_another_base_year(asked):
    m, v, current, targets, nests = asked
    shared, moved = SharedBaseYears(), v.copy()
    moved[-1, 0] = np.nextafter(moved[-1, 0], 9.0)
    for other in (v, moved):
        for aim in (targets, targets._replace(moves=np.nextafter(0.01, 1.0)), targets._replace(cost=1.0)):
            shared.solve(m, other, current, aim, nests)
    assert (shared.asked, shared.solved) == (6, 6)


def test_no_more_are_kept_than_asked_for(asked):
    m, v, current, targets, nests = asked
    shared, other = SharedBaseYears(most=1), targets._replace(cost=1.0)
    for aim in (targets, targets, other, targets):
        assert same(shared.solve(m, v, current, aim, nests), SharedBaseYears().solve(m, v, current, aim, nests))
    assert (shared.asked, shared.solved) == (4, 3)


def test_a_solution_that_fails_is_told_and_tried_again(asked):
    m, v, current, targets, nests = asked
    shared, wrong = SharedBaseYears(), targets._replace(shares=np.ones(3))
    for _ in range(2):
        with pytest.raises(ValueError, match="length"):
            shared.solve(m, v, current, wrong, nests)
    assert (shared.asked, shared.solved) == (2, 2)
