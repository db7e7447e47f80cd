"""Choices of movers and arrivals: probabilities, rivals that know the past alone, and scores."""

import datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.base import package_data
from sim.base.errors import InputError
from sim.experiments.backtest import choice_events, choices, draws
from sim.experiments.backtest.choice_events import Choices
from sim.experiments.backtest.choice_rivals import NEAR_KM, RIVALS, Known, gravity
from sim.experiments.backtest.runs import Records
from tests.samples.runs import ROOT

HEAD = b"year,from,to,industry,kind,count\n"


def known(past, sites=6, seed=3):
    draw = np.random.default_rng(seed)
    place = draw.random((sites, 2)) * 2000
    km = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    return Known(past, draw.integers(5, 200, (sites, 3)).astype(float), km, 2010)


def events(origin, to, year=2010, industry=0):
    n = len(to)
    return Choices(np.full(n, year), np.asarray(origin), np.asarray(to), np.full(n, industry), np.zeros(n, bool),
                   np.ones(n))


def some(moves, seed=5):
    draw = np.random.default_rng(seed)
    origin = draw.integers(0, 6, 400)
    to = (origin + draw.integers(1, 6, 400)) % 6
    return events(origin if moves else np.full(400, -1), to)


@pytest.mark.parametrize("moves", [True, False])
@pytest.mark.parametrize("name", sorted(RIVALS))
def test_a_rival_gives_every_event_probabilities_and_none_to_the_place_that_is_left(name, moves):
    past = some(moves)
    law = RIVALS[name](known(past), past)
    np.testing.assert_allclose(law.sum(axis=1), 1.0)
    if moves:
        assert (law[np.arange(400), past.origin] == 0.0).all()


def test_gravity_finds_the_coefficients_that_made_the_choices():
    draw, base = np.random.default_rng(8), known(some(True))
    v = 0.7 * np.log(base.stock.sum(axis=1))[None, :] - 0.9 * np.log(base.km + NEAR_KM)
    np.fill_diagonal(v, -np.inf)
    p = np.exp(v) / np.exp(v).sum(axis=1, keepdims=True)
    origin = draw.integers(0, 6, 20000)
    to = np.array([draw.choice(6, p=p[o]) for o in origin])
    law = gravity(base._replace(past=events(origin, to)), events(np.arange(6), np.zeros(6, int)))
    np.testing.assert_allclose(law, p, atol=0.03)


def test_no_law_of_choices_sees_what_comes_after_its_origin(metros):
    text = HEAD + b"2008,boston,houston,energy,move,3\n2009,,boston,life,arrival,9\n"
    later = b"2012,,houston,,arrival,99\n2013,boston,denver,,move,50\n"
    one, two = (choices.laws(_plan(metros), choice_events.of_bytes(data, "c", metros)[0], _records(metros))
                for data in (text, text + later))
    assert set(one) == {f"2009-12-31.{name}" for name in ("model", *RIVALS)}
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])


def test_the_score_is_that_of_the_place_that_was_chosen(metros):
    text = HEAD + b"2008,boston,houston,energy,move,3\n2009,,boston,life,arrival,9\n2010,boston,denver,life,move,2\n"
    found, _left = choice_events.of_bytes(text, "c", metros)
    written = choices.laws(_plan(metros), found, _records(metros))
    table = choices.scored(_plan(metros), found, written)
    row = table[(table["flow"] == "moves") & (table["forecaster"] == "model")].iloc[0]
    assert row["count"] == 2 and row["log_score"] == pytest.approx(np.log(59.0), rel=1e-5)
    assert choices.summary(table).query("forecaster == 'model' and ahead == 0")["n"].tolist() == [2, 2]


def _plan(region):
    run = lambda year, origins, fits: SimpleNamespace(                               # noqa: E731
        scenario=SimpleNamespace(values=SimpleNamespace(time=SimpleNamespace(start=datetime.date(year, 1, 1)))),
        origins=origins, fits=fits)
    origin = datetime.date(2009, 12, 31)
    return SimpleNamespace(region=region, runs=(run(2006, (), True), run(2010, (origin,), False)), origins=(origin,),
                           horizon=4.0)


def _records(region):
    """Of one draw: every other place alike."""
    sites = len(region.sites)
    law = np.full((sites + 1, 1, len(region.industries) + 1, sites), 1.0 / (sites - 1))
    law[np.arange(sites), :, :, np.arange(sites)] = 0.0
    return Records({(0, draws.MODEL): law, (1, draws.MODEL): law}, (0,), ())


@pytest.mark.parametrize(("row", "wrong"), [
    (b"2010,bostn,houston,,move,1", "'bostn' is unknown"), (b"2010,boston,boston,,move,1", "at both ends"),
    (b"2010,,boston,,arrival,0", "out of range"), (b"2010,,boston,lfie,arrival,1", "'lfie' is unknown")])
def test_a_fault_of_a_choice_is_told_by_row(metros, row, wrong):
    with pytest.raises(InputError) as error:
        choice_events.of_bytes(HEAD + row + b"\n", "choices.csv", metros)
    assert any(wrong in str(each.wrong) and each.where == "choices.csv row 2" for each in error.value.problems)


LISTS = """cik,year,from,to,sector,km
1,2019,14460,12060,tech,1508.0
2,2019,Boston,Houston,na,2580.1
3,2020,99999,12060,fin,10.0
4,2020,14460,26420,serv,2580.1
"""


def test_a_list_of_moves_is_read_as_others_keep_it(metros):
    """A row a firm, places by official code or name, sectors cut short, other columns; what is elsewhere is told."""
    found, left = choice_events.of_bytes(LISTS.encode(), "moves.csv", metros)
    sites, industries = list(metros.sites.index), list(metros.industries.index)
    assert [(sites[a], sites[b]) for a, b in zip(found.origin, found.to, strict=True)] == [
        ("boston", "atlanta"), ("boston", "houston"), ("boston", "houston")]
    assert found.industry.tolist() == [industries.index("technology"), -1, industries.index("services")]
    assert found.times.tolist() == [1.0, 1.0, 1.0]
    assert [str(each.why) for each in left] == ["1 of 4 events have a place that is none of the region: 99999"]


@pytest.mark.parametrize("head", ["年份,迁入地,行业,企业数", "date,destination,sector,count"])
def test_a_list_of_arrivals_needs_no_column_of_origins(metros, head):
    found, left = choice_events.of_bytes(f"{head}\n2019,12060,科技,3\n".encode("gb18030"), "arrivals.csv", metros)
    assert found.origin.tolist() == [-1] and found.times.tolist() == [3.0] and not left


def test_faults_of_choices_are_told_once_a_name(metros):
    rows = "".join(f"{year},,nowhere,,arrival,1\n" for year in range(2010, 2016))
    with pytest.raises(InputError) as error:
        choice_events.of_bytes(HEAD + rows.encode(), "choices.csv", metros)
    assert len(error.value.problems) == 1


def test_an_unknown_sector_is_no_sector():
    known, unknown = events([0, -1, -1], [1, 2, 3]), events([-1], [4], industry=-1)
    both = Choices(*(np.concatenate(each) for each in zip(known, unknown, strict=True)))
    assert choices._of("arrivals", both).to.tolist() == [2, 3, 4]
    assert choices._of("arrivals_of_sector", both).to.tolist() == [2, 3]
    assert choices._of("moves_of_sector", both).to.tolist() == [1]
    again = both._replace(again=np.array([False, True, False, True]))
    assert choices._of("arrivals_without_reregistrations_of_sector", again).to.tolist() == [3]


def test_choices_of_the_shipped_region_have_sectors_to_2013_alone(metros):
    path = package_data.regions()["us-metros"].place / "choices.csv"
    found, _left = choice_events.of_bytes(path.read_bytes(), "choices.csv", metros)
    assert (found.industry[found.year > 2013] == -1).all()
    assert (found.industry[found.year <= 2013] >= 0).mean() > 0.5


def test_choices_of_a_file_are_scored_beside_series_of_a_file(metros, tmp_path):
    from sim.experiments.backtest import backtest
    from sim.scenario.load import load

    rows = "".join(f"firms,{site},{year},{30 + year - 2015},stock,enterprises\n" for site in metros.sites.index
                   for year in range(2015, 2022))
    (tmp_path / "mine.csv").write_text("series,area,date,value,what_it_counts,measure\n" + rows)
    (tmp_path / "moves.csv").write_bytes(HEAD + b"2019,boston,atlanta,,move,2\n2021,,boston,,,1\n")
    asked = backtest.Asked(str(tmp_path / "mine.csv"), (datetime.date(2018, 12, 31),), out=str(tmp_path / "out"),
                           choices=(str(tmp_path / "moves.csv"),))
    plan = backtest.prepared(load(str(ROOT / "scenarios/regions/us-metros.toml")), asked)
    later = plan.events.only(plan.events.year > 2018)
    assert later.year.tolist() == [2019, 2021] and later.times.tolist() == [2.0, 1.0]
    own, _left = choice_events.of_bytes(
        (package_data.regions()["us-metros"].place / "choices.csv").read_bytes(), "own", metros)
    assert len(plan.events.year) == len(own.year) + 2, "earlier choices are the region's own"
    assert {target.point.date.year for target in plan.targets} == {2019, 2020, 2021}


def test_choices_alone_are_scored_where_the_series_end_at_the_origin(tmp_path):
    """Later moves need no later series; years beyond the horizon are no events of the origin."""
    from sim.experiments.backtest import backtest
    from sim.scenario.load import load

    (tmp_path / "moves.csv").write_bytes(b"year,from,to\n2019,14460,12060\n2021,,Boston\n2031,,Boston\n")
    asked = backtest.Asked(None, (datetime.date(2018, 12, 31),), out=str(tmp_path / "out"), draws=1, per_draw=1,
                           variants=False, choices=(str(tmp_path / "moves.csv"),))
    plan = backtest.prepared(load(str(ROOT / "scenarios/regions/us-metros.toml")), asked)
    assert not plan.targets and plan.origins == asked.origins and [run.fits for run in plan.runs] == [True, False]
    assert len(plan.left) == 2 and plan.left[0].series == "firms, atlanta (+59)"
    steps, total = backtest.backtest(plan), None
    while total is None:
        try:
            next(steps)
        except StopIteration as end:
            total = end.value
    found = pd.read_csv(plan.folder / "choice_summary.csv")
    assert not len(total) and found.query("ahead == 0 and forecaster == 'model'")["n"].tolist() == [1, 1]


def test_choices_without_dated_stocks_are_refused_in_one_sentence(tmp_path):
    from sim.experiments.backtest import backtest
    from sim.scenario.load import load

    with pytest.raises(InputError, match="no dated stocks"):
        backtest.prepared(load(str(ROOT / "scenarios/baseline.toml")),
                          backtest.Asked(out=str(tmp_path), choices=(str(tmp_path / "moves.csv"),)))
