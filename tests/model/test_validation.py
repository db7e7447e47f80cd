"""What a file says and the engine could not use is told line by line before anything runs."""

import dataclasses
import datetime
import json
import pathlib

import pydantic
import pytest
from click.testing import CliRunner

from sim.base.errors import InputError, Problem
from sim.base.messages import Message
from sim.cli import group
from sim.config.toml_file import parse
from sim.model.preflight import validation
from sim.region import load as region_files
from sim.region import synthetic
from sim.scenario.load import build, load
from sim.scenario.sections import core
from tests.samples.doubt_cases import DOUBTS
from tests.samples.validation_cases import RULES, policy, table

ZONE = region_files.load("yrd-zone")
SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"


def scenario(text, settings=()):
    return build(parse(text, "x.toml"), settings)


def problems(text, settings=(), where=ZONE):
    """The lines with which a text is refused, by itself or by the region; none if it is good."""
    try:
        return [str(problem) for problem in validation.against_region(scenario(text, settings), where)]
    except InputError as error:
        return str(error).split("\n")


def warnings(text, where=ZONE):
    """The lines of what is probably not meant; each can be told in another language."""
    found = validation.warnings(scenario(text), where)
    assert all(isinstance(problem.wrong, Message) for problem in found)
    return list(map(str, found))


def refusals(text):
    """Lines with which the way to a region ends."""
    try:
        validation.region_of(scenario(text))
    except InputError as error:
        return str(error).split("\n")
    return []


@pytest.mark.parametrize("text, place, said, good", RULES.values(), ids=RULES)
def test_what_the_engine_cannot_use_is_told_in_one_line_at_its_place(text, place, said, good):
    (line,) = refusals(text)
    assert line.startswith(f"{place}: ") and said in line
    assert refusals(good) == []


def test_everything_is_told_at_once_in_the_order_of_the_lines():
    texts = ["[population.headquarters]\nwujang = 20", "[choice.dissimilarity_of]\nzome = 0.5",
             policy("sites = ['xicenn', 'fenhuu']", "industries = ['softwear']", instrument="tax_rate"),
             policy("sites = 'nowhere'", name="q"), "[access.delays]\nx = 1"]
    lines = problems("\n".join(texts), ["population.candidates=2"])
    assert [line.split(": ")[:2] for line in lines] == [
        ["--set population.candidates=2", "population.candidates"],
        ["x.toml:2:1", "population.headquarters.wujang"],
        ["x.toml:4:1", "choice.dissimilarity_of.zome"], ["x.toml:6:1", "policies.p.sites[0]"],
        ["x.toml:6:1", "policies.p.sites[1]"], ["x.toml:7:1", "policies.p.industries[0]"],
        ["x.toml:11:1", "policies.q.sites"], ["x.toml:15:1", "access.delays.x"]]


def test_ten_thousand_unknown_sites_are_refused_briefly():
    assert len(problems(policy(f"sites = {[f's{n}' for n in range(10_000)]}"))) == validation.MOST


def test_a_rule_is_told_at_the_key_that_was_set_last():
    text = "[time]\nstart = 2030-01-01\nend = 2031-01-01"
    for key, date in (("time.start", "2040-01-01"), ("time.end", "2020-01-01")):
        (line,) = problems(text, [f"{key}={date}"])
        assert line.startswith(f"--set {key}={date}: {key}: the run would go from ")


def test_a_rule_is_not_told_of_a_key_that_is_wrong_by_itself():
    (line,) = problems(table("population", "type_shares = {growth = 1.5, regional = 0.5}"))
    assert "type_shares.growth" in line


@pytest.mark.parametrize("text, place", [
    ("sites = ['x']", "x.toml:3:1: policies.p.sites[0]"),
    ("[policies.p.tax]\nsites = ['x']", "x.toml:4:1: policies.p.tax.sites[0]"),
    ("start = 2030-01-01\nend = 2029-01-01", "x.toml:4:1: policies.p.end"),
    ("tax.end = 2020-01-01", "x.toml:3:1: policies.p.tax.end")])
def test_what_the_parts_of_a_regime_share_is_told_once_where_it_is_written(text, place):
    (line,) = problems(f"[policies.p]\nregime = 'shanghai-ftz'\n{text}")
    assert line.startswith(f"{place}: ")


def test_parts_of_a_regime_may_start_each_on_its_own_day():
    assert problems("[policies.p]\nregime = 'shanghai-ftz'\nend = 2025-01-01\ntax.start = 2020-01-01\n"
                    "openness.start = 2021-01-01\naccounts.start = 2022-01-01") == []


def test_what_a_parent_says_is_told_in_the_parent(tmp_path):
    (tmp_path / "base.toml").write_text(policy("sites = ['xicenn']"))
    (tmp_path / "child.toml").write_text("extends = 'base'\n[run]\nseed = 1")
    (problem,) = validation.against_region(load(tmp_path / "child.toml"), ZONE)
    assert problem.where == f"{tmp_path / 'base.toml'}:2:1"


def test_a_region_without_its_industries_shows_where_a_regime_needs_them():
    where = synthetic.synthetic_region(6)
    lines = problems("[policies.p]\nregime = 'shanghai-ftz'\nsites = 'all'", where=where)
    assert [line.split(": ")[1] for line in lines] == [f"policies.p.tax.industries[{k}]" for k in range(3)]
    assert all(line.startswith("x.toml:1:2: ") for line in lines)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_scenarios_are_good(path):
    shipped_one = load(path)
    where = validation.region_of(shipped_one)
    assert (where.digest == ZONE.digest) == (shipped_one.values.region == "yrd-zone")
    assert validation.warnings(shipped_one, where) == []


def test_a_section_made_in_python_keeps_the_rules_too():
    with pytest.raises(pydantic.ValidationError, match="from 2030-01-01 to 2029-01-01; expected an end after"):
        core.Time(start=datetime.date(2030, 1, 1), end=datetime.date(2029, 1, 1))


def test_check_tells_problems_and_doubts_about_the_region(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(policy("sites = ['xicenn']"))
    said = CliRunner().invoke(group, ["check", str(path)])
    assert said.exit_code == 2
    assert said.stderr.startswith(f"error: {path}:2:1: policies.p.sites[0]: 'xicenn' is not a site")
    said = CliRunner().invoke(group, ["check", str(path), "--json"])
    assert [problem["key"] for problem in json.loads(said.stdout)["problems"]] == ["policies.p.sites[0]"]
    path.write_text(policy("start = 2050-01-01"))
    said = CliRunner().invoke(group, ["check", str(path)])
    assert said.exit_code == 0 and "warnings: 1" in said.stdout and "after the run" in said.stderr


# -- warnings ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, place, said", DOUBTS.values(), ids=DOUBTS)
def test_what_is_probably_not_meant_is_accepted_with_a_warning(text, place, said):
    assert problems(text) == []
    (line,) = warnings(text)
    assert line.startswith(f"{place}: ") and said in line


@pytest.mark.parametrize("text", [
    policy("start = 2040-12-31", "lag = 0.0"), table("population.headquarters", "jiashan = 30"),
    policy("exposure = 'bundle'", "sites = ['lingang']") + "\n[switches]\nstatuses = false",
    policy("exposure = 'bundle'", "sites = ['hq_qingpu']"),
    table("access.delays", '"示范区线" = 3'), policy("start = 2038-01-01", instrument="land_capacity")])
def test_nothing_is_warned_of_without_reason(text):
    assert warnings(text) == []


def test_a_regime_of_the_region_that_means_nothing_is_warned_of():
    odd = dataclasses.replace(ZONE, statuses=ZONE.statuses.replace({"regime": {"scitech": "scitec"}}))
    (line,) = warnings("", odd)
    assert "statuses.csv: regime: the regime 'scitec' has no effect" in line and "did you mean 'scitech'?" in line


def test_a_rate_that_looks_like_a_share_is_doubted_in_words():
    (problem,) = scenario(policy("rate = 0.15", instrument="tax_rate")).warnings
    assert "is outside its prior range [10, 25]" in str(problem)
    assert str(problem).endswith("the unit is percentage points: did you mean 15?")
    (problem,) = scenario(policy("rate = 5", instrument="tax_rate")).warnings
    assert "percentage" not in str(problem)


# -- problems met later ------------------------------------------------------------------------------

def test_problems_met_under_way_are_told_where_the_file_sets_their_key():
    met = [Problem("", "growth.sd", "1"), Problem("", "choice.review", "1"), Problem("elsewhere", "key", "1")]
    known = scenario("[growth]\nsd = 3", ["choice.review=0.9"])
    with pytest.raises(InputError) as caught, validation.located(known):
        raise InputError(met)
    places = [problem.where for problem in caught.value.problems]
    assert places == ["x.toml:2:1", "--set choice.review=0.9", "elsewhere"]
