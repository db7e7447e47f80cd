"""Constants of kinds: entrants of an industry and type choose the places where these are at home."""

import numpy as np
import pytest

from sim.kernels.choice.expected import logit
from sim.model import base_year_inputs, kind_constants
from sim.model.base_year import SAMPLE
from sim.region import load as region_files
from tests.model.test_stay_constants import uniform
from tests.samples import worlds


@pytest.fixture(scope="module")
def made():
    return worlds.make(region_files.load("yrd-zone"), worlds.values(), members=2)


def test_a_kind_has_the_share_at_each_site_that_its_mix_says_and_all_kinds_the_same_share_outside(made):
    """The solver's own equations, kind by kind, at utilities that differ among entrants."""
    world, draw = made.world, np.random.default_rng(5)
    given = kind_constants.mixes(world)
    mix = given.reshape(-1, world.sites)
    v, kind = draw.normal(size=(SAMPLE, world.sites + 1)), draw.integers(0, len(mix), SAMPLE)
    v[:, -1] = 0.0
    targets = base_year_inputs.targets_of(0, world, made.fixed, made.economy, made.base.shares[0])
    constants, residual = kind_constants.solve(0, v, kind, given, targets, world.nests)
    assert residual < 1e-10
    level = []
    for k in range(len(mix)):
        shifted = v[kind == k] + np.append(constants[k], 0.0)
        # what is taken out of all kinds alike is one constant a site: put back what meets the kind's share outside
        wanted = targets.entering * mix[k] / (targets.entering @ mix[k])
        wanted = np.maximum(wanted, 0.5 / targets.candidates / (targets.entering @ mix[k]))
        level.append((shifted, wanted / wanted.sum()))
    mean = _common(level, world, targets.outside)
    for shifted, wanted in level:
        chances = shifted + np.append(mean, 0.0)
        logit(chances, world.nests.of_site, world.nests.dissimilarity[0])
        chosen = chances.mean(axis=0)
        np.testing.assert_allclose(chosen[:-1] / chosen[:-1].sum(), wanted, atol=1e-8)
        assert chosen[-1] == pytest.approx(targets.outside, abs=1e-8)


def _common(level, world, outside):
    """(site,) the constants that all kinds share, found on the first kind alone by damped steps (Berry 1994)."""
    shifted, wanted = level[0]
    mean, length = np.zeros(world.sites), world.nests.dissimilarity[0]
    for _ in range(4000):
        chances = shifted + np.append(mean, 0.0)
        logit(chances, world.nests.of_site, length)
        step = np.log((1.0 - outside) * wanted / chances.mean(axis=0)[:-1])
        mean += 0.5 * step
        if np.abs(step).max() < 1e-12:
            break
    return mean


def test_entrants_of_each_kind_go_where_it_is_at_home(made):
    """Not exactly: the sites' own constants, solved last, give the entrants of all kinds together the base shares."""
    world, given = made.world, kind_constants.mixes(made.world)
    mix = given.reshape(-1, world.sites)
    sample = base_year_inputs.potential_entrants(world, made.fixed)
    kind, errors = kind_constants.kind_of(sample, given), []
    for m, chances in enumerate(uniform.entrants(made)):
        for k in np.flatnonzero(np.bincount(kind[m]) >= 20):
            came = chances[kind[m] == k][:, :-1].sum(axis=0)
            wanted = made.base.shares[m] * mix[k]
            errors.append(np.abs(came / came.sum() - wanted / wanted.sum()).max())
    assert len(errors) > 20 and max(errors) < 0.025


def test_the_mean_of_all_kinds_is_that_of_the_sites(made):
    """So that a site's own constant is what it was: the sampled entrants' mean of kinds' constants is 0."""
    world, sample = made.world, base_year_inputs.potential_entrants(made.world, made.fixed)
    beyond = made.fixed.constant - made.base.constant[:, None, :]
    for m in range(2):
        row = (sample.industry[m] * len(world.type_names) + sample.hq_type[m]) * 2
        np.testing.assert_allclose(beyond[m][row].mean(axis=0), 0.0, atol=1e-9)


def test_a_region_that_says_nothing_of_kinds_has_one_constant_a_site():
    made = worlds.make(worlds.synthetic_region(5), worlds.values(worlds.people(300)))
    assert made.fixed.constant.shape[1] == 1 and (made.fixed.constant[:, 0] == made.base.constant).all()
