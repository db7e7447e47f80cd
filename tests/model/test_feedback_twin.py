"""Feedback by products of maps equals its naive twin: matrices of difference quotients, eigenvalues by the library."""

import numpy as np
import pytest

from sim.kernels import mean_field as kernels
from sim.kernels import mean_field_maps as maps
from sim.kernels.choice.expected import logit
from sim.kernels.mean_field import peer_values
from sim.model.mean_field import (
    answers,
    entry_feedback,
    feedback,
    held_inverse,
    map_slopes,
    modes,
    quarter_map,
    rivalness,
    utility_slopes,
)
from sim.verification.laboratory import policy
from tests.samples import worlds

STEP = 1e-4
LIVELY = {"terms": {"localisation": {"gamma": 0.4}, "coagglomeration": {"gamma": 0.2}, "rent": {"beta": 0.5}},
          "land": {"rents": "clearing"}, "peers": {"decay": 20.0, "offset": 1.0, "form": "log"},
          "choice": {"dissimilarity": 0.6, "review": 0.5}, "moving": {"cost": 1.0},
          "spinoff": {"share": 0.3, "stay": 0.6, "same_industry": 0.5}}
ALLIED = [policy("alliance", name="club", industries=["industry-0", "industry-2"], share=0.5),
          policy("alliance", name="guild", industries=["industry-0"], share=0.4)]


def field_of(*overrides, policies=(), churn=True, outside=True):
    where = worlds.region([0, 0, 1, 1, 2], industries=3)
    v = worlds.plain(where, [0.3, -0.2, 0.0, 0.5, -0.4], worlds.people(900), LIVELY,
                     {"switches": {"churn": churn}, "choice": {"outside": outside}}, *overrides)
    made = worlds.make(where, v, policies=policies)
    return quarter_map.build(made.world, made.fixed, made.economy, 0)


FIELDS = {"one alliance or none": lambda: field_of(), "alliances": lambda: field_of(policies=ALLIED),
          "errors kept": lambda: field_of({"choice": {"keep_errors": 0.6}}),
          "closed": lambda: field_of(churn=False, outside=False)}


@pytest.fixture(params=FIELDS)
def field(request):
    return FIELDS[request.param]()


@pytest.fixture(params=["written out", "searched"])
def way(request, monkeypatch):
    if request.param == "searched":
        monkeypatch.setattr(modes, "SMALL", 0)


def jacobian(function, n):
    """(cell, cell) central difference quotients of a function of counts (kind, site)."""
    columns = []
    for cell in range(n.size):
        step = np.zeros(n.size)
        step[cell] = STEP * max(n.ravel()[cell], 1.0)
        step = step.reshape(n.shape)
        columns.append((function(n + step) - function(n - step)).ravel() / (2.0 * step.sum()))
    return np.array(columns).T


def moved(field):
    """Counts off the fixed point and off where rents are 1, nobody's cell empty."""
    return (field.n + 1.0) * np.exp(0.2 * np.sin(np.arange(float(field.n.size)))).reshape(field.n.shape)


def on_changes(field, matrix):
    """A matrix on the changes that there can be: where kinds keep their numbers, those that sum to 0.

    Slopes have it that whoever is of a kind that nobody was of is gone in a quarter; the map leaves him where he is.
    """
    if not field.closed:
        return matrix - np.diag(np.repeat(field.sample.empty.astype(float), field.n.shape[1]))
    kinds, sites = field.n.shape
    cut = matrix.reshape(kinds, sites, kinds, sites)[:, :-1]
    return (cut[:, :, :, :-1] - cut[:, :, :, -1:]).reshape(kinds * (sites - 1), -1)


def test_r_dyn_is_that_of_the_matrices_of_difference_quotients(field, way):
    """What choosers see is held for A0; G is the rest of the whole map's slopes."""
    n = moved(field)
    seen, slopes = quarter_map.seen_at(field, n), map_slopes.slopes(field, n)
    held = on_changes(field, jacobian(lambda at: quarter_map.advance(field, at, seen), n))
    full = on_changes(field, jacobian(lambda at: quarter_map.advance(field, at), n))
    factor = feedback.growth(field, n)
    twin = np.linalg.eigvals(np.linalg.solve(factor * np.eye(len(held)) - held, full - held)).real.max()
    assert feedback.r_dyn(field, slopes, n, factor) == pytest.approx(twin, abs=1e-5)
    assert twin > 0.1


def test_the_inverse_of_what_is_held_undoes_it(field):
    n = moved(field)
    slopes, change = map_slopes.slopes(field, n), np.cos(np.arange(float(n.size))).reshape(n.shape)
    if field.closed:
        change -= change.mean(axis=1, keepdims=True)
    found = held_inverse.build(field, slopes, 1.1).times(change)
    np.testing.assert_allclose(1.1 * found - slopes.held(found), change, atol=1e-12)


def test_r_choice_is_that_of_the_matrix_of_difference_quotients(field, way):
    """At the entrants' fixed point; of those who come there are as many as at it."""
    there = entry_feedback.fixed_point(field, field.n)
    come = quarter_map.entrants_by_kind(field, there).sum(axis=1, keepdims=True)
    scale = there.sum(axis=1, keepdims=True) / np.where(come > 0.0, come, np.inf)
    twin = np.linalg.eigvals(jacobian(lambda at: scale * quarter_map.entrants_by_kind(field, at), there)).real.max()
    assert entry_feedback.r_choice(field, field.n) == pytest.approx(twin, abs=1e-5)


def test_the_slowest_mode_is_that_of_the_whole_matrix(field, way):
    """[[J + B V, -B], [(1 - f) V, f]] on changes of shares and what has been answered."""
    n = moved(field)
    slopes, factor, (kinds, sites) = map_slopes.slopes(field, n), feedback.growth(field, n), n.shape
    full = modes.matrix_of(modes.flat(slopes.all, n.shape), n.size)
    value = modes.matrix_of(modes.flat(slopes.utility.times, n.shape), n.size)
    found = answers.build(field, n, factor, slopes.seen)
    brought = np.zeros((kinds, sites, kinds, sites))
    for kind, k, j in np.ndindex(kinds, sites, sites):
        both = 0.5 * (found.verge[kind, k, j] + found.verge[kind, j, k])
        brought[kind, k, kind, k] += both
        brought[kind, k, kind, j] -= both
    brought[np.arange(kinds)[:, None], np.arange(sites), np.arange(kinds)[:, None], np.arange(sites)] += \
        0.5 * found.verge[:, :, -1]
    brought = brought.reshape(n.size, n.size)
    share = (n / n.sum(axis=1, keepdims=True)).ravel()
    of_kind = np.kron(np.eye(kinds), np.ones((sites, sites)))
    beyond = np.eye(n.size) - share[:, None] * of_kind
    still = np.kron(np.eye(kinds), np.eye(sites) - np.eye(sites)[-1][:, None] * np.ones(sites))   # they sum to 0
    upper = beyond @ np.hstack([(full + brought @ value) @ still, -brought]) / factor
    lower = np.hstack([(1.0 - found.waiting) * value @ still, found.waiting * np.eye(n.size)])
    whole = np.linalg.eigvals(np.vstack([upper, lower]) if field.kept else beyond @ full @ still / factor)
    assert modes.leading(*answers.shares_map(field, slopes, n, factor)) == pytest.approx(whole.real.max(), abs=1e-10)


@pytest.mark.parametrize("form", ["log", "linear", "saturating"])
def test_slopes_of_utility_are_those_of_the_production_code(form):
    field = field_of({"peers": {"form": form}, "land": {"rents": "frozen"}}, policies=ALLIED)
    n = moved(field)
    twin = jacobian(lambda at: peer_values(at + field.fixed_peers, field.peers), n)
    found = modes.matrix_of(modes.flat(utility_slopes.build(field, n).times, n.shape), n.size)
    np.testing.assert_allclose(found, twin, atol=1e-7 * np.abs(twin).max())


def test_the_slope_of_a_table_is_what_a_whole_enterprise_makes():
    """From half an enterprise below to half above, the payoff of whole numbers; none beyond the table's end."""
    payoff = [[0.0, 1.0, 3.0, 6.0]] * 5
    field = field_of({"peers": {"form": "table", "decay": 1e-3, "payoff": payoff}, "land": {"rents": "frozen"},
                      "terms": {"coagglomeration": {"gamma": 0.0}, "localisation": {"gamma": 0.5}}})
    n = np.array([[0.0, 1.0, 2.0, 3.0, 9.0]] * 3)
    own = utility_slopes.build(field._replace(fixed_peers=np.zeros_like(n)), n).own
    np.testing.assert_allclose(own[0, 0], 0.5 * np.array([1.0, 2.0, 3.0, 0.0, 0.0]))


def test_nobody_is_a_constant_for_the_logarithm():
    field = field_of({"peers": {"offset": 0.0, "decay": 1e-3}, "land": {"rents": "frozen"}})
    empty = np.where(np.arange(5) == 2, 0.0, field.n)
    slopes = utility_slopes.build(field._replace(fixed_peers=np.zeros_like(empty)), empty)
    assert np.isfinite(slopes.own).all() and (slopes.own[:, :, 2] == 0.0).all()


def test_rivalness_is_that_of_the_chances_of_entrants(field):
    slopes, where = map_slopes.slopes(field, field.n), np.arange(5) == 1
    share, slope = rivalness.entry(field, slopes)
    np.testing.assert_allclose(share, quarter_map.entrants_by_kind(field, field.n).sum(axis=0), rtol=1e-12)
    gain = np.zeros(6)
    gain[:5] = STEP * where
    p = []
    for sign in (1.0, -1.0):
        v = field.sample.entrants.v + sign * gain
        v[:, :-1] += quarter_map.utility(field, field.n, slopes.seen.log_rent)[field.sample.entrants.group]
        logit(v, field.of_site, field.length)
        p.append((field.sample.entrants.share[:, None] * v).sum(axis=0)[:-1])
    np.testing.assert_allclose(slope @ where, (p[0] - p[1]) / (2 * STEP), atol=1e-7)


def test_empty_cells_start_from_what_entrants_choose_and_kinds_keep_their_numbers(monkeypatch):
    field = field_of()
    n = field.n * (np.arange(5) != 3)
    taken, newton = [], entry_feedback._newton
    monkeypatch.setattr(entry_feedback, "_newton", lambda *given: taken.append(1) or newton(*given))
    found = entry_feedback.fixed_point(field, n)
    np.testing.assert_allclose(found.sum(axis=1), n.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found, entry_feedback.fixed_point(field._replace(), found), rtol=1e-9)
    assert len(taken) <= 5


@pytest.mark.parametrize("shares", [True, False])
def test_products_of_maps_are_those_of_plain_sums(shares):
    """Of one change and of three at once; the group of a kind is not its number."""
    draw = np.random.default_rng(11)
    slopes, w, own, change = (draw.standard_normal(shape) for shape in ((4, 5, 5), (5, 5), (4, 4, 5), (3, 4, 5)))
    whole = draw.standard_normal((4, 4, 5)) if shares else np.empty((0, 0, 0))
    rate, arrival, rent, slope, others = draw.random((4, 5)), draw.random((4, 5)), own[0], own[1, 0], draw.random(4)
    group = np.array([1, 0, 1, 1])
    near, parents = change @ w, rate * change
    rise = (rent * change).sum(axis=1)
    value = sum(own[:, t] * near[:, t, None] for t in range(4)) + (slope * rise)[:, None]
    if shares:
        value += sum(whole[:, t] * near[:, t].sum(axis=1)[:, None, None] for t in range(4))
    born = 0.3 * parents + others[:, None] * np.stack([parents[:, group == g].sum(axis=1) for g in group], axis=1)
    born = 0.6 * born + 0.4 * born.sum(axis=2, keepdims=True) * arrival
    for some in (change, change[1]):
        pick = slice(None) if some.ndim > 2 else 1
        twins = np.stack([x @ slopes[s] for s, x in enumerate(change.swapaxes(0, 1))], axis=1), born, value, rise
        found = (maps.each_kind(slopes, some), maps.born(rate, group, 0.3, others, 0.6, arrival, some),
                 *maps.utility(w, own, whole, rent, slope, some))
        for each, twin in zip(found, twins, strict=True):
            np.testing.assert_allclose(each, twin[pick], atol=1e-13)


def test_answers_are_those_of_plain_loops():
    draw = np.random.default_rng(3)
    verge, gain = draw.random((2, 4, 5)), draw.standard_normal((2, 4))
    twin = np.zeros((2, 5))
    for kind, k, j in np.ndindex(2, 4, 5):
        went = verge[kind, k, j] * max((gain[kind, j] if j < 4 else 0.0) - gain[kind, k], 0.0)
        twin[kind, j] += went
        twin[kind, k] -= went
    np.testing.assert_allclose(kernels.answers(verge, gain), twin[:, :-1], atol=1e-14)


def test_steepness_is_the_sum_of_the_slopes_of_nested_logits():
    draw = np.random.default_rng(5)
    of_site, length = np.array([0, 0, 1, 1, 2, 3]), np.array([0.5, 0.8, 1.0, 1.0])
    v, group, weight = draw.standard_normal((7, 6)), np.arange(7) % 2, draw.random(7)
    twin = np.zeros((2, 5, 5))
    for k in range(5):
        for sign in (1.0, -1.0):
            p = v.copy()
            p[:, k] += sign * STEP
            logit(p, of_site, length)
            for i in range(7):
                twin[group[i], :, k] += sign * weight[i] * p[i, :-1] / (2 * STEP)
    logit(v, of_site, length)
    found = kernels.steepness(v, group, weight, 2, of_site, length)
    np.testing.assert_allclose(found, twin, atol=1e-8)
    np.testing.assert_allclose(found, found.transpose(0, 2, 1), atol=1e-15)


def test_children_have_the_alliances_of_their_parents_and_their_own_industry_with_chance_q():
    births = field_of(policies=ALLIED).births
    kinds = len(births.others)
    found = births.inherited(np.eye(kinds)[:, :, None])[:, :, 0].T
    group = births.allied.argmax(axis=0)
    twin = np.array([[births.same * (t == s) + births.others[t] * (group[t] == group[s]) for s in range(kinds)]
                     for t in range(kinds)])
    np.testing.assert_allclose(found, twin, atol=1e-15)
    np.testing.assert_allclose(found.sum(axis=0), 1.0)
