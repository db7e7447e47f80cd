"""Back-tests: what a forecast may know, what it writes before it is scored, and that it goes on where it stopped."""

import datetime
import json
import re

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import CorruptError, InputError
from sim.base.messages import _, translate
from sim.experiments.backtest import backtest, draws, folder, forecast, paths, plan, runs
from sim.experiments.backtest import rivals as drawer
from sim.experiments.backtest.said import first_sentence, markdown, short_cells
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.simulate import simulate
from sim.runs.in_memory import ended
from sim.scenario.load import load
from tests.samples import pages
from tests.samples import runs as samples

SMALL = ["population.candidates=2000"]
ORIGIN = datetime.date(2021, 12, 31)


@pytest.fixture(scope="module")
def scenario():
    return load(str(samples.ROOT / "scenarios/baseline.toml"), SMALL)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return backtest.Asked(None, (ORIGIN,), draws=3, per_draw=2, variants=False, out=str(tmp_path_factory.mktemp("b")))


@pytest.fixture(scope="module")
def made(scenario, asked):
    plan_made = backtest.prepared(scenario, asked)
    return plan_made, ended(backtest.backtest(plan_made))


def test_the_command_prints_json_and_nothing_else_when_asked(scenario, tmp_path):
    done = samples.sim("backtest", scenario.path, "--fit-to", "2021-12-31", "--draws", 3, "--per-draw", 2,
                       "--no-variants", "--out", tmp_path / "b", "--json", "--lang", "zh",
                       *(f"--set={each}" for each in SMALL))
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)
    page = (tmp_path / "b" / "report.zh.html").read_text("utf-8")
    said = pages.words_of(page)
    assert pages.english_in(said) == [] and len(said) > 50
    titles = re.findall('<figure id="[^"]*" aria-label="([^"]*)"', page)
    assert page.count("<section") == page.count("<h2>")
    assert len(set(titles)) == len(titles) > 0 and not re.search("<td[^>]*>(&#39;|')[+−-]", page)


def test_stocks_and_arrivals_are_those_that_a_run_records(scenario, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("series,area,date,value,what_it_counts\n" + "".join(
        f"{word},zone,{year},9,{word}\n" for word in ("stock", "arrivals", "moves") for year in (2020, 2021, 2022)))
    region = region_of(scenario)
    series, _left = backtest.series_file.read(str(path), region)
    short = load(str(samples.ROOT / "scenarios/baseline.toml"), [*SMALL, "time.end=2022-12-31"])
    members = members_of(short, [0, 1])
    found = paths.numbers(region, members, series)
    recorded, zone = simulate(region, members).arrays, region.sites["in_zone"].to_numpy(bool)
    np.testing.assert_array_equal(found[0], recorded["headquarters"][:, :, zone].sum(axis=(2, 3, 4)))
    np.testing.assert_array_equal(found[1], recorded["headquarters_entries"][..., zone].sum(axis=2).cumsum(axis=1))
    np.testing.assert_array_equal(found[2], recorded["flows"][:, :, :, zone].sum(axis=(2, 3, 4)).cumsum(axis=1))


def test_nobody_leaves_a_cumulative_count(scenario):
    region = region_of(scenario)
    series, _left = backtest.series_file.read(str(backtest._shipped(scenario)), region)
    short = load(str(samples.ROOT / "scenarios/baseline.toml"), [*SMALL, "time.end=2022-12-31"])
    found = paths.numbers(region, members_of(short, [0]), series[:1])
    assert (np.diff(found[0, 0]) >= 0).all() and found[0, 0, -1] > found[0, 0, 0] > 0


def test_no_forecaster_sees_what_comes_after_the_origin(made, scenario):
    done, _totals = made
    records = _records(done)
    other = [series if series.name != done.series[0].name else _changed(series) for series in done.series]
    changed = plan.Plan(**{**vars(done), "series": tuple(other)})
    for one, two in zip(forecast.forecasts(done, records).of_target, forecast.forecasts(changed, records).of_target,
                        strict=True):
        assert one.keys() == two.keys()
        for name in one:
            np.testing.assert_array_equal(one[name].mean, two[name].mean)
            np.testing.assert_array_equal(one[name].weight, two[name].weight)


def _records(done):
    draw = np.random.default_rng(1)
    entries = draw.integers(1, 9, (len(done.series), 3, 2, done.runs[0].calendar.length + 1)).cumsum(axis=-1)
    return runs.Records({(0, draws.MODEL): entries.astype(float)}, (0, 1, 2), ())


def _changed(series):
    """The series with other values after the origin."""
    points = tuple(p._replace(value=p.value + 50) if p.date > ORIGIN else p for p in series.points)
    levels = tuple((day, value + 500 if day > ORIGIN else value) for day, value in series.levels)
    return type(series)(**{**vars(series), "points": points, "levels": levels})


def test_what_is_scored_is_what_was_written(made):
    done, totals = made
    assert set(totals["forecaster"]) >= {"model", "persistence", "smoothed_arrivals", "proportional", "damped_trend"}
    table = pd.read_csv(done.folder / folder.SCORES)
    assert sorted(table.loc[table["forecaster"] == "model", "observed"]) == [17, 43, 49]
    said = json.loads((done.folder / folder.SEAL).read_text())
    assert set(said["sha256"]) == {folder.FORECAST, folder.LAWS}
    assert "observed" not in (done.folder / folder.FORECAST).read_text("utf-8-sig").splitlines()[0]


def test_a_forecast_that_was_changed_is_not_scored(made):
    done, _totals = made
    path = done.folder / folder.LAWS
    before = path.read_bytes()
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    with pytest.raises(CorruptError):
        folder.read_forecast(done)
    path.write_bytes(before)


def test_the_same_command_goes_on_and_gives_the_same(scenario, asked, made, tmp_path):
    again = backtest.prepared(scenario, backtest.Asked(**{**vars(asked), "out": str(tmp_path)}))
    steps = backtest.backtest(again)
    while not next(steps)[0]:                          # a step may only tell that it is still at work
        continue
    steps.close()
    stored = list((tmp_path / runs.FOLDER).glob("*/*.npy"))
    assert stored
    steps = backtest.backtest(again)
    assert next(steps)[0] == len(stored)
    steps.close()
    totals = ended(backtest.backtest(again))
    pd.testing.assert_frame_equal(totals, made[1])
    assert not (tmp_path / runs.FOLDER).exists()


def test_a_finished_forecast_is_not_made_again(scenario, asked, made):
    before = (made[0].folder / folder.SEAL).read_bytes()
    again = backtest.backtest(backtest.prepared(scenario, asked))
    assert next(again) == (asked.draws, asked.draws)
    pd.testing.assert_frame_equal(ended(again), made[1])
    assert (made[0].folder / folder.SEAL).read_bytes() == before


@pytest.mark.parametrize("other", [{"origins": (datetime.date(2022, 12, 31),)}, {"draws": 4}, {"horizon": 1.0},
                                   {"variants": True}, {"choices_given": ("moves.csv",)}])
def test_a_forecast_of_something_else_is_made_anew(made, other):
    done, _totals = made
    assert folder.has_forecast(done)
    if "horizon" in other:
        other = {**other, "targets": done.targets[:1]}
    assert not folder.has_forecast(plan.Plan(**{**vars(done), **other}))
    assert not folder.has_forecast(plan.Plan(**{**vars(done), "series": tuple(map(_changed, done.series))}))


def test_draws_without_a_result_are_told(made, tmp_path):
    done = plan.Plan(**{**vars(made[0]), "folder": tmp_path})
    records = _records(done)
    folder.write_forecast(done, forecast.forecasts(done, records), {}, [records])
    assert folder.failure(tmp_path) == ""
    less = records._replace(found={key: each[:, :2] for key, each in records.found.items()}, kept=(0, 2),
                            failed=(_("the region {name} has no {file}", name="r", file="f"),))
    folder.write_forecast(done, forecast.forecasts(done, less), {}, [records, less])
    assert "1 of 3 draws of parameters have no result; the first: the region r has no f" in folder.failure(tmp_path)
    assert "第一个：区域 r 没有 f" in translate(folder.failure(tmp_path), "zh")


def test_with_three_points_they_are_told_and_no_standard_error(made):
    done, totals = made
    text = markdown(totals, done.left, pd.DataFrame())
    assert text.startswith(first_sentence(totals)) and "n = 3, too few for a standard error" in text
    assert "Left out: shanghai_rd: no measure of the model counts it." in text
    assert ("Left out: zone_hightech, Demonstration zone: it has too few observations to be scored: 2 up to 2021-12-31 "
            "and 0") in text
    assert "未纳入：zone_hightech、Demonstration zone：" in markdown(totals, done.left, pd.DataFrame(), "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sentence_writes_a_negative_difference_with_the_minus_sign(made, lang):
    _done, totals = made
    ahead = totals.assign(crps_difference=-0.5, crps_se=0.1)
    assert "−0.5" in first_sentence(ahead, lang) and "-0.5" not in first_sentence(ahead, lang)
    assert {row[4] for row in short_cells(ahead, lang)} == {"–", "−0.5 (0.1)"}


def test_weights_are_likelihoods_where_draws_suffice_and_tempered_where_they_do_not():
    found = draws.weights(np.array([0.0, -0.1, -0.2] * 10))
    assert found.power == 1.0
    np.testing.assert_allclose(found.weight[1] / found.weight[0], np.exp(-0.1))
    tempered = draws.weights(-100.0 * np.arange(30.0))
    assert tempered.power < 1.0 and tempered.effective == pytest.approx(draws.LEAST)


def test_without_peers_no_peer_term_has_a_weight(scenario):
    values = draws.varied(scenario, draws.NO_PEERS).values.terms
    assert values.localisation.gamma == values.headquarters.gamma == values.coagglomeration.gamma == 0.0
    assert not draws.varied(scenario, draws.NO_POLICY).values.policies


def test_an_origin_before_the_scenario_is_refused(scenario, tmp_path):
    early = backtest.Asked(None, (datetime.date(2018, 12, 31),), out=str(tmp_path))
    with pytest.raises(InputError, match="before the start of the scenario"):
        backtest.prepared(scenario, early)


def past(values, events, first=2000):
    day = lambda year: datetime.date(year, 12, 31)                                  # noqa: E731
    points = tuple(backtest.series_file.Point(day(first + k - 1), day(first + k), v) for k, v in enumerate(values))
    last = first + len(values) - 1
    target = backtest.series_file.Point(day(last), day(last + 1), float("nan"))
    return drawer.Past(points, target, day(last), events, (points,), 100.0, 100.0)


@pytest.mark.parametrize("name", drawer.registry.names())
def test_of_steady_arrivals_every_rival_forecasts_them(name):
    found = drawer.registry.get(name)(past([40.0] * 8, True))
    assert found.expected == pytest.approx(40.0, rel=0.02)
    assert found.spread >= np.sqrt(40.0) * 0.99


@pytest.mark.parametrize("name", ["persistence", "damped_trend", "proportional"])
def test_of_a_steady_stock_every_rival_of_stocks_forecasts_it(name):
    assert drawer.registry.get(name)(past([300.0] * 8, False)).expected == pytest.approx(300.0)


def test_persistence_has_the_variance_of_births_and_deaths():
    draw = np.random.default_rng(11)
    siblings = []
    for _each in range(200):
        values = [100.0]
        for _year in range(10):
            values.append(values[-1] + draw.poisson(0.05 * values[-1]) - draw.poisson(0.05 * values[-1]))
        siblings.append(past(values, False).points)
    one = past([100.0, 100.0, 100.0], False)._replace(siblings=tuple(siblings))
    assert drawer.registry.get("persistence")(one).spread ** 2 == pytest.approx(0.1 * 100.0, rel=0.1)


def test_a_sentence_begins_with_a_capital_letter_in_english_alone(made):
    _done, totals = made
    assert first_sentence(totals).startswith("Regional headquarters ever recognised (shanghai_rhq): the model")
    assert first_sentence(totals, "zh").startswith("累计认定的区域型总部数（shanghai_rhq）")
