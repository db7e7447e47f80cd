"""Regressors: those of a table of places are what the simulator's own utility computes, peers, decay and distance."""

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.experiments.estimation import places, regressors, scenario_regressors, spec
from sim.experiments.estimation.events import Events, Stocks

COMMON = """[firms.columns]
firm = "firm"
year = "year"
site = "site"
industry = "industry"
[regressors.own]
kind = "industry peers"
[regressors.all]
kind = "all peers"
[regressors.distance]
kind = "distance"
"""
YEARS = np.arange(2020, 2027)


@pytest.fixture
def asked(tmp_path):
    """A function of further lines that gives the Spec of the embedded region's scenario."""
    def made(lines="", places='scenario = "base.toml"'):
        (tmp_path / "base.toml").write_text("[run]\nreplicates = 1\n", "utf-8")
        (tmp_path / "spec.toml").write_text(f"{COMMON}{lines}\n[places]\n{places}\n", "utf-8")
        return spec.read(tmp_path / "spec.toml")
    return made


def made_up(sites, industries, choosers=30, seed=0):
    rng = np.random.default_rng(seed)
    stock = Stocks(YEARS, rng.integers(0, 9, (len(YEARS), industries + 1, sites)).astype(float))
    stock.counts[:, -1] = 0.0                          # nobody of unknown industry: the simulator knows none
    stock.counts[:, :industries] += 1.0
    events = Events(np.arange(choosers), rng.choice([2022, 2025], choosers), rng.integers(0, industries, choosers),
                    rng.integers(0, sites, choosers), rng.integers(0, sites, choosers))
    return stock, events


def test_peers_and_distance_of_a_table_are_the_addends_of_the_simulators_utility(asked):
    known = asked()
    where = scenario_regressors.places(known)
    industries = ("software", "life_health", "new_energy")
    stock, events = made_up(len(where.ids), len(industries))
    theirs, names = scenario_regressors.table(known, industries)(stock, events)
    ours, same = regressors.table(known, where, stock, events, decay=15.0)
    assert names == same == ("own", "all", "distance")
    away = np.arange(len(where.ids)) != events.origin[:, None]       # the present place is no alternative
    np.testing.assert_allclose(theirs[away], ours[away], atol=2e-6)  # weights there are in 24 bits


def test_terms_of_a_scenario_are_regressors_and_dates_count(asked):
    known = asked('[regressors.station]\nkind = "term"\ncolumn = "station"\n[regressors.access]\nkind = "term"\n'
                  'column = "access.between_cities"\n')
    where = scenario_regressors.places(known)
    stock, events = made_up(len(where.ids), 1)
    x, names = scenario_regressors.table(known, ("software",))(stock, events)
    station = x[:, :, names.index("station")]
    early, late = (station[events.year == year][0] for year in (2022, 2025))
    assert (late >= early).all() and late.sum() > early.sum() and set(np.unique(early)) <= {0.0, 1.0} | set(early)
    assert np.ptp(x[0, :, names.index("access")]) > 0


@pytest.mark.parametrize("lines, sentence", [
    ('[regressors.x]\nkind = "term"\ncolumn = "stations"', "there is no term 'stations'.*did you mean 'station'"),
    ('[regressors.x]\nkind = "term"\ncolumn = "services"', "'services' has several coefficients, or none"),
    ('[regressors.x]\nkind = "column"\ncolumn = "rent"', "terms go with places.scenario, columns with places.file")])
def test_what_is_no_term_is_told(asked, lines, sentence):
    with pytest.raises(InputError, match=sentence):
        scenario_regressors.table(asked(lines), ("software",))(*made_up(29, 1))


def test_an_industry_that_the_region_does_not_have_is_told(asked):
    with pytest.raises(InputError, match="the region has no industry 'softwar'.*did you mean 'software'"):
        scenario_regressors.table(asked(), ("softwar",))


def test_a_series_has_the_value_of_the_latest_year_and_of_the_jurisdiction(tmp_path, asked):
    (tmp_path / "places.csv").write_text("id,lon,lat,jurisdiction\na,120,31,x\nb,121,31,y\nc,122,31,x\n", "utf-8")
    (tmp_path / "tax.csv").write_text("jurisdiction,year,rate\nx,2019,25\ny,2019,20\nx,2024,15\n", "utf-8")
    known = asked('[regressors.tax]\nkind = "series"\nfile = "tax.csv"\ncolumn = "rate"', 'file = "places.csv"')
    where = places.read(known)
    stock, events = made_up(3, 1)
    tax = regressors.table(known, where, stock, events)[0][:, :, -1]
    assert tax[events.year == 2022][0].tolist() == [25, 20, 25] and tax[events.year == 2025][0].tolist() == [15, 20, 15]
    (tmp_path / "tax.csv").write_text("jurisdiction,year,rate\nx,2019,25\ny,2024,20\n", "utf-8")
    with pytest.raises(InputError, match="there is no value for 'y' up to 2022"):
        regressors.table(known, where, stock, events)


def test_a_mover_is_not_its_own_peer():
    km = np.array([[0.0, 10.0], [10.0, 0.0]])
    where = places.of(("a", "b"), np.array([0.0, 0.1]), np.zeros(2), pd.DataFrame(), "")._replace(km=km)
    stock = Stocks(np.array([2020, 2021]), np.array([[[1.0, 0.0], [0.0, 0.0]]] * 2))
    move = Events(np.array([0]), np.array([2021]), np.array([0]), np.array([0]), np.array([1]))
    assert regressors.peers(where, stock, move, 5.0, own=True).tolist() == [[0.0, 0.0]]
