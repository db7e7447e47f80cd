"""Reviews that keep their errors: the linear response beside simulated ones, and the limits in which it is known."""

import copy

import numpy as np
import pytest

from sim.model.mean_field import feedback, quarter_map, rivalness
from sim.model.step import step
from tests.samples import worlds

YEAR = 4                                         # quarters
EXITS = 0.04                                     # a year; as many enter
BALANCED = {"switches": {"churn": True}, "spinoff": {"share": 0.0}, "growth": {"drift": 0.0, "sd": 0.0, "density": 0.0},
            "exit": {"headquarters_factor": 1.0, "size_elasticity": 0.0, "rent_elasticity": 0.0,
                     "hazard_by_age": [EXITS]},
            "entry": {"rate": 4 * (1 - (1 - EXITS) ** 0.25)}, "population": {"size_sd": 0.0, "spread": 1e9}}
WHERE = np.arange(4) == 0


def balanced(keep, cost, *overrides, number=2000, members=1, quarters=8):
    """Four equal sites where as many come as close, moves cost `cost`, and reviews keep errors with a chance `keep`."""
    v = worlds.plain(worlds.region([0] * 4), np.zeros(4), worlds.people(number), worlds.years(quarters), BALANCED,
                     {"choice": {"review": 0.25, "keep_errors": keep}, "moving": {"cost": cost}}, *overrides)
    return worlds.make(worlds.region([0] * 4), v, members=members)


def field_of(made):
    return quarter_map.build(made.world, made.fixed, made.economy, 0)


def linear(made, quarters):
    """Enterprises at the first site per unit of a lasting gain of it, after so many quarters."""
    return rivalness.response(field_of(made), WHERE, quarters)[0][:, WHERE].sum()


def simulated(made, gain, quarters, since=0):
    """(member,) the same in paired runs of which one has the gain from quarter `since` on."""
    there, here = (copy.deepcopy(made.economy) for _ in range(2))
    better = made.fixed._replace(constant=made.fixed.constant + gain * WHERE)
    for quarter in range(since + quarters):
        there = step(made.world, made.fixed, there, quarter)[0]
        here = step(made.world, better if quarter >= since else made.fixed, here, quarter)[0]
    return ((here.state.site == 0).sum(axis=1) - (there.state.site == 0).sum(axis=1)) / gain


LIVE = {"terms": {"localisation": {"gamma": 0.5}}, "peers": {"form": "log", "offset": 1.0}}


@pytest.mark.parametrize("keep", [pytest.param(0.0, marks=pytest.mark.slow), pytest.param(0.5, marks=pytest.mark.slow),
                                  0.75])
def test_the_linear_response_is_the_simulated_one(keep):
    """Two years after a gain of 0.2 with moves that cost 2: within a tenth and four standard errors."""
    made = balanced(keep, 2.0, number=20_000, members=6, quarters=9)
    found, expected = simulated(made, 0.2, 2 * YEAR), linear(made, 2 * YEAR)
    assert abs(found.mean() - expected) < 4 * found.std(ddof=1) / 6 ** 0.5 + 0.05 * expected
    assert 4 * found.std(ddof=1) / 6 ** 0.5 < 0.2 * expected


@pytest.mark.slow
@pytest.mark.parametrize("keep", [0.0, 0.5, 0.75])
def test_the_linear_response_is_the_simulated_one_over_twenty_years_with_live_peers(keep):
    made = balanced(keep, 2.0, LIVE, number=40_000, members=4, quarters=81)
    for years in (5, 20):
        found, expected = simulated(made, 0.1, years * YEAR), linear(made, years * YEAR)
        assert abs(found.mean() - expected) < 4 * found.std(ddof=1) / 2 + 0.05 * expected


@pytest.mark.slow
def test_the_first_years_of_a_run_answer_as_any_later_ones_do():
    """Errors of the opening stock are those of one that has chosen for long: a gain after 30 years does the same."""
    made = balanced(0.75, 2.0, number=40_000, members=6, quarters=130)
    first, later = (simulated(made, 0.2, YEAR, since) for since in (0, 30 * YEAR))
    error = np.hypot(first.std(ddof=1), later.std(ddof=1)) / 6 ** 0.5
    assert abs(first.mean() - later.mean()) < 4 * error and 4 * error < 0.3 * later.mean()


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.99])
def test_where_moves_are_free_it_does_not_matter_who_keeps_the_errors(keep):
    """After a review everybody has the best place, whatever the errors: x = N dP/dV (1 - (1 - d - h)^q)."""
    made = balanced(keep, 0.0)
    review, exits, slope = 1 - 0.75 ** 0.25, 1 - (1 - EXITS) ** 0.25, 2000 * 0.25 * 0.75
    for quarters in (1, 8, 80):
        settled = 1 - (1 - review - exits) ** quarters
        assert linear(made, quarters) == pytest.approx(slope * settled, rel=2e-3)


def test_as_keep_goes_to_one_those_who_enter_alone_respond():
    """With moves that cost: errors are never renewed, and whoever came by them stands too well to answer."""
    limit, exits, slope = balanced(1 - 1e-9, 2.0), 1 - (1 - EXITS) ** 0.25, 2000 * 0.25 * 0.75
    assert linear(limit, 8) == pytest.approx(slope * (1 - (1 - exits) ** 8), rel=2e-3)


def test_answers_once_leave_the_long_run_as_it_is_and_bring_it_nearer():
    """R_dyn and the long run are those of renewals and demography alone; the half-life is shorter."""
    made = balanced(0.75, 2.0, LIVE)
    field = field_of(made)
    silent = field._replace(kept=0.0)
    here, there = feedback.measure(field), feedback.measure(silent)
    assert (here.r_choice, here.r_dyn) == (there.r_choice, there.r_dyn)
    assert 0.8 * there.half_life < here.half_life < there.half_life
    answered, unanswered = (rivalness.response(each, WHERE, 20)[0][0, 0] for each in (field, silent))
    assert answered > 1.1 * unanswered
    long_run = rivalness.response(silent, WHERE, 1)[1]
    assert rivalness.response(field, WHERE, 20_000)[0] == pytest.approx(long_run, rel=1e-3)
