"""Sensitivity analysis as theorems, through the design, the store and the command of the product."""

import json

import numpy as np
import pandas as pd
import pytest

from sim.experiments.sensitivity import analyse, quantity
from tests.oracles import analytic
from tests.samples import pages, sweeps

PI = np.pi


def of(values, scenario, replicates):
    return 10.0 + values["x1"] + 2.0 * values["x2"] + 0.0 * replicates


def ishigami(values, scenario, replicates):
    x1, x2, x3 = (values[name] for name in analytic.AXES)
    return np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3 ** 4 * np.sin(x1)


def table(folder, kind, *more):
    """The first table of a kind that sim sensitivity prints as JSON, by axis."""
    said = analytic.sim("sensitivity", folder, "--json", "--no-figures", *more)
    assert said.exit_code == 0, said.output
    found = next(each for each in json.loads(said.stdout) if each["kind"] == kind)
    return pd.DataFrame(found["table"]).set_index("axis"), found


# -- Sobol' -----------------------------------------------------------------------------------------

def test_t40_ishigami(tmp_path, monkeypatch):
    """S = (.3139, .4424, 0), ST = (.5576, .4424, .2437) for a = 7, b = .1 (Ishigami & Homma 1990)."""
    folder = analytic.run(tmp_path, analytic.design("saltelli", 4096, -PI, PI), ishigami, monkeypatch)
    rows, found = table(folder, "sobol")
    order = list(analytic.AXES)
    np.testing.assert_allclose(rows.loc[order, "S"], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(rows.loc[order, "ST"], [0.5576, 0.4424, 0.2437], atol=0.02)
    assert ((rows["ST_low"] < rows["ST"]) & (rows["ST"] < rows["ST_high"])).all()
    assert found["notes"]["sobol_of"]["n"] == 4096 and found["notes"]["sobol_of"]["noise"] == 0.0


@pytest.fixture(scope="module")
def additive(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        return analytic.run(tmp_path_factory.mktemp("additive"), analytic.design("saltelli", 256, 0, 1), of, patch)


def test_an_additive_model_has_equal_indices_that_add_up_to_one(additive):
    """V(x1) : V(2 x2) = 1 : 4."""
    rows, _ = table(additive, "sobol")
    np.testing.assert_allclose(rows.loc[["x1", "x2"], "S"], [0.2, 0.8], atol=0.02)
    np.testing.assert_allclose(rows["S"], rows["ST"], atol=0.02)


def test_an_axis_that_does_nothing_has_indices_of_zero(additive):
    row = table(additive, "sobol")[0].loc["x3"]
    assert (row[["S", "S_low", "S_high", "ST", "ST_low", "ST_high"]] == 0.0).all()


def test_indices_are_those_of_scipy(additive):
    from scipy.stats import sobol_indices
    swept = quantity.swept(additive)
    y = quantity.level(swept, "headquarters_in_zone", "small").mean.reshape(-1, swept.block)
    theirs = sobol_indices(func={"f_A": y[:, 0][None], "f_B": y[:, -1][None], "f_AB": y[:, 1:-1].T[:, None]}, n=256)
    rows = table(additive, "sobol")[0].loc[list(analytic.AXES)]
    np.testing.assert_allclose(rows["ST"], theirs.total_order.ravel(), rtol=0.02, atol=1e-12)
    np.testing.assert_allclose(rows["S"], theirs.first_order.ravel(), rtol=0.02, atol=0.01)


def test_a_quantity_that_does_not_vary_has_no_shares(tmp_path, monkeypatch):
    folder = analytic.run(tmp_path, analytic.design("saltelli", 4, 0, 1), lambda v, s, r: 1.0 + 0.0 * r, monkeypatch)
    rows, _ = table(folder, "sobol")
    assert rows[["S", "ST"]].isna().all(axis=None)


# -- Morris -----------------------------------------------------------------------------------------

def test_elementary_effects_of_a_linear_model_are_its_slopes(tmp_path, monkeypatch):
    """Over the whole range [0, 2]: 2 and 4, with no spread; the axis that does nothing has none."""
    folder = analytic.run(tmp_path, analytic.design("morris", 6, 0, 2), of, monkeypatch)
    rows, _ = table(folder, "morris")
    np.testing.assert_allclose(rows.loc[["x1", "x2", "x3"], "mu_star"], [2.0, 4.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(rows["sigma"], 0.0, atol=1e-12)


def test_elementary_effects_carry_the_sign_and_interactions_spread(tmp_path, monkeypatch):
    folder = analytic.run(tmp_path, analytic.design("morris", 12, 0, 1),
                          lambda v, s, r: v["x1"] * v["x2"] - v["x3"] + 0.0 * r, monkeypatch)
    rows, _ = table(folder, "morris")
    assert rows.loc["x3", "mu"] == pytest.approx(-1.0) and rows.loc["x3", "sigma"] == pytest.approx(0.0, abs=1e-12)
    assert (rows.loc[["x1", "x2"], "sigma"] > 0.1).all()


# -- effects, failures ------------------------------------------------------------------------------

TWO = 'set = ["time.end=2021-12-31"]\n'


def two(folder, **given):
    sweeps.write(folder)
    (folder / "more.toml").write_text("extends = \"small.toml\"\n", encoding="utf-8")
    return analytic.design(**given).replace('"small.toml"', '["small.toml", "more.toml"]')


def noisy(values, scenario, replicates):
    """Equal draws in both scenarios; the second adds x1."""
    return 100.0 * np.sin(7.0 * replicates + 1.0) + (values["x1"] if scenario == "more" else 0.0)


def test_an_effect_is_taken_replicate_by_replicate(tmp_path, monkeypatch):
    """Noise a hundred times the effect cancels: the error of the mean is 0."""
    text = two(tmp_path, kind="lhs", points=20, low=0, high=1)
    swept = quantity.swept(analytic.run(tmp_path, text, noisy, monkeypatch))
    found, = analyse.quantities_of(swept, analyse.Asked())
    np.testing.assert_allclose(found.mean, swept.columns["x1"], atol=1e-12)
    np.testing.assert_allclose(found.error, 0.0, atol=1e-12)
    assert (quantity.level(swept, "headquarters_in_zone", "more").error > 1.0).all()


@pytest.mark.parametrize(("added", "order", "shares", "regrets"), [
    (lambda x: x - 0.75, ["small", "more"], [0.75, 0.25], [1 / 32, 9 / 32]),
    (lambda x: 0.0 * x, ["small", "more"], [0.5, 0.5], [0.0, 0.0]),
    (lambda x: x, ["more", "small"], [1.0, 0.0], [0.0, 0.5])], ids=["harm", "nothing", "gain"])
def test_to_do_nothing_is_a_candidate_and_ties_are_shared(added, order, shares, regrets, tmp_path, monkeypatch):
    """The second scenario adds something to the noise that both have; its mean regret is an integral."""
    def adding(values, scenario, replicates):
        return noisy(values, "", replicates) + (added(values["x1"]) if scenario == "more" else 0.0)
    folder = analytic.run(tmp_path, two(tmp_path, kind="lhs", points=100, low=0, high=1), adding, monkeypatch)
    said = json.loads(analytic.sim("sensitivity", folder, "--json", "--no-figures").stdout)
    rows = pd.DataFrame(next(each["table"] for each in said if each["kind"] == "regret"))
    assert rows["scenario"].tolist() == order
    np.testing.assert_allclose(rows["best_share"], shares, atol=1e-12)
    np.testing.assert_allclose(rows["mean_regret"], regrets, atol=0.01)


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A Saltelli design of 8 base points in whose second a run failed."""
    def some(values, scenario, replicates):
        made = of(values, scenario, replicates)
        return np.where((values["x1"] == values["x1"].max()) & (replicates == 1), np.nan, made)
    with pytest.MonkeyPatch.context() as patch:
        return analytic.run(tmp_path_factory.mktemp("broken"), analytic.design("saltelli", 8, 0, 1), some, patch)


def test_failed_runs_are_refused_unless_they_are_left_out(broken):
    said = analytic.sim("sensitivity", broken, "--no-figures")
    assert said.exit_code == 3 and "made to fail" in said.output and "leave-out" in said.output
    assert "Traceback" not in said.output


def test_what_is_left_out_are_whole_base_points_and_it_is_said(broken):
    swept = quantity.swept(broken)
    touched = swept.failed.any(axis=(0, 2)).reshape(-1, swept.block).any(axis=1)
    _, found = table(broken, "sobol", "--on-failed", "leave-out")
    assert 0 < touched.sum() < 8 and found["notes"]["sobol_of"]["n"] == 8 - touched.sum()
    assert found["notes"]["left_out"]["n"] == touched.sum() * swept.block


@pytest.mark.parametrize(("more", "words"), [
    (["--of", "headquarters_in_zon"], "did you mean 'headquarters_in_zone'?"),
    (["--effect", "other"], "there is nothing to compare other with; expected a sweep of several scenarios"),
    (["--against", "other"], "--against: there is no scenario or experiment 'other'; expected one of"),
    (["--experiment", "other"], "--experiment"),
])
def test_bad_requests_are_answered_in_one_line(additive, more, words):
    said = analytic.sim("sensitivity", additive, "--no-figures", *more)
    assert said.exit_code == 2 and words in said.output and len(said.output.strip().split("\n")) == 1


def test_a_folder_without_a_sweep(tmp_path):
    said = analytic.sim("sensitivity", tmp_path)
    assert said.exit_code == 2 and "there is no sweep in this folder" in said.output


def test_a_sweep_that_is_not_finished_is_refused(tmp_path, monkeypatch):
    folder = analytic.run(tmp_path, analytic.design("lhs", 30, 0, 1), of, monkeypatch, steps=2)
    said = analytic.sim("sensitivity", folder)
    assert said.exit_code == 2 and "only 8 of 60 runs are finished; finish the sweep with" in said.output


# -- tornado, figures -------------------------------------------------------------------------------

def test_the_tornado_of_an_additive_model_is_as_wide_as_its_slopes(additive):
    """Means of the highest and the lowest fifth of a uniform axis are 0.8 of its range apart."""
    rows, _ = table(additive, "tornado")
    wide = rows["at_high"] - rows["at_low"]
    np.testing.assert_allclose(wide[["x2", "x1"]], [1.6, 0.8], atol=0.05)
    assert list(rows.index[:2]) == ["x2", "x1"]


def _figures(folder):
    return {name.name for name in folder.iterdir() if name.suffix in (".svg", ".png")}


def _wanted(*languages):
    return {f"{kind}.small.{lang}.{end}" for kind in ("sobol", "tornado") for lang in languages
            for end in ("svg", "png")}


def test_figures_in_the_language_wanted_and_the_table_on_stdout(additive, tmp_path):
    said = analytic.sim("sensitivity", additive, "--out", tmp_path / "a", "--lang", "zh")
    assert said.exit_code == 0 and "Sobol 指数" in said.stdout
    assert "低端标准误" in said.stdout and "at_low" not in said.stdout
    assert _figures(tmp_path / "a") == _wanted("zh")
    told = pages.words_of((tmp_path / "a" / "report.zh.html").read_text("utf-8"))
    assert pages.english_in(told) == [] and len(told) > 30
    analytic.sim("sensitivity", additive, "--out", tmp_path / "a", "--lang", "en")
    assert _figures(tmp_path / "a") == _wanted("en", "zh")                    # the same analysis: added
    assert {*json.loads((tmp_path / "a" / "analysis.json").read_text())["files"]} >= _wanted("en", "zh")
    analytic.sim("sensitivity", additive, "--out", tmp_path / "a", "--lang", "en", "--confidence", "0.9")
    assert _figures(tmp_path / "a") == _wanted("en")                          # another one: nothing old stays
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"sobol.small.csv", "analysis.json"} <= names


def test_of_a_sweep_all_of_whose_points_have_failed_nothing_is_left(tmp_path, monkeypatch):
    lost = analytic.run(tmp_path, analytic.design("lhs", 4, 0, 1),
                        lambda values, scenario, replicates: np.full(len(replicates), np.nan), monkeypatch)
    said = analytic.sim("sensitivity", lost, "--no-figures", "--on-failed", "leave-out")
    assert said.exit_code == 3 and "every point of" in said.output and "made to fail" in said.output
