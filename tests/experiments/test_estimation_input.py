"""Lists and specs as users get them wrong, or as no specification foresaw: numbers, or one sentence."""

import numpy as np
import pandas as pd
import pytest

import sim as package
from sim.base.errors import InputError
from sim.experiments.estimation import dates
from tests.samples import firm_lists

SPEC = """[firms.columns]
firm = "firm"
year = "year"
site = "site"
industry = "industry"
[places]
file = "places.csv"
[choices]
of = ["arrivals"]
[models]
effects = ["none"]
worlds = 0
[regressors.same]
kind = "industry peers"
"""
PLACES = pd.DataFrame({"id": [f"p{k}" for k in range(6)], "lon": 120 + np.arange(6) / 10, "lat": 31.0,
                       "rent": [1.0, 3.0, 2.0, 2.5, 1.5, 4.0], "jurisdiction": list("aabbcc"), "nest": list("aabbcc")})


def panel(moving=0.08, places=6, industries=("a", "b", "c")):
    """A row a firm and year of 300 firms, 2008 to 2016."""
    rng = np.random.default_rng(0)
    weight = np.arange(places, 0, -1.0) / np.arange(1, places + 1).sum()
    rows = []
    for firm in range(300):
        start, at, industry = rng.integers(2006, 2016), rng.choice(places, p=weight), rng.choice(industries)
        for year in range(max(start, 2008), min(rng.integers(start, 2020), 2016) + 1):
            at = rng.choice(places, p=weight) if rng.random() < moving else at
            rows.append((f"f{firm}", year, f"p{at}", industry))
    return pd.DataFrame(rows, columns=["firm", "year", "site", "industry"])


@pytest.fixture
def estimate(tmp_path):
    """The function that estimates from a table, a spec and a table of places."""
    def done(table, spec=SPEC, places=PLACES):
        table.to_csv(tmp_path / "firms.csv", index=False)
        places.to_csv(tmp_path / "places.csv", index=False)
        (tmp_path / "spec.toml").write_text(spec, "utf-8")
        return package.estimate(tmp_path / "firms.csv", spec=tmp_path / "spec.toml", out=tmp_path / "out", quiet=True,
                                force=True, languages=("en", "zh"))
    return done


def spells(**columns):
    table = pd.DataFrame({"firm": [f"f{k}" for k in range(400)], "since": [2005 + k % 15 for k in range(400)],
                          "site": [f"p{k * k % 5}" for k in range(400)], "industry": [["a", "b"][k % 2]
                                                                                     for k in range(400)]})
    return table.assign(**columns)


SPELLS = SPEC.replace('year = "year"', 'entry = "since"')


@pytest.mark.parametrize("old, new, sentence", [
    ("worlds = 0", "worlds = 0\ndecay = [5]", r"\[5.0\] is not a smallest and a largest distance"),
    ("worlds = 0", "worlds = 0\ndecay = [100, 1]", "is not a smallest and a largest distance"),
    ("worlds = 0", "worlds = 0\ndecay = [0, 10]", "is not a smallest and a largest distance"),
    ('["arrivals"]', "[]", "choices.of: nothing is to be estimated"),
    ('["none"]', "[]", "models.effects: nothing is to be estimated"),
    ('kind = "industry peers"', 'kind = "distance"', "arrivals: no regressor is left that bears on these"),
    ('["arrivals"]', '["moves"]\nyears = [1990, 1995]', "there are no moves in these years")])
def test_a_spec_that_asks_for_nothing_is_one_sentence(estimate, old, new, sentence):
    with pytest.raises(InputError, match=sentence):
        estimate(panel(), SPEC.replace(old, new))


@pytest.mark.parametrize("column, values, spec, sentence", [
    ("jurisdiction", None, 'cluster = "jurisdiction"', "all choices are of one jurisdiction"),
    ("nest", list("abcdef"), 'nests = "nest"', "it makes no nests"),
    ("nest", ["a"] * 6, 'nests = "nest"', "it makes no nests"),
    ("lon", [999.0] * 6, "", "999 is not a coordinate in degrees")])
def test_a_table_of_places_that_cannot_do_is_one_sentence(estimate, column, values, spec, sentence):
    places = PLACES.drop(columns=column) if values is None else PLACES.assign(**{column: values})
    with pytest.raises(InputError, match=sentence):
        estimate(panel(), SPEC.replace("worlds = 0", f"worlds = 0\n{spec}"), places)


def test_a_header_that_occurs_twice_is_refused(estimate, tmp_path):
    table = panel()
    table.columns = ["firm", "site", "site", "industry"]
    with pytest.raises(InputError, match="has several columns 'site'; give each column a name of its own"):
        estimate(table, SPEC.replace('year = "year"', 'year = "firm"'))


def test_a_sheet_that_is_not_there_is_refused(tmp_path):
    path, spec = firm_lists.write(tmp_path, spec=firm_lists.SPEC.replace("[firms]\n", '[firms]\nsheet = "2020"\n'))
    path = path.with_suffix(".xlsx")
    path.write_bytes(firm_lists.workbook(firm_lists.rows()))
    with pytest.raises(InputError, match="there is no sheet '2020'; expected 名录"):
        package.estimate(path, spec=spec, out=tmp_path / "out", quiet=True)


def test_what_never_changes_at_a_place_has_no_coefficient_beside_effects_of_places(estimate):
    spec = SPEC.replace('["none"]', '["none", "industry x site", "site"]') + (
        '[regressors.rent]\nkind = "column"\ncolumn = "rent"\n')
    found = estimate(panel(), spec)
    table, notes = found.coefficients.set_index(["model", "name"]), found.content["kinds"]["arrivals"]["notes"]
    assert np.isfinite(table.loc[("none", "rent"), "value"]) and np.isnan(table.loc[("site", "rent"), "value"])
    without = estimate(panel(), spec.partition("[regressors.rent]")[0]).coefficients.set_index(["model", "name"])
    for model in ("industry x site", "site"):
        assert table.loc[(model, "same"), "value"] == pytest.approx(without.loc[(model, "same"), "value"], abs=1e-6)
    assert [note[0] for note in notes] == [
        f"effects of places: {kind}: rent follows from them and has no coefficient"
        for kind in ("industry x site", "site")]


def test_a_coefficient_of_large_numbers_is_not_told_as_nought(estimate, tmp_path):
    spec = SPEC + '[regressors.gdp]\nkind = "column"\ncolumn = "gdp"\n'
    found = estimate(panel(), spec, PLACES.assign(gdp=[9e9, 8e9, 6e9, 5e9, 4e9, 2e9]))
    value = found.coefficients.set_index("name").loc["gdp", "value"]
    assert 0 < value < 1e-6 and f"{value:.2e}".replace("-", "−") in found.pages[0].read_text("utf-8")


def test_a_list_without_moves_says_so_and_its_arrivals_are_estimated(estimate):
    found = estimate(spells(), SPELLS.replace('["arrivals"]', '["arrivals", "moves"]'))
    assert set(found.coefficients["choice"]) == {"arrivals"}
    assert "moves in these years: nothing to estimate" in found.data["what"].tolist()


def test_a_list_without_industries_is_of_one(estimate):
    one = estimate(panel(industries=("all",))).coefficients
    other = estimate(panel(industries=("all",)).drop(columns="industry"),
                     SPEC.replace('industry = "industry"\n', "")).coefficients
    pd.testing.assert_frame_equal(one, other)


def test_places_need_coordinates_only_where_distances_are_asked_for(estimate):
    bare = PLACES.drop(columns=["lon", "lat"])
    pd.testing.assert_frame_equal(estimate(panel()).coefficients, estimate(panel(), places=bare).coefficients)
    with pytest.raises(InputError, match="has no column 'lon'"):
        estimate(panel(), SPEC.replace('["arrivals"]', '["moves"]') + '[regressors.far]\nkind = "distance"\n', bare)


def test_a_name_that_several_places_have_says_no_place(estimate):
    table = panel()
    named = PLACES.assign(name_en=["A", "A", "B", "C", "D", "p0"])
    table["site"] = table["site"].map(dict(zip(named["id"], named["name_en"])) | {"p5": "p5"})
    said = estimate(table, places=named).data.set_index("what")["rows"]
    assert said["several places have the name of its place"] == (table["site"] == "A").sum()


def test_rows_that_say_the_same_again_are_counted(estimate):
    table = panel()
    said = estimate(pd.concat([table, table.iloc[:50]])).data.set_index("what")["rows"]
    assert said["a firm has several rows of one year and place: one counts"] == 50


@pytest.mark.parametrize("text, year", [
    ("2015年3月1日", 2015), ("2015-03-01 00:00:00", 2015), ("20150301", 2015), ("201503", 2015), ("2015", 2015),
    ("2015.0", 2015), ("1/3/2015", 2015), ("01.03.2015", 2015), ("15-Mar-2015", 2015), ("42064", 2015),
    ("42064.0", 2015), ("15", 0), ("soon", 0), ("0000-00-00", 0), ("310115", 0), ("3015", 0)])
def test_the_year_of_a_date_however_it_is_written(text, year):
    assert dates.years_in(pd.Series([text])).tolist() == [year]


@pytest.mark.parametrize("word", ["长期", "9999-12-31", "2099-12-31", "29991231", "-", "NULL", "至今"])
def test_an_exit_that_stands_for_none_leaves_the_firm_there(estimate, word):
    spec = SPELLS.replace('entry = "since"', 'entry = "since"\nexit = "until"')
    until = [str(2016 + k % 5) if k % 3 else "" for k in range(400)]
    known = estimate(spells(until=until), spec)
    found = estimate(spells(until=[each or word for each in until]), spec)
    assert found.content["last"] == 2020 == known.content["last"]
    pd.testing.assert_frame_equal(found.coefficients, known.coefficients)


def test_a_list_of_which_no_row_is_left_says_what_its_rows_hold(estimate):
    with pytest.raises(InputError, match="no row is left; it is at none of the places: 'nowhere'"):
        estimate(panel().assign(site="nowhere"))


def test_what_is_known_at_a_year_does_not_depend_on_what_comes_after(estimate):
    spec = SPEC.replace('["arrivals"]', '["arrivals", "moves"]\nknown_to = 2013')
    table = panel(moving=0.2)
    whole = estimate(table, spec).coefficients
    cut = estimate(table[table["year"] <= 2013], spec.replace("known_to = 2013", "")).coefficients
    pd.testing.assert_frame_equal(whole, cut)


def test_each_nest_may_have_a_dissimilarity_parameter_of_its_own(estimate):
    spec = SPEC.replace("worlds = 0", 'worlds = 0\nnests = "nest"\ndissimilarity = "by nest"')
    spec += '[regressors.rent]\nkind = "column"\ncolumn = "rent"\n'
    table = pd.concat([panel(), panel(0.3).assign(firm=lambda rows: "g" + rows["firm"])])
    places = PLACES.assign(nest=list("aabbbc"))
    each = estimate(table, spec, places).content["kinds"]["arrivals"]["nested"]
    one = estimate(table, spec.replace("by nest", "one"), places).content["kinds"]["arrivals"]["nested"]
    assert [row["name"] for row in each["rows"]] == ["same", "rent", "dissimilarity a", "dissimilarity b"]
    assert each["likelihood"] >= one["likelihood"]
