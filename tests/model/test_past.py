"""Scenarios side by side: each is what it is alone to the last bit, and their common past is simulated once."""

import numpy as np
import pytest

from sim.base.sparse_counts import SparseCounts
from sim.model import assemble, recorder, shared_history
from sim.model import simulate as simulation
from sim.model.ensemble import members_of
from sim.model.simulate import Outcome
from tests.samples.pasts import LENGTH, PARTING


def same(one, other):
    """Whether two Outcomes are the same to the last bit."""
    fields = [(getattr(one, name), getattr(other, name)) for name in Outcome._fields[1:]]
    arrays = [(one.arrays[name], other.arrays[name]) for name in one.arrays | other.arrays]
    return all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in fields + arrays)


@pytest.mark.parametrize("name", PARTING)
def test_worlds_part_when_something_differs(scenarios, region, name):
    worlds = [assemble.build(region, members_of(scenarios[each], [0, 1])) for each in ("base", name)]
    assert shared_history.parting(*worlds) == PARTING[name][1]
    assert shared_history.one_opening(*worlds) == (PARTING[name][1] is not None)


def test_side_by_side_is_alone_to_the_last_bit(scenarios, region):
    replicates = [0, 1, 2]
    ensembles = [members_of(scenario, replicates) for scenario in scenarios.values()]
    found = dict(simulation.simulate_together(region, ensembles))
    assert sorted(found) == list(range(len(ensembles)))
    alone = [simulation.simulate(region, members) for members in ensembles]
    for number, outcome in enumerate(alone):
        assert same(found[number], outcome), list(PARTING)[number]
    assert not same(alone[0], alone[1])                     # or there would be nothing to tell


def test_the_common_past_is_simulated_once(scenarios, region, monkeypatch):
    """Quarters that are simulated: those of the first, and of every other those after its parting."""
    counted, step = [], simulation.step
    monkeypatch.setattr(simulation, "step", lambda *given: counted.append(given[-1]) or step(*given))
    names = [name for name, (_, quarter) in PARTING.items() if quarter is not None]
    list(simulation.simulate_together(region, [members_of(scenarios[name], [0]) for name in names]))
    assert len(counted) == LENGTH + sum(LENGTH - PARTING[name][1] for name in names)


def test_moves_that_are_kept_by_position_are_those_of_the_table(scenarios, region, monkeypatch):
    """Also those of a common past, which one scenario takes over from another."""
    ensembles = [members_of(scenarios[name], [0, 1]) for name in ("base", "late")]
    dense = dict(simulation.simulate_together(region, ensembles))
    monkeypatch.setattr(recorder, "SPARSE_FROM", 4)
    for number, outcome in simulation.simulate_together(region, ensembles):
        for name, table in dense[number].arrays.items():
            assert np.array_equal(np.asarray(outcome.arrays[name]), table, equal_nan=True), name
        assert isinstance(outcome.arrays["flows"], SparseCounts)
