"""What the simulator does with known coefficients is estimated back: its own utility, choices of its own kernel."""

import numpy as np
import pytest

from sim.experiments.estimation import (
    conditional_logit,
    covariance,
    estimates,
    null_worlds,
    peers_bracket,
    sampling,
)
from sim.experiments.estimation.events import Events, Stocks
from sim.model import utility
from sim.runs import progress
from sim.verification import laboratory as lab

TRUE = {"localisation": 0.5, "headquarters": 0.3, "distance": 0.4}
SITES, PEOPLE = 40, 500


def world(members):
    """Worlds in which everybody reviews once: peers as at the start, moving costs by distance alone."""
    weights = np.random.default_rng(3).lognormal(0.0, 1.0, SITES)
    where = lab.region([0] * SITES, industries=3, weights=weights)
    asked = lab.plain(where, np.zeros(SITES), lab.years(1), lab.people(PEOPLE), {
        "terms": {name: {"gamma": TRUE[name]} for name in ("localisation", "headquarters")},
        "peers": {"counts": "frozen", "decay": 15.0}, "moving": {"log_distance": TRUE["distance"]}})
    return lab.make(where, asked, members=members)


def choices_of(made, after, member):
    """Choices of those who move in a member: x by the simulator's utility, its coefficients taken out; km from home."""
    slots = np.flatnonzero(made.economy.state.site[member] >= 0)
    snap = utility.snapshot(made.world, made.fixed, made.economy, 0, np.ones((1, SITES)), member)
    who = utility.choosers(made.economy.state, member, slots, 0)
    place = after.site[member, slots]
    moved = place != who.site
    addends = utility.addends(snap, who)
    x = np.stack([addends[name][:, :-1] / TRUE[name] for name in ("localisation", "headquarters")]
                 + [addends[utility.MOVING][:, :-1] / TRUE["distance"]], axis=-1)[moved]
    away = np.arange(SITES) != who.site[moved][:, None]
    return conditional_logit.choices(x, place[moved], tuple(TRUE), available=away), -x[..., 2]


def covered(members, sampled):
    """(world, coefficient) whether 95 % intervals hold the coefficients that the worlds were made with."""
    made = world(members)
    after = lab.chosen(made, made.economy)[0]
    found = []
    for member in range(members):
        choices, distance = choices_of(made, after, member)
        if sampled:
            near = sampling.nearest(distance, 8)
            choices = sampling.sample(choices, near, (5, 8), np.random.default_rng(member))
        best = conditional_logit.fit(choices)
        error = covariance.errors(covariance.plain(best.hessian))
        found.append(np.abs(best.point - list(TRUE.values())) < 1.96 * error)
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize("sampled", [False, True], ids=["all alternatives", "sampled alternatives"])
def test_intervals_cover_what_the_simulator_was_given(sampled):
    """T32: in 400 worlds a share of 0.95 has a binomial standard error of 0.011."""
    share = covered(400, sampled).mean(axis=0)
    assert (share > 0.95 - 4 * 0.011).all() and (share < 0.95 + 4 * 0.011).all(), share


@pytest.mark.parametrize("sampled", [False, True], ids=["all alternatives", "sampled alternatives"])
def test_coefficients_of_one_world_are_estimated_back(sampled):
    assert covered(6, sampled).mean() > 0.7


def followers(peers, seed=0, places=25, years=12, each=150):
    """(Stocks, Events): places of unlike quality; arrivals choose by it, and by ln(1 + firms) with a coefficient."""
    rng = np.random.default_rng(seed)
    quality, counts = rng.normal(0.0, 1.0, places), np.zeros((years, 2, places))
    counts[0, 0] = rng.multinomial(2000, np.exp(quality) / np.exp(quality).sum())
    place = []
    for year in range(1, years):
        value = (1.0 - peers) * quality + peers * np.log1p(counts[year - 1, 0])
        chosen = (value + rng.gumbel(size=(each, places))).argmax(axis=1)
        gone = rng.multivariate_hypergeometric(counts[year - 1, 0].astype(int), each)
        counts[year, 0] = counts[year - 1, 0] - gone + np.bincount(chosen, minlength=places)
        place.append(chosen)
    number = each * (years - 1)
    year = np.repeat(np.arange(2001, 2000 + years), each)
    return Stocks(np.arange(2000, 2000 + years), counts), Events(
        np.arange(number), year, np.zeros(number, int), np.full(number, -1), np.concatenate(place))


def tabled(stock, events):
    return np.log1p(stock.before(events.year)[:, 0])[..., None]


def bracket_of(peers, worlds=6, each=150):
    stock, events = followers(peers, each=each)
    choices = conditional_logit.choices(tabled(stock, events), events.place, ("peers",))
    ids = tuple(f"place {k}" for k in range(25))
    made = {kind: estimates.of_choices(estimates.with_effects(choices, events.industry, ("all",), ids, kind),
                                       events.place)[0] for kind in ("none", "site")}
    problem = peers_bracket.Problem(stock, events, choices, tabled, np.array([True]), ("all",), ids, tuple(made))
    states = progress.Ended(peers_bracket.bracket(problem, made, worlds, 0))
    assert [*states] == [*range(1, worlds + 1)]
    return {bound.effects: bound for bound in states.value}


def test_without_peers_a_logit_on_stocks_says_about_one_and_the_bracket_tells():
    """T34."""
    found = bracket_of(0.0)
    assert 0.85 < found["none"].value < 1.1 and 0.85 < found["none"].null_mean < 1.1
    assert abs(found["none"].value - found["none"].null_mean) < 0.15
    assert found["site"].value < 0.5                                # with effects: no longer near 1


def test_with_effects_the_jackknife_takes_out_part_of_the_bias():
    found = bracket_of(0.0)
    assert found["site"].null_mean < 0.0
    assert abs(found["site, jackknife"].null_mean) < abs(found["site"].null_mean)


def test_true_peers_are_above_what_worlds_without_them_give_once_places_have_effects():
    with_peers, without = bracket_of(0.8, each=800), bracket_of(0.0, each=800)
    assert with_peers["site"].value > with_peers["site"].null_mean + 2 * with_peers["site"].error
    assert without["site"].value < without["site"].null_mean + 3 * without["site"].error


def test_worlds_without_peers_keep_totals_and_accounts():
    stock, events = followers(0.5)
    made, chosen = null_worlds.world(stock, events, np.zeros((len(events.year), 25)),
                                     np.ones((len(events.year), 25), bool), np.random.default_rng(0))
    np.testing.assert_array_equal(made.counts.sum(axis=2), stock.counts.sum(axis=2))
    assert (made.counts >= 0).all() and (made.counts == np.round(made.counts)).all()
    assert (chosen.place != events.place).any()
