"""The search for equilibria against the known ones of linear peers (T16, T19) and of log peers (T12)."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.base.errors import InputError
from sim.base.messages import translate
from sim.cli import equilibria as command
from sim.cli import group
from sim.experiments.equilibria import folder, symmetry
from sim.experiments.equilibria import search as search_module
from sim.experiments.equilibria.search import over, search
from sim.model.mean_field import quarter_map
from sim.region import synthetic
from sim.scenario import load as scenario_files
from tests.samples import worlds

LINEAR = {"peers": {"form": "linear"}}


def field(sites, strength, *overrides, utility=None):
    where = worlds.region([0] * sites)
    v = worlds.plain(where, utility or np.zeros(sites), worlds.people(10 * sites), LINEAR,
                     {"terms": {"localisation": {"gamma": strength}}}, *overrides)
    made = worlds.make(where, v)
    return quarter_map.build(made.world, made.fixed, made.economy, 0)


def shares(found):
    return np.array([e.shares for e in found.equilibria])


# -- T19: more sites --------------------------------------------------------------------------------


@pytest.mark.parametrize(("sites", "threshold"), [(3, 2.745644), pytest.param(5, 3.564502, marks=pytest.mark.slow)])
def test_t19_leaders_exist_from_the_published_strength(sites, threshold):
    below, above = (search(field(sites, threshold + step), random=3) for step in (-1e-4, 1e-4))
    assert len(below.equilibria) == 1
    led = [e for e in above.equilibria if e.stable and np.ptp(e.shares) > 0.1]
    assert len(led) == sites and {int(np.argmax(e.shares)) for e in led} == set(range(sites))


def known(sites, strength):
    """Number of fixed points of x_k ~ exp(b x_k): any k sites share the larger of two values.

    For k of them: ln(x/y) = b (x - y), k x + (K - k) y = 1, besides the uniform one.
    """
    number = 1
    for k in range(1, sites):
        f = lambda x, k=k: np.log(x * (sites - k) / (1 - k * x)) - strength * (x - (1 - k * x) / (sites - k))  # noqa: E731
        grid = np.linspace(1 / sites + 1e-7, 1 / k - 1e-12, 200001)
        values = f(grid)
        ways = np.sum(values[1:] * values[:-1] < 0)
        number += ways * round(np.prod([(sites - i) / (i + 1) for i in range(k)]))
    return number


@pytest.mark.parametrize(("sites", "strength"), [(2, 1.5), (2, 3.0), (3, 2.85), (3, 3.5), (4, 3.4), (5, 3.8),
                                                 pytest.param(4, 5.0, marks=pytest.mark.slow)])
def test_the_search_finds_every_equilibrium_and_says_how_many(sites, strength):
    found = search(field(sites, strength), random=6)
    assert len(found.equilibria) == known(sites, strength)
    assert sum(e.starts for e in found.equilibria) + found.lost == found.searches


@pytest.mark.parametrize("strength", [6.0, pytest.param(7.5, marks=pytest.mark.slow)])
def test_ten_equal_sites_have_ten_unstable_leaders(strength):
    """From the published threshold on there are two leaders at each site: one to stay, and one on the border."""
    found = search(field(10, strength), random=3)
    assert len(found.equilibria) + found.alike == known(10, strength) and found.missing == 0
    leaders = {(int(np.argmax(e.shares)), e.stable) for e in found.equilibria if np.sum(e.shares > 0.1 + 1e-6) == 1}
    assert leaders == {(site, stable) for site in range(10) for stable in (False, True)}


def test_what_a_search_misses_is_told_at_least(monkeypatch):
    """Without exchanges the indices of those found do not sum to 1."""
    monkeypatch.setattr(search_module.symmetry, "classes", lambda field, seed: [[k] for k in range(10)])
    monkeypatch.setattr(search_module, "starts", lambda field, random, seed: iter([leading(field, 0)]))
    found = search(field(10, 6.0), random=0)
    assert [e.stable for e in found.equilibria] == [True] * len(found.equilibria)
    assert found.missing == len(found.equilibria) - 1


def leading(made, site, share=0.95):
    """Counts that a site leads."""
    others = (1 - share) / (made.n.shape[1] - 1)
    return made.n.sum() * np.where(np.arange(made.n.shape[1]) == site, share, others)[None]


@pytest.mark.parametrize(("utility", "groups"), [
    ([0.0, 0.0, 0.0, 0.0], [[0, 1, 2, 3]]), ([0.3, 0.0, 0.3, 0.0], [[0, 2], [1, 3]]),
    ([0.1, 0.2, 0.3, 0.4], [[0], [1], [2], [3]])])
def test_sites_are_alike_where_nothing_tells_them_apart(utility, groups):
    assert symmetry.classes(field(4, 2.0, utility=utility)) == groups


def test_arrangements_of_an_equilibrium_are_all_that_there_are_and_each_once():
    n = np.array([[5.0, 1.0, 1.0, 5.0, 2.0], [3.0, 1.0, 1.0, 3.0, 9.0]])
    groups = [[0, 1, 2, 3], [4]]
    found = {tuple(each.ravel()) for each in symmetry.alike(n, groups, 100)}
    assert len(found) == symmetry.number(n, groups) == 6
    assert all(sorted(map(tuple, np.array(each).reshape(2, 5).T)) == sorted(map(tuple, n.T)) for each in found)
    assert len(list(symmetry.alike(n, groups, 4))) == 4


def test_every_equilibrium_is_a_fixed_point_and_stable_where_an_impulse_dies():
    made = field(3, 2.85)
    for e in search(made, random=3).equilibria:
        np.testing.assert_allclose(quarter_map.advance(made, e.n), e.n, atol=1e-8)
        n = e.n * (1 + 1e-4 * np.array([[1, -1, 0.5]]))
        n *= e.n.sum() / n.sum()
        first = np.abs(n - e.n).max()
        for _ in range(200):
            n = quarter_map.advance(made, n)
        assert (np.abs(n - e.n).max() < first) == e.stable


# -- with churn, log peers --------------------------------------------------------------------------

def test_log_peers_below_one_have_a_single_equilibrium_whatever_the_churn():
    made = field(3, 0.5, {"peers": {"form": "log", "offset": 0.0}, "choice": {"outside": True, "review": 0.3},
                          "switches": {"churn": True}}, utility=[1.4, 1.0, 0.7])
    found = [e for e in search(made, random=6).equilibria if e.shares.min() > 1e-6]
    assert len(found) == 1 and found[0].stable and found[0].r_dyn < 1


@pytest.mark.parametrize("text", ["", "a.b", "a.b 1:2", "a.b 1:2:x", "1:2:3"])
def test_a_span_that_is_none_is_refused_in_a_line(text):
    with pytest.raises(InputError, match="KEY LOW:HIGH:NUMBER"):
        over(text)


# -- the command ------------------------------------------------------------------------------------

def asked(folder, *more):
    """`sim equilibria` on a small made-up region with linear peers."""
    synthetic.write(synthetic.synthetic_region(sites=3, industries=1, seed=1), folder / "three")
    (folder / "linear.toml").write_text(
        'region = "three"\ntime.end = 2022-12-31\npopulation.candidates = 200\npeers.form = "linear"\n',
        encoding="utf-8")
    return CliRunner().invoke(group, ["equilibria", str(folder / "linear.toml"), "--starts", "2", "--out",
                                      str(folder / "out"), "--json", *more], catch_exceptions=False)


def test_the_command_writes_a_table_and_the_diagram_in_both_languages(tmp_path):
    done = asked(tmp_path, "--over", "terms.localisation.gamma 0:2:2", "--lang", "both")
    rows, out = json.loads(done.output), tmp_path / "out"
    assert {row["terms.localisation.gamma"] for row in rows} == {0.0, 2.0}
    assert len(pd.read_csv(out / "equilibria.csv")) == len(rows)
    for lang in ("en", "zh"):
        assert (out / f"bifurcation.{lang}.svg").stat().st_size > 10000
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["equilibria"]


def test_the_command_says_what_is_wrong_in_a_line(tmp_path):
    done = asked(tmp_path, "--over", "terms.localisation.gama 0:2:2")
    assert done.exit_code == 2 and done.stderr.startswith("error: --over: ")
    assert "gama" in done.stderr and "gamma" in done.stderr


def test_the_diagram_says_in_each_language_what_is_varied_and_of_which_scenario(tmp_path):
    (tmp_path / "base.toml").write_text('title = "Quiet years"\ntitle_zh = "平静年代"\n'
                                       "terms.localisation.gamma = 0.5\n", "utf-8")
    said = folder._said_of("terms.localisation.gamma", scenario_files.load(str(tmp_path / "base.toml")))
    assert (said["title"], said["title_zh"], said["scenario"], said["own"]) == ("Quiet years", "平静年代", "base", 0.5)
    assert "peers" in said["axis_en"] and said["axis_zh"] and not said["axis_zh"].isascii()


def test_the_command_says_what_it_leaves_out():
    made = field(2, 1.5)
    found = search(made, random=1)
    many = found._replace(equilibria=found.equilibria * 20, alike=7, missing=3.0)
    short, long = ([translate(line, "en") for line in command._told(None, None, made, each)] for each in (found, many))
    assert len(short) == len(found.equilibria) + 2
    name = made.world.region.sites["name_zh"].iloc[int(found.equilibria[0].shares.argmax())]
    first = list(command._told(None, None, made, found))[1]
    assert not name.isascii() and f"领先地点 {name} " in translate(first, "zh")
    more = len(many.equilibria) - command.MOST_LINES
    assert [f"and {more} more in", "and 7 more with", "at least 3"] == [
        text for text in (f"and {more} more in", "and 7 more with", "at least 3") if text in "".join(long)]


def test_how_many_are_missing_is_not_known_where_a_site_is_all_but_empty():
    assert np.isnan(search(field(2, 0.0, utility=[0.0, -60.0]), random=1).missing)
