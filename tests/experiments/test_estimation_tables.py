"""Tables of choices, long and wide, as other programs publish them: published numbers, or one sentence."""

import pathlib

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim as package
from sim.base.errors import InputError, OutputError
from tests.samples import choice_specs as specs
from tests.samples import pages, runs

DATA = pathlib.Path(__file__).parents[1] / "samples" / "choice_data"


@pytest.fixture
def estimate(tmp_path):
    """The function that estimates from a table, or from the file of one, and the text of a spec."""
    def done(table, spec, languages=()):
        path = table if isinstance(table, pathlib.Path) else tmp_path / "table.csv"
        if path is not table:
            table.to_csv(path, index=False)
        (tmp_path / "spec.toml").write_text(spec, "utf-8")
        return package.estimate(path, spec=tmp_path / "spec.toml", out=tmp_path / "out", quiet=True, force=True,
                                languages=languages)
    return done


def values(found, model="none"):
    table = found.coefficients.query("model == @model").set_index("name")
    return table["value"].to_dict(), float(table["log_likelihood"].iloc[0])


def travel_mode():
    return pd.read_csv(DATA / "travel_mode.csv")


GREENE = {"gc": -0.01550, "ttme": -0.09612, "income:air": 0.01329, "constant:air": 5.2074, "constant:train": 3.8690,
          "constant:bus": 3.1632}


def is_greenes(found):
    told, likelihood = values(found)
    assert likelihood == pytest.approx(-199.1284, abs=1e-3) and set(told) == set(GREENE)
    assert all(told[name] == pytest.approx(value, abs=1e-4) for name, value in GREENE.items())


def test_a_long_table_with_codes_gives_greenes_numbers(estimate):
    is_greenes(estimate(travel_mode(), specs.TRAVEL_MODE))


def test_blocks_of_rows_without_choosers_and_alternatives_give_them_too(estimate):
    table = travel_mode().drop(columns=["individual", "mode"])
    is_greenes(estimate(table, specs.TRAVEL_MODE.replace('chooser = "individual"\nalternative = "mode"\n', "")))


def test_a_long_table_may_name_the_chosen_alternative_in_each_row(estimate):
    table, names = travel_mode(), np.array(["air", "train", "bus", "car"])
    chosen = names[table["choice"].to_numpy().reshape(-1, 4).argmax(axis=1)]
    table = table.assign(choice=np.repeat(chosen, 4), mode=names[table["mode"] - 1]).sample(frac=1, random_state=0)
    is_greenes(estimate(table, specs.TRAVEL_MODE.replace('codes = ["1", "2", "3", "4"]\n', "")))


def test_the_same_choices_in_the_wide_shape_say_the_same(estimate):
    table = travel_mode().assign(mode=lambda each: each["mode"].map({1: "air", 2: "train", 3: "bus", 4: "car"}))
    wide = table.pivot(index="individual", columns="mode", values=["gc", "ttme"])
    wide.columns = [f"{name}.{mode}" for name, mode in wide.columns]
    wide["hinc"] = table.groupby("individual")["hinc"].first()
    wide["choice"] = table.query("choice == 1").set_index("individual")["mode"]
    is_greenes(estimate(wide.reset_index(), specs.TRAVEL_MODE_WIDE))


def test_an_alternative_without_a_row_or_with_0_in_its_column_was_not_available(estimate):
    table = travel_mode()
    fewer = table[~((table["mode"] == 3) & (table["choice"] == 0) & (table["individual"] % 3 == 0))]
    without = values(estimate(fewer, specs.TRAVEL_MODE))
    flagged = table.assign(there=table.index.isin(fewer.index).astype(int))
    marked = values(estimate(flagged, specs.TRAVEL_MODE.replace("[table]", '[table]\navailable = "there"')))
    assert without[0] == pytest.approx(marked[0]) and without[1] == pytest.approx(marked[1])
    assert without[1] > -199.0


def test_swissmetro_is_as_published_with_rows_availability_and_a_shared_cost(estimate):
    """T30 by the command, conditional and nested."""
    found = estimate(DATA / "swissmetro.csv.gz", specs.SWISSMETRO)
    told, likelihood = values(found)
    assert likelihood == pytest.approx(-5331.252, abs=1e-3)
    assert list(told.values()) == pytest.approx([-1.277860, -1.083791, -0.701187, -0.154632], abs=1e-5)
    nested, likelihood = values(found, "nested")
    assert likelihood == pytest.approx(-5236.900, abs=1e-3)
    assert 1 / nested["dissimilarity"] == pytest.approx(2.05, abs=0.005)


def test_two_unlabelled_trains_are_as_published(estimate):
    """The first vignette of the R package mlogit, in hours and euros; errors there are those of the Hessian."""
    found = estimate(DATA / "train.csv.gz", specs.TRAIN)
    told, likelihood = values(found)
    assert likelihood == pytest.approx(-1724.15, abs=1e-2)
    assert list(told.values()) == pytest.approx([-0.0673580, -1.7205514, -0.3263409, -0.9457256], abs=1e-6)
    errors = found.coefficients["plain"].tolist()
    assert errors == pytest.approx([0.0033933, 0.1603517, 0.0594892, 0.0649455], abs=1e-4)
    assert found.content["deciders"] == 235 and found.coefficients["clustered"].gt(found.coefficients["plain"]).all()


def test_the_page_of_a_table_is_in_both_languages_and_has_its_numbers(estimate):
    found = estimate(travel_mode(), specs.TRAVEL_MODE + "[models.nests]\nground = [\"train\", \"bus\", \"car\"]\n",
                     ("en", "zh"))
    for path in found.pages:
        text = path.read_text("utf-8")
        assert "5.207" in text and "−199.1" in text and "air" in text
    told = [said for said in pages.english_in(pages.words_of(found.pages[1].read_text("utf-8")))
            if not set(said.replace(",", " ").split()) <= {"air", "train", "bus", "car"}]
    assert told == []


def test_what_is_printed_in_chinese_calls_coefficients_as_the_page_does_and_files_keep_their_names(estimate, tmp_path):
    spec = specs.TRAVEL_MODE.replace("[regressors.gc]", '[regressors.gc]\ntitle = "cost"\ntitle_zh = "费用"')
    found = estimate(travel_mode(), spec)
    said = runs.sim("estimate", tmp_path / "table.csv", "--spec", tmp_path / "spec.toml", "--out", found.folder,
                    "--lang", "zh").stdout
    assert "费用 -0.0155 (" in said and "常数项：bus 3.16" in said and "constant:" not in said
    assert {"gc", "constant:bus"} <= set(found.coefficients["name"])


RATIO = specs.TRAVEL_MODE + "[models.ratios]\nworth = [\"ttme\", \"gc\"]\n"


def test_a_fit_is_told_beside_that_of_shares_and_of_nothing(estimate):
    """Log-likelihood of constants alone: Greene 2012, table 18.3."""
    fit = pd.read_csv(estimate(travel_mode(), specs.TRAVEL_MODE).folder / "fit.csv").iloc[0]
    assert fit["log_likelihood_of_shares"] == pytest.approx(-283.7588, abs=1e-4)
    assert fit["log_likelihood_at_zero"] == pytest.approx(-210 * np.log(4))
    assert fit["parameters"] == 6 and fit["rho_squared"] == pytest.approx(1 - 199.1284 / (210 * np.log(4)), abs=1e-6)
    assert fit["rho_squared_adjusted"] == pytest.approx(1 - 205.1284 / (210 * np.log(4)), abs=1e-6)
    assert fit["aic"] == pytest.approx(2 * 205.1284, abs=1e-3)
    assert fit["bic"] == pytest.approx(2 * 199.1284 + 6 * np.log(210), abs=1e-3)


def test_a_ratio_of_coefficients_has_the_error_of_a_small_change_and_fiellers_interval(estimate):
    found = estimate(travel_mode(), RATIO)
    row = pd.read_csv(found.folder / "ratios.csv").iloc[0]
    told, _likelihood = values(found)
    table = pd.read_csv(found.folder / "covariance.csv").set_index(["regressor", "with"])["covariance"]
    v = np.array([[table[one, other] for other in ("ttme", "gc")] for one in ("ttme", "gc")])
    assert row["value"] == pytest.approx(told["ttme"] / told["gc"])
    slope = np.array([1.0, -row["value"]]) / told["gc"]
    assert row["error"] == pytest.approx((slope @ v @ slope) ** 0.5)
    for end in (row["low"], row["high"]):
        apart, weight = told["ttme"] - end * told["gc"], np.array([1.0, -end])
        assert apart ** 2 == pytest.approx(1.959964 ** 2 * weight @ v @ weight, rel=1e-5)


def test_an_elasticity_is_what_one_per_cent_more_does_to_expected_choices(estimate):
    """Each alternative's own column a little larger, one after the other; the mean over them, by expected choices."""
    told = estimate(travel_mode(), specs.TRAVEL_MODE).coefficients.set_index("name")
    table, small = travel_mode(), 1e-6
    gc, ttme = (table[name].to_numpy(float).reshape(-1, 4) for name in ("gc", "ttme"))
    constants = np.array([told["value"].get(f"constant:{name}", 0.0) for name in ("air", "train", "bus", "car")])
    rest = constants + told["value"]["ttme"] * ttme
    rest[:, 0] += told["value"]["income:air"] * table["hinc"].to_numpy(float).reshape(-1, 4)[:, 0]

    def expected(cost):
        weight = np.exp(rest + told["value"]["gc"] * cost)
        return (weight / weight.sum(axis=1, keepdims=True)).sum(axis=0)

    gain = [expected(gc * np.where(np.arange(4) == k, 1 + small, 1))[k] - expected(gc)[k] for k in range(4)]
    assert told["elasticity"]["gc"] == pytest.approx(sum(gain) / small / 210, rel=1e-4)


def test_a_dissimilarity_parameter_is_tested_against_one(estimate):
    found = estimate(travel_mode(), specs.TRAVEL_MODE + "[models.nests]\nground = [\"train\", \"bus\", \"car\"]\n")
    row = found.coefficients.query("name == 'dissimilarity'").iloc[0]
    assert row["p"] == pytest.approx(2 * stats.norm.sf(abs(row["value"] - 1) / row["clustered"]))
    assert np.isnan(row["wild_p"])


@pytest.mark.parametrize("wrong, sentence", [
    ('["ttme"]', "it is not a pair of regressors"), ('["ttm", "gc"]', "did you mean 'ttme'"),
    ('["income", "gc"]', "'income' is not a regressor with one coefficient of its own")])
def test_a_ratio_of_something_else_is_refused(estimate, wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        estimate(travel_mode(), RATIO.replace('["ttme", "gc"]', wrong))


def test_numbers_are_read_in_full_width_and_with_thousands_apart(estimate):
    table = travel_mode()
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    is_greenes(estimate(table.assign(gc=[str(each).translate(wide) for each in table["gc"]]), specs.TRAVEL_MODE))
    dear = estimate(table.assign(gc=[f"{1000 * each:,}" for each in table["gc"]]), specs.TRAVEL_MODE)
    assert values(dear)[0]["gc"] == pytest.approx(GREENE["gc"] / 1000, abs=1e-7)


def test_a_folder_that_is_a_file_is_told_before_anything_is_estimated(tmp_path, monkeypatch):
    (tmp_path / "out").write_text("")
    (tmp_path / "spec.toml").write_text(specs.TRAVEL_MODE, "utf-8")
    monkeypatch.delattr("sim.experiments.estimation.estimates.of_choices")
    with pytest.raises(OutputError, match="it is a file"):
        package.estimate(DATA / "travel_mode.csv", spec=tmp_path / "spec.toml", out=tmp_path / "out", quiet=True)


def test_who_lacks_a_number_or_a_choice_is_dropped_and_told(estimate):
    table = travel_mode().astype({"gc": object})
    table.loc[5, "gc"] = "NA"                                # the second chooser
    table.loc[table["individual"] == 3, "choice"] = 0
    table.loc[table["individual"] == 4, "choice"] = 1
    found = estimate(table, specs.TRAVEL_MODE)
    dropped = found.data.query("fate == 'dropped'").set_index("what")["rows"].to_dict()
    assert dropped == {"choosers whose choice is none of the alternatives, or several": 2,
                       "choosers of whom a number is missing that a regressor needs": 1}
    assert found.content["kinds"]["choices"]["count"] == 207


LONG, MODE = specs.TRAVEL_MODE, 'alternative = "mode"'


@pytest.mark.parametrize("change, old, new, sentence", [
    ({}, 'of = ["air"]\nby_alternative = true', "", "income: it does not vary among the alternatives of any chooser; "
     "by_alternative = true"),
    ({}, '"1", "2", "3", "4"', '"1", "2", "3", "5"',
     r"table.csv row 5: mode: '4' is not one of the alternatives; expected one of"),
    ({}, 'chooser = "individual"', 'chooser = "hinc"', "has the alternative '1' in row 2 already"),
    ({}, 'chosen = "choice"', 'chosen = "ttme"', "only . of 210 choosers have one of the alternatives "
     "in this column; the first other cell is '69'"),
    ({}, 'column = "ttme"', 'column = "ttm"', r"table.csv has no column 'ttm'; did you mean 'ttme'"),
    ({}, 'column = "gc"', 'colum = "gc"', "regressors.gc.colum: unknown key; did you mean 'column'"),
    ({}, MODE, "", "choosers and alternatives of the long shape go together"),
    ({}, 'reference = "car"', 'reference = "cart"', "'cart' is not one of the alternatives"),
    ({}, 'of = ["air"]', 'of = ["plane"]', "'plane' is not one of the alternatives"),
    ({}, "[regressors.gc]", '[models.mixed]\nttm = "normal"\n[regressors.gc]', "no regressor 'ttm'; did you mean"),
    ({}, "[regressors.gc]", '[models.mixed]\ngc = "gauss"\n[regressors.gc]', "models.mixed.gc: 'gauss' is text; "
     "expected 'normal', 'lognormal'"),
    ({}, "[regressors.gc]", '[table.rows]\nmode = [9]\n[regressors.gc]', "no row is left"),
    ({"gc": "much"}, "", "", "row 2: gc: 'much' is not a number"),
    ({"mode": [1, 2, 3, 3] * 210}, "", "", "row 5: individual: the chooser '1' has the alternative '3' in row 4"),
    ({"gc": "1,5"}, "", "", "row 2: gc: '1,5' is not a number; expected a number; write decimals with a point"),
    ({"gc": lambda table: table["ttme"] * 2}, "", "", "gc, ttme: they are collinear: one follows from the others"),
    ({"gc": lambda table: table["choice"]}, "", "", "gc: it predicts every choice, so its coefficient is unbounded"),
    ({"choice": [0, 0, 1, 0] * 210}, "", "", "nobody chose it, so its constant is unbounded")])
def test_what_is_wrong_with_a_table_or_its_spec_is_one_sentence(estimate, change, old, new, sentence):
    assert old in LONG
    with pytest.raises(InputError, match=sentence):
        estimate(travel_mode().assign(**change), LONG.replace(old, new))


def test_rows_that_are_no_blocks_are_told(estimate):
    spec = LONG.replace('chooser = "individual"\nalternative = "mode"\n', "")
    with pytest.raises(InputError, match="839 rows cannot be divided into blocks of 4 alternatives"):
        estimate(travel_mode().iloc[1:], spec)
