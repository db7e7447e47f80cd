"""Cluster metrics: theorems about each."""

import itertools
import math

import numpy as np
import pytest
import xarray as xr

from sim import metrics
from sim.metrics.counting import in_zone, membership
from tests.oracles.metric_twins import dataset
from tests.samples import results_sample
from tests.samples.measured import RNG, close, metric


@pytest.fixture(scope="module")
def sample():
    return results_sample.build(members=3, quarters=6)


# --- theorems ------------------------------------------------------------------------------------

def test_hhi_of_independent_choice_has_its_known_mean():
    p, n = np.array([0.5, 0.25, 0.15, 0.1]), 12
    thrown = np.random.default_rng(RNG).multinomial(n, p, size=20_000)
    found = metric("hhi", dataset(thrown[:, :, None])).values.ravel()
    expected = (1 - 1 / n) * (p ** 2).sum() + 1 / n
    assert abs(found.mean() - expected) < 4 * found.std() / math.sqrt(found.size)
    assert abs(found.mean() - (p ** 2).sum()) > 20 * found.std() / math.sqrt(found.size)


def test_normalised_hhi_runs_from_zero_to_one():
    even, single = np.full((1, 5, 1), 3), np.eye(5, dtype=int)[None, :, :1]
    close(metric("hhi_normalised", dataset(even)).values, 0)
    close(metric("hhi_normalised", dataset(single)).values, 1)


def darts(shares):
    """Results where industry 0 throws 40 enterprises with the shares of each member, beside a huge
    industry 1 spread exactly as x."""
    x = np.array([0.4, 0.3, 0.2, 0.1])
    thrown = np.random.default_rng(RNG).multinomial(40, shares(x, np.random.default_rng(RNG + 1)))
    rest = np.broadcast_to((x * 10 ** 9).astype(np.int64), thrown.shape)
    found = metric("ellison_glaeser", dataset(np.stack([thrown, rest], axis=2)))
    return found.isel(industry=0).values.ravel()


def test_ellison_glaeser_is_zero_on_average_for_darts():
    found = darts(lambda x, rng: np.broadcast_to(x, (20_000, 4)))
    assert abs(found.mean()) < 4 * found.std() / math.sqrt(found.size)


def test_ellison_glaeser_of_unequal_plants_is_zero_on_average_for_darts_and_of_equal_ones_that_of_counts():
    x, rng = np.array([0.4, 0.3, 0.2, 0.1]), np.random.default_rng(RNG)
    where, names = dataset(np.ones((1, 4, 1), int)), [f"s{k:02d}" for k in range(4)]
    throws = [{"site": rng.choice(names, 20, p=x), "industry": np.zeros(20, int), "size": rng.lognormal(4, 1.5, 20)}
              for _ in range(1500)]
    every = {key: np.concatenate([plants[key] for plants in throws]) for key in ("site", "size")}    # an industry each
    every["industry"] = np.repeat(np.arange(len(throws)), 20)
    found = metric("ellison_glaeser", dataset(np.ones((1, 4, len(throws)), int)), plants=every,
                   reference=dict(zip(names, x))).values
    error = np.std(found) / math.sqrt(len(found))
    assert len(found) == len(throws) and abs(np.mean(found)) < 4 * error
    plants = throws[-1]
    even = metric("ellison_glaeser", where, plants={**plants, "size": np.ones(20)}, reference=dict(zip(names, x)))
    thrown = np.array([(plants["site"] == name).sum() for name in names])[None, :, None]
    close(even.values[0], metric("ellison_glaeser", dataset(thrown), reference=dict(zip(names, x))).values.ravel()[0])


def test_ellison_glaeser_finds_the_concentration_of_dirichlet_shares():
    strength = 0.1
    found = darts(lambda x, rng: rng.dirichlet((1 - strength) / strength * x, 20_000))
    assert abs(found.mean() - strength) < 4 * found.std() / math.sqrt(found.size)


def test_morans_i_of_all_shuffles_has_its_known_mean():
    shuffles = np.array(list(itertools.permutations([1, 2, 5, 9, 30])))
    found = metric("morans_i", dataset(shuffles[:, :, None])).values
    assert found.mean() == pytest.approx(-1 / 4, abs=1e-12)
    assert found.std() > 0.1


def test_morans_i_is_positive_when_neighbours_are_alike():
    lon, lat = [120.0, 120.05, 120.1, 121.5, 121.55, 121.6], [31.0] * 6
    alike, mixed = [[9, 9, 9, 1, 1, 1]], [[9, 1, 9, 1, 9, 1]]
    found = [float(metric("morans_i", dataset(np.array(n)[:, :, None], lon, lat))[0, 0])
             for n in (alike, mixed)]
    assert found[0] > 0.5 > 0 > found[1]


def test_theil_is_the_sum_of_between_and_within(sparse, sample):
    for data in (sparse, sample):
        theil = metric("theil", data)
        parts = theil.sel(part="between") + theil.sel(part="within")
        close(parts.values, theil.sel(part="total").values)
        assert (theil.sel(part=["between", "within"]).fillna(0) > -1e-12).all()


def test_theil_and_entropy_add_up_to_the_logarithm_of_the_sites(sample):
    theil = metric("theil", sample).sel(part="total")
    close((theil + metric("entropy", sample)).values, math.log(29))


def test_weighted_location_quotients_average_to_one(sample):
    e = sample["headquarters"].sum("hq_type")
    weight = e.sum("industry") / e.sum(["site", "industry"])
    close((weight * metric("location_quotient", sample)).sum("site").values, 1)


@pytest.mark.parametrize("name", ["share_by_ring", "share_by_jurisdiction", "share_by_industry"])
def test_shares_add_up_to_one_or_there_is_nobody(name, sparse):
    found = metric(name, sparse)
    someone = sparse["headquarters"].sum(["site", "industry", "hq_type"]) > 0
    close(found.sum(found.dims[-1]).where(someone).values, xr.ones_like(someone).where(someone).values)
    assert found.isnull().all(found.dims[-1]).equals(~someone)


def test_the_zone_is_its_core_and_its_linkage_ring(sample):
    rings = metric("share_by_ring", sample).sel(ring=["core", "linkage"]).sum("ring")
    every = sample["headquarters"].sum(["site", "industry", "hq_type"])
    close((rings * every).values, metric("headquarters_in_zone", sample).values)


def test_enterprises_in_the_zone_are_at_least_the_headquarters(sample):
    enterprises, headquarters = (metric(f"{k}_in_zone", sample) for k in ("enterprises", "headquarters"))
    assert (enterprises >= headquarters).all()
    assert (enterprises > headquarters).any()


def test_an_industry_spread_as_all_are_has_no_locational_inequality():
    counts = np.array([4, 3, 2, 1])[None, :, None] * np.array([5, 1, 2])
    close(metric("gini", dataset(counts)).values, 0)
    close(metric("krugman_specialisation", dataset(counts)).values, 0)
    close(metric("location_quotient", dataset(counts)).values, 1)
    close(metric("coagglomeration", dataset(counts)).where(lambda c: c.notnull(), 0).values, 0)


def test_sites_that_share_no_industry_are_as_specialised_as_can_be():
    many = np.eye(40, dtype=int)[None]
    close(metric("krugman_specialisation", dataset(many)).values, 2 - 2 / 40)


def test_relabelling_sites_relabels_results(sample):
    shuffled = sample.isel(site=np.random.default_rng(RNG).permutation(29))
    for name in ("location_quotient", "krugman_specialisation"):
        xr.testing.assert_allclose(metric(name, shuffled).sortby("site"), metric(name, sample))
    for name in ("hhi", "ellison_glaeser", "gini", "theil", "entropy", "morans_i", "share_by_ring"):
        np.testing.assert_allclose(metric(name, shuffled).values, metric(name, sample).values, rtol=1e-9)


def test_what_is_pushed_out_leaves_the_zone_for_the_radiation_ring(sample):
    found = metric("pushed_out", sample)
    inside = sample["in_zone"].values.astype(bool)
    beyond = ~inside & (sample["ring"].values == "radiation")
    assert found["origin"].values.tolist() == sample["site"].values[inside].tolist()
    assert found["destination"].values.tolist() == sample["site"].values[beyond].tolist()
    flows = sample["flows"].values.sum(axis=2)[..., :-1]
    np.testing.assert_array_equal(found.values, flows[:, :, inside][..., beyond])
    assert found.sum() > 0


# --- edges and declarations ----------------------------------------------------------------------

@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", metrics.registry.names())
def test_every_metric_bears_nobody_and_a_single_site(name, sample):
    nobody = sample
    for variable in ("headquarters", "headquarters_real_criteria", "headquarters_nominal_criteria", "enterprises",
                     "flows"):
        nobody = results_sample.without(nobody, variable)
    empty = metric(name, nobody)
    assert (empty.isnull() | (empty == 0)).all()
    metric(name, results_sample.one_site(sample))


@pytest.mark.parametrize("name", metrics.registry.names())
def test_every_metric_says_what_it_is(name, sample):
    found = metric(name, sample)
    assert found.name == name
    assert found.attrs["units"]
    assert found.attrs["long_name"]
    assert found.attrs["long_name_zh"]
    assert found.dims[:2] == ("member", "quarter")


def test_indices_say_on_how_many_enterprises_they_rest(sample):
    found = metric("ellison_glaeser", sample, of="enterprises")
    n = sample["enterprises"].sum(["site", "hq_type"])
    np.testing.assert_array_equal(found["n"].values, n.values)


def test_every_site_belongs_to_one_group(sample):
    for key in ("ring", "jurisdiction", "nest"):
        assert (membership(sample, key).sum(key) == 1).all()
    assert in_zone(sample).sizes["site"] == int(sample["in_zone"].sum())
