"""Cluster metrics equal their twins in plain loops."""

import itertools
import math

import numpy as np
import pytest

from tests.oracles.metric_twins import (
    dataset,
    naive_coagglomeration,
    naive_ellison_glaeser,
    naive_entropy,
    naive_gini,
    naive_hhi,
    naive_krugman,
    naive_lq,
    naive_plants_glaeser,
    naive_theil,
)
from tests.samples.measured import RNG, close, metric


def cells(data):
    """(position, counts[site][industry] as lists) of every member."""
    values = data["headquarters"].sum("hq_type").values
    return [((m, q), values[m, q].tolist()) for m in range(values.shape[0]) for q in range(values.shape[1])]


# --- twins ---------------------------------------------------------------------------------------

def test_location_quotient_has_a_twin(sparse):
    found = metric("location_quotient", sparse)
    for at, e in cells(sparse):
        close(found.values[at], [[naive_lq(e, j, i) for i in range(4)] for j in range(7)])


def test_concentration_indices_have_twins(sparse):
    twins = {"hhi": naive_hhi, "ellison_glaeser": naive_ellison_glaeser, "gini": naive_gini}
    for name, twin in twins.items():
        found = metric(name, sparse)
        for at, e in cells(sparse):
            close(found.values[at], [twin(e, i) for i in range(4)])


@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_every_convention_of_gini_and_krugman_has_a_twin_and_names_itself(sparse, weighted, own):
    options = {"weighted": weighted, "own": own}
    gini, krugman = (metric(name, sparse, **options) for name in ("gini", "krugman_specialisation"))
    for at, e in cells(sparse):
        close(gini.values[at], [naive_gini(e, i, **options) for i in range(4)])
        close(krugman.values[at], [naive_krugman(e, j, **options) for j in range(7)])
    for found in (gini, krugman):
        assert ("included" in found.attrs["convention"]) == own
        assert ("same weight" in found.attrs["convention"]) != weighted
    assert (metric("gini", sparse).attrs["convention"] == gini.attrs["convention"]) == (weighted and own)


def test_ellison_glaeser_of_plants_against_a_reference_has_a_twin(sparse):
    rng = np.random.default_rng(RNG)
    plants = {"site": rng.choice(sparse["site"].values[:5], 60), "industry": rng.integers(0, 4, 60) % 3,
              "size": rng.lognormal(4, 1.5, 60)}
    area = dict(zip(sparse["site"].values.tolist(), rng.random(7)))
    x = {site: value / sum(area.values()) for site, value in area.items()}
    found = metric("ellison_glaeser", sparse, plants=plants, reference=area)
    rows = list(zip(*plants.values()))
    close(found.values, [naive_plants_glaeser(rows, i, x) for i in range(4)])
    assert found["n"].values.tolist() == [sum(industry == i for _, industry, _ in rows) for i in range(4)]
    assert "plants" in found.attrs["convention"] and "as given" in found.attrs["convention"]


@pytest.mark.parametrize(("options", "said"), [
    ({"plants": {"site": ["s00"], "industry": [0], "size": [0.0]}}, "above 0"),
    ({"plants": {"site": ["nowhere"], "industry": [0], "size": [1.0]}}, "nowhere"),
    ({"plants": {"site": ["s00"], "industry": [9], "size": [1.0]}}, "9"),
    ({"reference": {"s00": 1.0}}, "each of"), ({"reference": {f"s{k:02d}": 0.0 for k in range(7)}}, "above it"),
    ({"reference": {f"s{k:02d}": -1.0 for k in range(7)}}, "none below 0")])
def test_plants_and_references_that_do_not_fit_are_refused(sparse, options, said):
    with pytest.raises(ValueError, match=said):
        metric("ellison_glaeser", sparse, **options)


def test_coagglomeration_has_a_twin_and_is_symmetric(sparse):
    found = metric("coagglomeration", sparse).values
    for at, e in cells(sparse):
        close(found[at], [[naive_coagglomeration(e, i, k) for k in range(4)] for i in range(4)])
    np.testing.assert_array_equal(found, np.swapaxes(found, -1, -2))


def test_krugman_theil_and_entropy_have_twins(sparse):
    krugman, theil, entropy = (metric(k, sparse) for k in ("krugman_specialisation", "theil", "entropy"))
    for at, e in cells(sparse):
        close(krugman.values[at], [naive_krugman(e, j) for j in range(7)])
        close(theil.values[at], naive_theil(e, sparse["ring"].values.tolist()))
        close(entropy.values[at], naive_entropy(e))


def test_morans_i_has_a_twin():
    data = dataset(np.random.default_rng(RNG).poisson(5, (3, 6, 2)))
    radius = 6371.0
    lon, lat = np.radians(data["lon"].values), np.radians(data["lat"].values)
    for m, found in enumerate(metric("morans_i", data).values[:, 0]):
        n = data["headquarters"].values[m, 0].sum((1, 2))
        z, above, weight = n - n.mean(), 0.0, 0.0
        for j, k in itertools.permutations(range(6), 2):
            angle = math.acos(math.sin(lat[j]) * math.sin(lat[k])
                              + math.cos(lat[j]) * math.cos(lat[k]) * math.cos(lon[j] - lon[k]))
            weight += math.exp(-radius * angle / 15)
            above += math.exp(-radius * angle / 15) * z[j] * z[k]
        # the twin's earth is a sphere, ours an ellipsoid: distances differ by up to half a percent
        assert found == pytest.approx(6 / weight * above / (z ** 2).sum(), rel=0.05)
