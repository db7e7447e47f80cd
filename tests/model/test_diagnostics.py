"""What a run says of its own feedback, against theory: uniform sites, T06, T13, T20, T21; slopes."""

import numpy as np
import pytest

from sim.experiments.compare import capitalisation
from sim.model.mean_field import entry_feedback, feedback, map_slopes, modes, quarter_map, rents, rivalness
from sim.verification import laboratory
from sim.verification.theorems import fields
from tests.samples import worlds

LOG = {"peers": {"form": "log", "offset": 0.0}}
EVEN = {"population": {"spread": 1e9}}           # so that equal sites have equal numbers
CHURN = {"switches": {"churn": True}, "spinoff": {"share": 0.0}, "growth": {"drift": 0.0, "sd": 0.0, "density": 0.0},
         "exit": {"headquarters_factor": 1.0, "size_elasticity": 0.0, "rent_elasticity": 0.0}}


def quarterly(yearly):
    return 1 - (1 - yearly) ** 0.25


def uniform(sites, gamma, *overrides, nests=None, number=500, industries=1):
    """The Field of a world of equal sites with as many enterprises at each."""
    where = worlds.region(nests or [0] * sites, industries=industries)
    v = worlds.plain(where, np.zeros(sites), worlds.people(number * sites),
                     {"terms": {"localisation": {"gamma": gamma}}}, LOG, EVEN, *overrides)
    made = worlds.make(where, v)
    return quarter_map.build(made.world, made.fixed, made.economy, 0)


def churning(sites, gamma, review, entry, cost, *overrides):
    """As many come as go: yearly exit hazard and entry rate belong to the same quarterly share."""
    hazard = 1 - (1 - entry) ** 4
    return uniform(sites, gamma, CHURN, {"exit": {"hazard_by_age": [hazard]}, "entry": {"rate": 4 * entry},
                   "choice": {"review": review}, "moving": {"cost": cost}}, *overrides)


def moving_eigenvalue(sites, cost):
    """Second eigenvalue of the movers' map between equal sites."""
    return (1 - np.exp(-cost)) / (1 + (sites - 1) * np.exp(-cost))


# -- T20, T21 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stay", "cost", "born"), [(0.0, 1.0, 0.02), (0.7, 2.0, 0.02), (1.0, 2.0, 0.03)])
def test_t20_spin_offs_that_stay_hold_the_shares_and_those_that_choose_are_entrants(stay, cost, born):
    """R_dyn = g [h (1 - p^2) + x] / [h (1 - p) + x], x entrants and choosing spin-offs a quarter and enterprise."""
    come, g = 0.01, 0.6
    hazard = 1 - (1 - come - born) ** 4
    found = feedback.measure(uniform(3, g, CHURN, {
        "exit": {"hazard_by_age": [hazard]}, "entry": {"rate": 4 * come / 0.75}, "moving": {"cost": cost},
        "spinoff": {"share": 0.25, "rate": 4 * born, "stay": stay, "size_exponent": 0.0},
        "population": {"size_sd": 0.0}, "choice": {"review": 0.25}}))
    h, p, x = quarterly(0.25), moving_eigenvalue(3, cost), come + (1 - stay) * born
    assert abs(found.r_dyn - g * (h * (1 - p ** 2) + x) / (h * (1 - p) + x)) < 1e-5
    assert abs(found.r_choice - g) < 1e-5


def test_t20_entry_that_outruns_exit_counts_as_entry():
    """A share of a growing whole: the analytic value with x the entry rate, whatever the exits."""
    found = feedback.measure(uniform(3, 0.6, CHURN, {
        "exit": {"hazard_by_age": [0.01]}, "entry": {"rate": 0.2}, "choice": {"review": 0.25},
        "moving": {"cost": 2.0}}))
    h, p, x = quarterly(0.25), moving_eigenvalue(3, 2.0), 0.05
    assert abs(found.r_dyn - 0.6 * (h * (1 - p ** 2) + x) / (h * (1 - p) + x)) < 1e-5


@pytest.mark.parametrize("industries", [1, 3])
def test_the_outside_option_leaves_the_feedback_among_those_who_come(industries):
    found = feedback.measure(uniform(4, 0.5, {"choice": {"outside": True}}, industries=industries))
    assert abs(found.r_choice - 0.5) < (1e-5 if industries == 1 else 0.02)     # cells round to whole numbers


def test_frozen_peers_and_rents_feed_nothing_back():
    found = feedback.measure(churning(4, 0.7, 0.25, 0.02, 1.0, {"peers": {"counts": "frozen"}}))
    assert found.r_choice == found.r_dyn == 0.0


@pytest.mark.parametrize(("slack", "dissimilarity", "expected"), [
    (1000.0, 1.0, 0.6 - 0.38 / 1.8), (1.0, 1.0, 0.6 - 0.38), (1000.0, 0.7, (0.6 - 0.38 / 1.8) / 0.7)])
def test_r_choice_is_peers_less_rents(slack, dissimilarity, expected):
    """0.39 with slack land, 0.22 at the cap, 0.56 within the zone's nest."""
    found = feedback.measure(uniform(5, 0.35, {
        "terms": {"coagglomeration": {"gamma": 0.15}, "headquarters": {"gamma": 0.10},
                  "rent": {"beta": 0.38}},
        "land": {"rents": "clearing", "elasticity": 0.8, "slack": slack, "modelled_share": 1.0},
        "choice": {"dissimilarity": dissimilarity}, "peers": {"offset": 0.0}}, industries=1))
    without_others = expected - 0.15 / dissimilarity              # one industry has no other industries
    assert abs(found.r_choice - without_others) < 1e-5


@pytest.mark.parametrize(("phi", "slack", "kappa"), [
    (1.0, 1000.0, 0.38 / 1.8), (0.2, 1000.0, 0.2 * 0.38 / 1.8), (1.0, 1.0, 0.38)])
def test_rents_take_back_kappa_over_one_less_g_and_kappa_in_the_long_run(phi, slack, kappa):
    """Equal sites of one nest, the gain at one: kappa (1 - s)/(1 - g + kappa); kappa = b_r phi at the cap."""
    field = uniform(5, 0.35, fields.ALIKE, {
        "terms": {"rent": {"beta": 0.38}}, "peers": {"offset": 0.0}, "choice": {"dissimilarity": 1.0},
        "land": {"rents": "clearing", "elasticity": 0.8, "slack": slack, "modelled_share": phi}})
    where = np.arange(5) == 2
    late = rivalness.response(field, where, 1)[1]
    assert rents.taken_back(field, where, late) == pytest.approx(kappa * 0.8 / (1.0 - 0.35 + kappa), rel=1e-4)


@pytest.mark.parametrize(("share", "elasticity", "expected"), [
    (0.2, 0.8, 0.0955), (1.0, 0.8, 0.3455), (0.2, 0.0, 0.076 / 0.476)])
def test_the_formula_of_capitalisation_has_the_values_of_the_model_description(share, elasticity, expected):
    values = worlds.values({"land": {"modelled_share": share, "elasticity": elasticity}},
                           {"terms": {"coagglomeration": {"gamma": 0.15}, "headquarters": {"gamma": 0.10},
                                      "localisation": {"gamma": 0.35}, "rent": {"beta": 0.38}}})
    assert capitalisation.formula(values) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0], [1.0, 2.0, 7.0], [1.0, 1.0, 20.0]])
def test_r_choice_is_told_at_the_entrants_own_fixed_point_whatever_the_counts_are(weights):
    """Equal sites with unequal stocks: entrants' shares settle at thirds, where the feedback is the exponent g."""
    field = fields.field_of([0.0] * 3, laboratory.localised(0.6, form="log", offset=0.0), weights=weights, number=900)
    assert np.ptp(field.n) > 0.0 or weights[-1] == 1.0
    assert abs(feedback.measure(field).r_choice - 0.6) < 1e-6


@pytest.mark.parametrize(("length", "decay", "least"), [(1.0, 1e-3, 0.5), (0.7, 1e-3, 0.5), (0.5, 20.0, 0.0)])
def test_r_choice_is_at_most_the_sum_of_the_peers_over_the_dissimilarity(length, decay, least):
    """Unequal sites, stocks that are not where entrants would settle, several nests and kinds."""
    where = worlds.region([0, 0, 1, 1, 2], industries=3)
    terms = {"localisation": {"gamma": 0.3}, "coagglomeration": {"gamma": 0.1}, "headquarters": {"gamma": 0.1}}
    v = worlds.plain(where, [0.9, -0.8, 0.0, 0.5, -1.4], worlds.people(900), {"terms": terms}, {
        "peers": {"form": "log", "offset": 1.0, "decay": decay}, "choice": {"dissimilarity": length}})
    made = worlds.make(where, v)
    field = quarter_map.build(made.world, made.fixed, made.economy, 0)
    found = feedback.measure(field).r_choice
    assert least * 0.5 / length < found <= 0.5 / length
    there = entry_feedback.fixed_point(field, field.n)
    assert entry_feedback.chosen_counts(field, there) == pytest.approx(there, abs=1e-5)


# -- slopes -----------------------------------------------------------------------------------------

ANY = {"terms": {"localisation": {"gamma": 0.4}, "coagglomeration": {"gamma": 0.2}, "rent": {"beta": 0.5}},
       "land": {"rents": "clearing"}, "peers": {"decay": 20.0, "offset": 1.0},
       "choice": {"outside": True, "dissimilarity": 0.6, "review": 0.5}, "moving": {"cost": 1.0}}


@pytest.mark.parametrize("form", ["log", "linear", "saturating"])
@pytest.mark.parametrize("churn", [True, False])
def test_slopes_are_those_of_the_map(form, churn):
    where = worlds.region([0, 0, 1, 1, 2], industries=3)
    v = worlds.plain(where, [0.3, -0.2, 0.0, 0.5, -0.4], worlds.people(600), ANY,
                     {"switches": {"churn": churn}, "peers": {"form": form}})
    made = worlds.make(where, v)
    field = quarter_map.build(made.world, made.fixed, made.economy, 0)
    n = field.n * np.exp(0.2 * np.sin(np.arange(15.0))).reshape(3, 5)      # away from where rents are 1
    slopes = map_slopes.slopes(field, n)
    for k in range(3):
        change = 1e-3 * n * np.cos((k + 1) * np.arange(15.0)).reshape(3, 5)
        twin = (quarter_map.advance(field, n + change) - quarter_map.advance(field, n - change)) / 2
        np.testing.assert_allclose(slopes.all(change), twin, atol=2e-6 * np.abs(twin).max())


def test_the_map_expects_what_runs_do_on_average():
    """Mean of 300 runs of a quarter against the map; exits come before reviews in a run, hence 1 %."""
    where = worlds.region([0, 0, 1, 1, 2], industries=2)
    v = worlds.plain(where, [0.3, -0.2, 0.0, 0.5, -0.4], worlds.people(400), worlds.years(2), ANY, CHURN,
                     {"entry": {"rate": 0.4}, "peers": {"offset": 5.0}, "population": {"size_sd": 0.0}})
    made = worlds.make(where, v, members=300)
    field = quarter_map.build(made.world, made.fixed, made.economy, 0)
    seen = worlds.run(made, 1)[0][0].enterprises.sum(axis=3).mean(axis=0).T
    start = worlds.enterprises(made).sum(axis=3).mean(axis=0).T
    error = np.sqrt(start / 300)
    assert (np.abs(seen - quarter_map.advance(field, start)) < 4 * error + 0.01 * start).all()


# -- rivalness (T06) --------------------------------------------------------------------------------

@pytest.mark.parametrize("length", [1.0, 0.6, 0.3])
@pytest.mark.parametrize("where", [[True, False, False, False], [False, True, False, True]])
def test_t06_rivalness_of_one_inside_nest(length, where):
    sites = worlds.region([0] * 4)
    v = worlds.plain(sites, [0.4, 0.0, -0.3, 0.2], worlds.people(40),
                     {"choice": {"outside": True, "dissimilarity": length}})
    made = worlds.make(sites, v)
    field = quarter_map.build(made.world, made.fixed, made.economy, 0)
    stay_out = np.mean(worlds.expected(made, economy=worlds.with_newcomers(made, 0), slots=[0])[:, -1])
    inside = np.log(np.sum(np.exp(np.array([0.4, 0.0, -0.3, 0.2]) / length))) * length
    assert stay_out == pytest.approx(1 / (1 + np.exp(inside)))
    assert rivalness.rivalness(field, np.array(where)) == pytest.approx(1 - length * stay_out, abs=1e-12)


def test_a_lasting_gain_grows_by_the_multiplier_and_comes_back_when_removed():
    field = churning(4, 0.5, 0.25, 0.02, 1.0)
    where = np.array([True, False, False, False])
    direct = rivalness.response(churning(4, 0.0, 0.25, 0.02, 1.0), where, 1)[1]
    soon, late = rivalness.response(field, where, 4000)
    np.testing.assert_allclose(soon, late, rtol=1e-6)
    np.testing.assert_allclose(late, direct * feedback.measure(field).multiplier, rtol=1e-4)
    assert rivalness.displacement(late.sum(axis=0), where) == pytest.approx(1.0)    # there is no outside


# -- eigenvalues ------------------------------------------------------------------------------------

@pytest.mark.parametrize("size", [1, 2, 40, modes.SMALL, modes.SMALL + 1, 150])
def test_leading_eigenvalue_is_that_of_the_library(size):
    matrix = np.random.default_rng(size).standard_normal((size, size))
    found = modes.leading(lambda x: x @ matrix.T, size)
    assert found == pytest.approx(np.linalg.eigvals(matrix).real.max(), abs=1e-9)


@pytest.mark.parametrize("sites", [5, 100])
def test_leading_eigenvalue_of_rents_alone_is_negative(sites):
    matrix = -0.3 * (np.eye(sites) - 1.0 / sites)
    assert modes.leading(lambda x: x @ matrix.T, sites) == pytest.approx(-0.3)


@pytest.mark.parametrize("size", [3, 150])
@pytest.mark.parametrize("nearly_singular", [False, True])
def test_the_solution_of_an_equation_is_that_of_the_library(size, nearly_singular):
    draw = np.random.default_rng(size)
    matrix = draw.standard_normal((size, size)) / size
    matrix += np.eye(size) * (1.0 - 1e-4 - np.linalg.eigvals(matrix).real.max()) if nearly_singular else 0.0
    right = draw.standard_normal(size)
    found = modes.solution(1.0, lambda x: x @ matrix.T, right)
    np.testing.assert_allclose(found, np.linalg.solve(np.eye(size) - matrix, right), rtol=1e-7,
                               atol=1e-9 * np.abs(found).max())


def test_a_map_that_is_not_finite_has_no_leading_eigenvalue():
    assert np.isnan(modes.leading(lambda x: x * np.inf, 3))
