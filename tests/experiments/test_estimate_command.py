"""`sim estimate`: from a list and a spec to tables, a page and a fragment that a scenario extends."""

import json
import re

import numpy as np
import pandas as pd
import pytest

import sim as package
from sim.experiments.compare import uncertainty
from sim.experiments.compare.scenarios import ComparedScenario
from sim.model.preflight import validation
from sim.report import render
from sim.scenario.load import load
from tests.samples import firm_lists, pages
from tests.samples.runs import sim

EXAMPLE = "scenarios/estimation/us-headquarters"
PAIR = 'parameters = ["terms.localisation.gamma", "moving.log_distance"]'
FRAGMENT = f"""[terms.localisation]
gamma = 0.6
[moving]
log_distance = 0.5
[estimated]
{PAIR}
values = [0.6, 0.5]
covariance = [[0.04, 0.018], [0.018, 0.01]]
source = "firms.csv (sha256 abc), 864 moves 2006 to 2013"
source_zh = "firms.csv（sha256 abc），2006–2013 年 864 次迁移"
"""


@pytest.fixture
def lists(tmp_path):
    return firm_lists.write(tmp_path, firm_lists.rows(400))


def test_the_command_writes_tables_a_page_and_says_where(lists, tmp_path):
    done = sim("estimate", *lists[:1], "--spec", lists[1], "--out", tmp_path / "out", "--lang", "both")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == str(tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "coefficients.csv", encoding="utf-8-sig")
    assert table["name"].tolist() == ["peers", "rent"] and (table[["plain", "robust", "clustered"]] > 0).all().all()
    report = pd.read_csv(tmp_path / "out" / "data.csv", encoding="utf-8-sig")
    assert report.loc[0, "rows"] == 400 and set(report["fate"]) <= {"counted", "dropped", "kept, doubtful"}
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"report.html", "report.zh.html", "estimated.toml"}
    page = (tmp_path / "out" / "report.zh.html").read_text("utf-8")
    said = pages.words_of(page)
    assert pages.english_in(said) == [] and len(said) > 50
    wide = re.findall('<div class="wide"([^>]*)>', page)         # each is reached by the keyboard, and has a name
    assert len(set(wide)) == len(wide) > 2 and all('tabindex="0"' in one for one in wide)


def test_json_and_the_public_call_say_the_same(lists, tmp_path):
    done = sim("estimate", lists[0], "--spec", lists[1], "--out", tmp_path / "out", "--json")
    said = json.loads(done.stdout)
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "other", quiet=True)
    assert said["kinds"]["arrivals"]["models"] == found.content["kinds"]["arrivals"]["models"]
    assert len(found.coefficients) == 2 and len(found.data) == len(said["data"])


def test_the_fragment_is_a_scenario_of_estimated_parameters(lists, tmp_path):
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True)
    (tmp_path / "mine.toml").write_text('extends = "out/estimated.toml"\n', "utf-8")
    scenario = load(str(tmp_path / "mine.toml"))
    row = found.coefficients.iloc[0]
    assert scenario.values.terms.localisation.gamma == pytest.approx(row["value"], rel=1e-5)
    assert scenario.values.estimated.covariance[0][0] == pytest.approx(row["clustered"] ** 2, rel=1e-4)
    entry = next(each for each in scenario.entries() if each.path == ("terms", "localisation", "gamma"))
    assert entry.row.evidence == "estimated" and found.content["sha256"][:12] in entry.row.source
    assert "estimated: " in scenario.resolved_toml("en")


def compared(tmp_path, text):
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    scenario = load(str(tmp_path / "mine.toml"))
    return ComparedScenario("mine", scenario, validation.region_of(scenario), tmp_path, None)


def test_uncertainty_draws_estimates_jointly_and_everything_else_as_before(tmp_path):
    drawn = uncertainty.drawn([compared(tmp_path, FRAGMENT)], 300, replicates=0)
    pair = np.array([[each["terms.localisation.gamma"], each["moving.log_distance"]] for each in drawn])
    assert np.abs(pair.mean(axis=0) - [0.6, 0.5]).max() < 4 * 0.2 / 300 ** 0.5
    assert np.corrcoef(pair.T)[0, 1] == pytest.approx(0.9, abs=0.04)
    plain = uncertainty.drawn([compared(tmp_path, "")], 5, replicates=0)
    others = set(plain[0]) - {"terms.localisation.gamma", "moving.log_distance"}
    assert all(one[key] == other[key] for one, other in zip(plain, drawn) for key in others)


def test_a_parameter_that_is_set_otherwise_is_no_longer_the_estimate(tmp_path):
    drawn = uncertainty.drawn([compared(tmp_path, FRAGMENT.replace("gamma = 0.6", "gamma = 0.2"))], 300, replicates=0)
    values = [each["terms.localisation.gamma"] for each in drawn]
    assert 0.0 <= min(values) and max(values) <= 0.9 and np.mean(values) == pytest.approx(0.45, abs=0.06)


@pytest.mark.parametrize("old, new, sentence", [
    ("[0.018, 0.01]]", "[0.018, 0.001]]", "it is not a covariance"),
    ("[0.6, 0.5]", "[0.6]", "there are 2 parameters, 1 values and 2 rows of covariance"),
    ('"moving.log_distance"]', '"moving.distance"]', "there is no number 'moving.distance'")])
def test_estimates_that_cannot_be_are_refused(tmp_path, old, new, sentence):
    (tmp_path / "mine.toml").write_text(FRAGMENT.replace(old, new), "utf-8")
    with pytest.raises(package.base.errors.InputError, match=sentence):
        load(str(tmp_path / "mine.toml"))


def test_what_keeps_coefficients_from_being_decided_is_one_sentence(lists, tmp_path):
    text = lists[1].read_text("utf-8") + '[regressors.twice]\nkind = "column"\ncolumn = "rent"\nlog = true\n'
    lists[1].write_text(text, "utf-8")
    done = sim("estimate", lists[0], "--spec", lists[1], "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stderr.strip().splitlines()[-1] == (
        "error: arrivals: rent, twice: they are collinear: one follows from the others; leave one of them out")


def test_a_carried_key_that_no_scenario_has_is_told_before_anything_is_estimated(lists, tmp_path):
    text = lists[1].read_text("utf-8").replace("terms.localisation.gamma", "terms.localization.gamma")
    lists[1].write_text(text, "utf-8")
    done = sim("estimate", lists[0], "--spec", lists[1], "--out", tmp_path / "out")
    assert done.exit_code == 2 and not (tmp_path / "out").exists()
    assert [line.partition("regressors.peers.key: ")[2] for line in done.stderr.strip().splitlines()] == [
        "there is no number 'terms.localization.gamma'; did you mean 'terms.localisation.gamma'?"]


def test_places_and_regressors_may_be_those_of_a_scenario(lists, tmp_path):
    (tmp_path / "base.toml").write_text("[run]\nreplicates = 1\n", "utf-8")
    text = lists[1].read_text("utf-8").replace('file = "places.csv"', 'scenario = "base.toml"')
    more = '[regressors.access]\nkind = "term"\ncolumn = "access.within_city"\n'
    lists[1].write_text(text.partition("[regressors.rent]")[0] + more, "utf-8")
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True)
    assert found.coefficients["name"].tolist() == ["peers", "access"]
    assert found.content["places"] > 20


def test_nests_reach_and_other_clusters_are_estimated_where_the_spec_asks(tmp_path):
    lists = firm_lists.write(tmp_path, firm_lists.rows(400, 4))
    text = lists[1].read_text("utf-8").replace("worlds = 0", 'worlds = 0\nnests = "nest"\ndecay = [1.0, 50.0]\n'
                                               'cluster = "jurisdiction"')
    lists[1].write_text(text, "utf-8")
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True).content["kinds"]["arrivals"]
    assert found["nested"]["rows"][-1]["name"] == "dissimilarity"
    assert found["nested"]["likelihood"] >= found["models"][0]["likelihood"] - 1e-9
    assert 1.0 <= found["reach"]["low"] <= found["reach"]["km"] <= found["reach"]["high"] <= 50.0
    assert found["models"][0]["clusters"] == 3
    assert found["reach"]["likelihood"] == pytest.approx(found["models"][0]["likelihood"], abs=1e-6)


def test_a_nested_logit_that_the_choices_do_not_decide_is_a_note_and_no_number(lists, tmp_path):
    lists[1].write_text(lists[1].read_text("utf-8").replace("worlds = 0", 'worlds = 0\nnests = "nest"'), "utf-8")
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True).content["kinds"]["arrivals"]
    assert found["nested"] is None
    assert found["notes"][0][0] == "the choices do not identify a nested logit: peers, rent, dissimilarity"


def test_above_a_number_of_places_alternatives_are_sampled_and_effects_are_not_estimated(lists, tmp_path):
    full = package.estimate(lists[0], spec=lists[1], out=tmp_path / "full", quiet=True).coefficients
    text = lists[1].read_text("utf-8").replace('["none"]', '["none", "site"]')
    text = text.replace('of = ["arrivals"]', 'of = ["arrivals"]\nmost_alternatives = 3\nnear = 2\nfar = 1')
    lists[1].write_text(text, "utf-8")
    found = package.estimate(lists[0], spec=lists[1], out=tmp_path / "out", quiet=True)
    said = found.content["kinds"]["arrivals"]
    assert said["sampled"] and said["models"][0]["alternatives"] == 3 and len(said["models"]) == 1
    assert "too many places" in said["notes"][0][0]
    apart = np.abs(found.coefficients["value"] - full["value"])
    assert (apart < 4 * found.coefficients["plain"]).all() and (found.coefficients["plain"] > full["plain"]).all()


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The shipped list of US headquarters, with pages in both languages."""
    from tests.samples.runs import ROOT
    folder = tmp_path_factory.mktemp("example")
    return package.estimate(ROOT / f"{EXAMPLE}.csv.gz", spec=ROOT / f"{EXAMPLE}.toml", out=folder / "out", quiet=True,
                            languages=("en", "zh"))


def test_headquarters_of_us_firms_move_to_near_places_and_the_list_is_no_evidence_for_peers(example):
    moves = example.coefficients.query("choice == 'moves' and model == 'none'").set_index("name")
    assert moves.loc["distance", "value"] == pytest.approx(-0.558, abs=5e-4)
    assert moves.loc["distance", "clustered"] == pytest.approx(0.075, abs=5e-4)
    bracket = {(each["effects"], each["name"]): each for each in example.content["kinds"]["arrivals"]["bracket"]}
    same = bracket["none", "same_industry"]
    assert abs(same["value"] - same["null_mean"]) < 2 * np.hypot(same["error"], same["null_sd"])


def test_the_page_says_the_numbers_of_the_tables_in_both_languages(example):
    for path, kind in zip(example.pages, ("Moves", "迁移")):
        text = path.read_text("utf-8")
        assert kind in text and "−0.558" in text and "0.075" in text
        assert len(re.findall("<svg", text)) == len([1 for each in example.content["kinds"].values()
                                                     for _bound in each["bracket"]])
    assert set(render.NAMES.values()) == {path.name for path in example.pages}
