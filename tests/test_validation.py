"""What a file says and the engine could not use is told line by line before anything runs."""

import dataclasses
import datetime
import os
import pathlib
import shutil

import numpy as np
import pytest

import worlds
from sim import assembly, ensemble, population, region, shipped, size, synthetic, validation
from sim.ensemble import Member
from sim.errors import InputError, Problem
from sim.recorder import Recorder
from sim.scenario import build, load
from sim.toml_source import format_value, parse

ZONE = region.load("yrd-zone")
SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"


def scenario(text, settings=()):
    return build(parse(text, "x.toml"), settings)


def problems(text, settings=(), where=ZONE):
    """The lines with which a text is refused, by itself or by the region; none if it is good."""
    try:
        return [str(problem) for problem in validation.against_region(scenario(text, settings), where)]
    except InputError as error:
        return str(error).split("\n")


def warnings(text, where=ZONE):
    return validation.warnings(scenario(text), where)


def table(name, line):
    return f"[{name}]\n{line}"


def policy(*lines, name="p", instrument="regime_exposure"):
    own = {"regime_exposure": ["exposure = 'ftz'"], "land_capacity": ["change = 0.1"], "tax_rate": ["rate = 15"],
           "grant": ["amount = 1"], "transit_link": ["line = 'new'"]}[instrument]
    given = {line.split(" ")[0] for line in lines}
    own = [line for line in own if line.split(" ")[0] not in given]
    return "\n".join([f"[policies.{name}]", *lines, f"instrument = '{instrument}'", *own])


BUNDLE = policy("exposure = 'bundle'", "sites = ['xicen', 'fenhu']", "start = 2026-01-01", name="z")
PAYOFF = "[[0.0, 1.0]" + ", [0.0, 1.0]" * 28 + "]"

# -- rules: text, where the one line begins, what else it says, and a text that is good --------------

RULES = {
    "the end before the start": (
        table("time", "end = 2020-12-31"), "x.toml:2:1: time.end", "a run from 2021-01-01 to 2020-12-31",
        table("time", "end = 2021-01-01")),
    "a run of many centuries": (
        table("time", "start = 0900-01-01\nend = 1900-01-01"), "x.toml:3:1: time.end", "4000 quarters",
        table("time", "start = 1700-01-01\nend = 1900-01-01")),
    "dates that no result can hold": (
        table("time", "start = 2100-01-01\nend = 2262-01-01"), "x.toml:3:1: time.end", "1700 to 2261",
        table("time", "start = 2100-01-01\nend = 2261-01-01")),
    "an empty list of hazards": (
        table("exit", "hazard_by_age = []"), "x.toml:2:1: exit.hazard_by_age", "0 hazards",
        table("exit", "hazard_by_age = [0.05]")),
    "a hazard of one": (
        table("exit", "hazard_by_age = [0.1, 1.0]"), "x.toml:2:1: exit.hazard_by_age[1]", "[0, 1)",
        table("exit", "hazard_by_age = [0.1, 0.99]")),
    "a negative hazard": (
        table("exit", "hazard_by_age = [-0.1]"), "x.toml:2:1: exit.hazard_by_age[0]", "[0, 1)",
        table("exit", "hazard_by_age = [0]")),
    "a share above one": (
        table("population", "type_shares = {growth = 1.5}"), "x.toml:2:16: population.type_shares.growth", "[0, 1]",
        table("population", "type_shares = {growth = 1}")),
    "shares that do not add up": (
        table("population", "origin_shares = {local = 0.5, china = 0.4}"), "x.toml:2:1: population.origin_shares",
        "sum to 0.9", table("population", "origin_shares = {local = 0.5, china = 0.5}")),
    "an unknown type": (
        table("population", "type_shares = {growht = 1.0}"), "x.toml:2:16: population.type_shares.growht",
        "did you mean 'growth'?", table("population", "type_shares = {growth = 1.0}")),
    "an unknown origin": (
        table("population", "origin_shares = {chinna = 1.0}"), "x.toml:2:18: population.origin_shares.chinna",
        "did you mean 'china'?", table("population", "origin_shares = {china = 1.0}")),
    "headquarters below zero": (
        table("population.headquarters", "wujiang = -1"), "x.toml:2:1: population.headquarters.wujiang", "[0, ",
        table("population.headquarters", "wujiang = 0")),
    "an unknown stock group": (
        table("population.headquarters", "wujang = 20"), "x.toml:2:1: population.headquarters.wujang",
        "did you mean 'wujiang'?", table("population.headquarters", "wujiang = 20")),
    "no more candidates than headquarters": (
        table("population", "candidates = 1000\nheadquarters = {sip = 400}"), "x.toml:2:1: population.candidates",
        "headquarters of the stock", table("population", "candidates = 2000\nheadquarters = {sip = 400}")),
    "an allocation without spread": (
        table("population", "spread = 1e-9"), "x.toml:2:1: population.spread", "[0.001, ",
        table("population", "spread = 0.001")),
    "a dissimilarity above one": (
        table("choice.dissimilarity_of", "zone = 2.0"), "x.toml:2:1: choice.dissimilarity_of.zone", ", 1]",
        table("choice.dissimilarity_of", "zone = 1.0")),
    "a dissimilarity of nothing": (
        table("choice", "dissimilarity = 0.0"), "x.toml:2:1: choice.dissimilarity", ", 1]",
        table("choice", "dissimilarity = 0.5")),
    "an unknown nest": (
        table("choice.dissimilarity_of", "rest_delta = 0.5"), "x.toml:2:1: choice.dissimilarity_of.rest_delta",
        "did you mean 'rest-delta'?", table("choice.dissimilarity_of", "rest-delta = 0.5")),
    "an outside option that nobody takes": (
        table("entry", "outside_share = 0"), "x.toml:2:1: entry.outside_share", "choice.outside = false",
        "[entry]\noutside_share = 0\n[choice]\noutside = false"),
    "a moving cost out of bounds": (
        table("moving", "cost = 1e9"), "x.toml:2:1: moving.cost", "[-100, 100] or 'solve'",
        table("moving", "cost = 9.5")),
    "a cost to solve with given constants": (
        table("base_year", "constants = {xicen = 1.0}"), "x.toml:2:1: base_year.constants", "set moving.cost",
        "[base_year]\nconstants = {xicen = 1.0}\n[moving]\ncost = 3"),
    "more moves than reviews": (
        table("moving", "rate = 0.1"), "x.toml:2:1: moving.rate", "(0, 0.06761)", table("moving", "rate = 0.05")),
    "no reviews, but moves": (
        table("choice", "review = 0"), "x.toml:2:1: choice.review", "0.01 moves a year",
        "[choice]\nreview = 0\n[moving]\ncost = 3"),
    "an unknown site among the constants": (
        "[moving]\ncost = 3\n[base_year.constants]\nxicenn = 1", "x.toml:4:1: base_year.constants.xicenn",
        "did you mean 'xicen'?", "[moving]\ncost = 3\n[base_year.constants]\nxicen = 1"),
    "a constant out of bounds": (
        "[moving]\ncost = 3\n[base_year.constants]\nxicen = 1e6", "x.toml:4:1: base_year.constants.xicen",
        "[-1000, 1000]", "[moving]\ncost = 3\n[base_year.constants]\nxicen = 10"),
    "a form without its table": (
        table("peers", "form = 'table'"), "x.toml:2:1: peers.form", "no payoff",
        table("peers", f"form = 'table'\npayoff = {PAYOFF}")),
    "a payoff with an empty row": (
        table("peers", "payoff = [[1.0], []]\nform = 'table'"), "x.toml:2:1: peers.payoff", "an empty row",
        table("peers", f"payoff = {PAYOFF}\nform = 'table'")),
    "a payoff for other sites": (
        table("peers", "payoff = [[1.0], [0.5]]\nform = 'table'"), "x.toml:2:1: peers.payoff", "2 rows, allowed 29",
        table("peers", f"payoff = {PAYOFF}\nform = 'table'")),
    "a payoff out of bounds": (
        table("peers", "payoff = [[1.0, 1e9]]"), "x.toml:2:1: peers.payoff[0][1]", "[-1000, 1000]",
        table("peers", "payoff = [[1.0, 1e3]]")),
    "a line that opens before its plan": (
        table("access.delays", '"示范区线" = -1'), 'x.toml:2:1: access.delays."示范区线"',
        "[0, 4000]", table("access.delays", '"示范区线" = 1')),
    "an unknown line": (
        table("access.delays", '"Demonstration Zone" = 4'), 'x.toml:2:1: access.delays."Demonstration Zone"',
        "did you mean 'Demonstration Zone Line'?", table("access.delays", '"Demonstration Zone Line" = 4')),
    "more memory than there is": (
        table("run", "replicates = 100000"), "x.toml:2:1: run.replicates", "GiB of this machine",
        table("run", "replicates = 10")),
    "an ever faster stream of entrants": (
        table("entry", "rate = 5\ntrend = 1"), "x.toml:3:1: entry.trend", "GiB of this machine",
        table("entry", "rate = 0.1\ntrend = 0.01")),
    "a policy at an unknown site": (
        policy("sites = ['fenhu', 'xicenn']"), "x.toml:2:1: policies.p.sites[1]", "did you mean 'xicen'?",
        policy("sites = ['fenhu', 'xicen']")),
    "a policy in an unknown group": (
        policy("sites = 'town'"), "x.toml:2:1: policies.p.sites", "did you mean 'towns'?", policy("sites = 'towns'")),
    "a policy in an unknown jurisdiction": (
        policy("sites = 'jiasan'"), "x.toml:2:1: policies.p.sites", "did you mean 'jiashan'?",
        policy("sites = 'jiashan'")),
    "a group among sites": (
        policy("sites = ['xicen', 'core']"), "x.toml:2:1: policies.p.sites[1]", 'sites = "core"',
        policy("sites = 'core'")),
    "a policy without a site": (
        policy("sites = []"), "x.toml:2:1: policies.p.sites", "enabled = false",
        policy("sites = []", instrument="transit_link") + "\nstops = ['SXKT', 'XC']"),
    "an unknown industry": (
        policy("industries = ['software', 'softwear']", instrument="tax_rate"),
        "x.toml:2:1: policies.p.industries[1]", "did you mean 'software'?",
        policy("industries = ['software']", instrument="tax_rate")),
    "an unknown headquarters type": (
        policy("types = ['regionl']", instrument="grant"), "x.toml:2:1: policies.p.types[0]",
        "did you mean 'regional'?", policy("types = ['regional']", instrument="grant")),
    "a stop nowhere": (
        policy("stops = ['SXKT', 'fenhuu']", instrument="transit_link"), "x.toml:2:1: policies.p.stops",
        "did you mean 'fenhu'?", policy("stops = ['SXKT', 'fenhu']", instrument="transit_link")),
    "a line that goes nowhere": (
        policy("stops = ['SXKT', 'SXKT']", instrument="transit_link"), "x.toml:2:1: policies.p.stops",
        "two different ends", policy("stops = ['SXKT', 'XC', 'SXKT']", instrument="transit_link")),
    "a line of one stop": (
        policy("stops = ['SXKT']", instrument="transit_link"), "x.toml:2:1: policies.p.stops", "2 or more",
        policy("stops = ['SXKT', 'XC']", instrument="transit_link")),
    "a policy that ends before it starts": (
        policy("start = 2028-01-01", "end = 2027-12-31"), "x.toml:3:1: policies.p.end", "a later quarter",
        policy("start = 2028-01-01", "end = 2028-04-01")),
    "a policy that ends in the quarter of its start": (
        policy("start = 2028-01-01", "end = 2028-03-31"), "x.toml:3:1: policies.p.end", "enabled = false",
        policy("start = 2028-03-31", "end = 2028-04-01")),
    "a policy announced after its start": (
        policy("announced = 2028-01-01", "start = 2027-01-01"), "x.toml:2:1: policies.p.announced",
        "an announcement before the start", policy("announced = 2027-01-01", "start = 2027-01-01")),
    "a bundle beside a component": (
        policy("sites = ['xicen']") + "\n" + BUNDLE, "x.toml:6:1: policies.z.exposure", "'bundle' by z at xicen",
        policy("sites = ['shixi']") + "\n" + BUNDLE),
    "a component after a bundle without end": (
        BUNDLE + "\n" + policy("sites = 'towns'", "start = 2030-01-01"), "x.toml:10:1: policies.p.exposure",
        "a bundle or its components", BUNDLE.replace("start", "end = 2029-12-31\nstart") + "\n"
        + policy("sites = 'towns'", "start = 2030-01-01")),
    "no such region": (
        "region = 'yrd-zome'", "x.toml:1:1: region", "did you mean 'yrd-zone'?", "region = 'yrd-zone'"),
}


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
    assert line.startswith(f"{place}: found ") and said in line
    assert refusals(good) == []


def test_everything_is_told_at_once_in_the_order_of_the_lines():
    texts = ["[population.headquarters]\nwujang = 20", "[choice.dissimilarity_of]\nzome = 0.5",
             policy("sites = ['xicenn', 'fenhuu']", "industries = ['softwear']", instrument="tax_rate"),
             policy("sites = 'nowhere'", name="q"), "[access.delays]\nx = 1"]
    lines = problems("\n".join(texts), ["population.candidates=2"])
    assert [line.split(": ")[:2] for line in lines] == [
        ["--set population.candidates=2", "population.candidates"], ["x.toml:2:1", "population.headquarters.wujang"],
        ["x.toml:4:1", "choice.dissimilarity_of.zome"], ["x.toml:6:1", "policies.p.sites[0]"],
        ["x.toml:6:1", "policies.p.sites[1]"], ["x.toml:7:1", "policies.p.industries[0]"],
        ["x.toml:11:1", "policies.q.sites"], ["x.toml:15:1", "access.delays.x"]]


def test_ten_thousand_unknown_sites_are_refused_briefly():
    assert len(problems(policy(f"sites = {[f's{n}' for n in range(10_000)]}"))) == validation.MOST


def test_a_rule_is_told_at_the_key_that_was_set_last():
    text = "[time]\nstart = 2030-01-01\nend = 2031-01-01"
    assert problems(text, ["time.start=2040-01-01"])[0].startswith("--set time.start=2040-01-01: time.start: ")
    assert problems(text, ["time.end=2020-01-01"])[0].startswith("--set time.end=2020-01-01: time.end: ")


def test_a_rule_is_not_told_of_a_key_that_is_wrong_by_itself():
    (line,) = problems(table("population", "type_shares = {growth = 1.5, regional = 0.5}"))
    assert "type_shares.growth" in line


@pytest.mark.parametrize("text, place", [
    ("[policies.p]\nregime = 'shanghai-ftz'\nsites = ['x']", "x.toml:3:1: policies.p.sites[0]"),
    ("[policies.p]\nregime = 'shanghai-ftz'\n[policies.p.tax]\nsites = ['x']", "x.toml:4:1: policies.p.tax.sites[0]"),
    ("[policies.p]\nregime = 'shanghai-ftz'\nstart = 2030-01-01\nend = 2029-01-01", "x.toml:4:1: policies.p.end"),
    ("[policies.p]\nregime = 'shanghai-ftz'\ntax.end = 2020-01-01", "x.toml:3:1: policies.p.tax.end"),
])
def test_what_the_parts_of_a_regime_share_is_told_once_where_it_is_written(text, place):
    (line,) = problems(text)
    assert line.startswith(f"{place}: found ")


def test_parts_of_a_regime_may_start_each_on_its_own_day():
    assert problems("[policies.p]\nregime = 'shanghai-ftz'\nend = 2025-01-01\ntax.start = 2020-01-01\n"
                    "openness.start = 2021-01-01") == []


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
    assert validation.region_of(shipped_one).digest == ZONE.digest
    assert validation.warnings(shipped_one, ZONE) == []


# -- warnings ---------------------------------------------------------------------------------------

DOUBTS = {
    "a policy after the run": (policy("start = 2041-01-01"), "x.toml:2:1: policies.p.start", "after the run"),
    "a policy over before the run": (
        policy("start = 2010-01-01", "end = 2019-01-01"), "x.toml:3:1: policies.p.end", "before the run"),
    "land that is built after the run": (
        policy("start = 2040-01-01", "building_time = 3.0", instrument="land_capacity"),
        "x.toml:3:1: policies.p.building_time", "nothing is built"),
    "a key that an instrument does not use": (
        policy("sites = 'all'", "stops = ['SXKT', 'XC']", instrument="transit_link"),
        "x.toml:2:1: policies.p.sites", "transit_link does not use it"),
    "a payoff that no form uses": (table("peers", "payoff = [[1.0]]"), "x.toml:2:1: peers.payoff", "'log'"),
    "a count out of its range": (
        table("population.headquarters", "jiashan = 31"), "x.toml:2:1: population.headquarters.jiashan", "[4, 30]"),
    "a delay of what is open": (
        table("access.delays", '"上海2号线" = 3'), 'x.toml:2:1: access.delays."上海2号线"', "all of it is open"),
    "a bundle on a recorded component": (
        policy("exposure = 'bundle'", "sites = ['lingang']"), "x.toml:2:1: policies.p.exposure", "lingang"),
}


@pytest.mark.parametrize("text, place, said", DOUBTS.values(), ids=DOUBTS)
def test_what_is_probably_not_meant_is_accepted_with_a_warning(text, place, said):
    assert problems(text) == []
    (line,) = warnings(text)
    assert line.startswith(f"{place}: found ") and said in line


@pytest.mark.parametrize("text", [
    policy("start = 2040-12-31", "lag = 0.0"), policy("exposure = 'bundle'", "sites = ['hq_qingpu']", "start = 2021-01-01")
    + "\n[switches]\nstatuses = false", table("population.headquarters", "jiashan = 30"),
    table("access.delays", '"示范区线" = 3'), policy("start = 2038-01-01", instrument="land_capacity")])
def test_nothing_is_warned_of_without_reason(text):
    assert warnings(text) == []


def test_a_regime_of_the_region_that_means_nothing_is_warned_of():
    odd = dataclasses.replace(ZONE, statuses=ZONE.statuses.replace({"regime": {"scitech": "scitec"}}))
    (line,) = warnings("", odd)
    assert "statuses.csv: regime: found 'scitec'" in line and "did you mean 'scitech'?" in line


# -- the way to a region ----------------------------------------------------------------------------

@pytest.fixture
def project(tmp_path):
    """A folder with a region, a base scenario beside it that names it, and a child elsewhere."""
    synthetic.write(synthetic.synthetic_region(5), tmp_path / "regions" / "mine")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "base.toml").write_text("region = 'regions/mine'\n[population]\ncandidates = 2000")
    (tmp_path / "deep" / "er" / "child.toml").write_text("extends = '../../base.toml'")
    return tmp_path


def test_a_region_is_found_from_the_file_that_names_it(project):
    child = load(project / "deep" / "er" / "child.toml")
    assert validation.region_of(child).name == "synthetic-5-0"


def test_a_resolved_file_finds_the_region_from_any_folder(project):
    base = load(project / "base.toml")
    (project / "deep" / "resolved.toml").write_text(base.resolved_toml())
    again = load(project / "deep" / "resolved.toml")
    assert validation.region_of(again).digest == validation.region_of(base).digest
    assert again.values == base.values


def test_where_a_region_lies_does_not_change_the_digest(project):
    digest = load(project / "base.toml").digest
    shutil.move(project, project.with_name("moved"))
    assert load(project.with_name("moved") / "base.toml").digest == digest
    assert load(project.with_name("moved") / "base.toml", ["region=other"]).digest != digest


def test_a_region_named_on_the_command_line_is_found_from_the_present_folder(project, monkeypatch):
    monkeypatch.chdir(project / "regions")
    assert validation.region_of(scenario("", ["region=mine", "population.candidates=2000"])).name == "synthetic-5-0"


@pytest.mark.parametrize("name", ["", "mine", "x" * 5000, "a\0b", "base.toml"])
def test_a_region_that_is_no_folder_is_told_at_its_key(project, name):
    (project / "base.toml").write_text(f"\nregion = {format_value(name)}")
    with pytest.raises(InputError) as caught:
        validation.region_of(load(project / "base.toml"))
    (problem,) = caught.value.problems
    assert (problem.where, problem.key) == (f"{project / 'base.toml'}:2:1", "region")
    assert problem.allowed == f"a folder, or {', '.join(shipped.regions())}"


def test_a_folder_that_is_no_region_is_told_file_by_file(project):
    os.remove(project / "regions" / "mine" / "nests.csv")
    with pytest.raises(InputError, match=r"mine/nests\.csv"):
        validation.region_of(load(project / "base.toml"))


def test_problems_met_under_way_are_told_where_the_file_sets_their_key():
    text = "[growth]\nsd = 3\n[moving]\nrate = 0.05"
    with pytest.raises(InputError) as caught, validation.located(scenario(text, ["choice.review=0.9"])):
        raise InputError([Problem("", "growth.sd", "1"), Problem("", "choice.review", "1"), Problem("f", "k", "1")])
    assert [problem.where for problem in caught.value.problems] == ["x.toml:2:1", "--set choice.review=0.9", "f"]


# -- ensembles --------------------------------------------------------------------------------------

TINY = {"time": {"end": datetime.date(2021, 3, 31)}, "population": {"candidates": 400}}
MINE = worlds.region([0, 0, 1])


def members(*overrides, policies=None):
    policies = policies or [()] * len(overrides)
    return [Member(worlds.values(TINY, own), tuple(p), 0) for own, p in zip(overrides, policies)]


@pytest.mark.parametrize("key, one, other", [
    ("population.candidates", 400, 500), ("time.end", datetime.date(2021, 3, 31), datetime.date(2021, 12, 31)),
    ("choice.outside", True, False), ("switches.churn", True, False), ("switches.statuses", True, False),
    ("switches.revision", "sequential", "one"), ("land.rents", "clearing", "frozen"),
    ("peers.counts", "live", "frozen"), ("peers.form", "log", "linear"), ("moving.cost", "solve", 3.0),
    ("exit.hazard_by_age", [0.1], [0.2]), ("population.type_shares", {"growth": 1.0}, {"regional": 1.0}),
    ("choice.dissimilarity_of", {}, {"nest-0": 0.5}), ("population.headquarters", {}, {"all": 3.0})])
def test_what_the_engine_reads_once_must_be_the_same_for_all_members(key, one, other):
    section, name = key.split(".")
    with pytest.raises(InputError) as caught:
        assembly.build(MINE, members({section: {name: one}}, {section: {name: one}}, {section: {name: other}}))
    assert [problem.key for problem in caught.value.problems] == [key]
    assert "within one ensemble" in str(caught.value)


def test_all_that_members_do_not_share_is_told_at_once():
    with pytest.raises(InputError) as caught:
        ensemble.check(members({"choice": {"outside": False}, "title": "a"},
                               {"switches": {"churn": False}, "title": "b", "growth": {"sd": 0.3}}))
    assert [problem.key for problem in caught.value.problems] == ["choice.outside", "switches.churn"]


def test_members_may_differ_in_numbers_seeds_titles_and_delays():
    ensemble.check(members(
        {"title": "a", "run": {"seed": 1}, "growth": {"sd": 0.3}, "access": {"draw_coordinates": True}},
        {"title": "b", "run": {"seed": 2}, "growth": {"sd": 0.2}, "access": {"delays": {"ring": 2}}}))


@pytest.mark.parametrize("key, values, agree", [
    ("sites", (["site-0"], ["site-1"]), True), ("start", (worlds.date(2021, 1), worlds.date(2022, 1)), False),
    ("industries", (["industry-0"], []), True), ("movers", (True, False), False), ("lag_shape", (1, 2), False),
    ("end", (None, worlds.date(2030, 1)), True), ("amount", (1.0, 2.0), False), ("title", ("a", "b"), False)])
def test_policies_of_members_differ_in_numbers_dates_and_eligibility_only(key, values, agree):
    own = [[worlds.policy("grant", **{"amount": 1.0, "sites": ["site-0"], key: value})] for value in values]
    made = members({}, {}, policies=own)
    if agree:
        with pytest.raises(InputError, match=f"policies.grant.{key}: found .* within one ensemble"):
            ensemble.check(made)
    else:
        ensemble.check(made)


def test_members_must_have_the_same_policies():
    grant, land = worlds.policy("grant", amount=1.0), worlds.policy("land_capacity", change=0.1)
    for other in ([], [land], [land, grant]):
        with pytest.raises(InputError, match="policies: found .*grant"):
            ensemble.check(members({}, {}, policies=[[grant, land], other]))


# -- shares of zero, sites without users, far places ------------------------------------------------

def allocation(*overrides, where=ZONE, replicates=20):
    return population.allocate(assembly.build(where, [Member(worlds.values(*overrides), (), k)
                                                      for k in range(replicates)]))


@pytest.mark.parametrize("own", [
    {"spread": 0.001}, {"headquarters": {"wujiang": 0.0, "jiashan": 0.0}},
    {"spread": 0.001, "headquarters": {"pudong": 0.0, "wujiang": 0.0}, "candidates": 1500}])
def test_a_site_has_about_half_a_candidate_at_least_and_an_empty_group_half_a_one_to_share(own):
    shares = allocation({"population": own})
    np.testing.assert_allclose(shares.sum(axis=(1, 2)), 1.0, rtol=1e-12)
    for g, (name, group) in enumerate(ZONE.stock.iterrows()):
        empty = own.get("headquarters", {}).get(name) == 0.0
        least = shares[:, g, ZONE.sites.index.isin(group["sites"])].min() * own.get("candidates", 5000)
        assert least > 0.45 / (len(group["sites"]) if empty else 1)


def test_the_floor_of_shares_leaves_the_groups_totals_alone():
    shares = allocation({"population": {"spread": 0.001}})
    wanted = ZONE.stock["headquarters"] / ZONE.stock["headquarters"].sum()
    np.testing.assert_allclose(shares.sum(axis=2), np.broadcast_to(wanted, shares.shape[:2]), rtol=1e-12)


def test_a_site_without_any_user_has_a_rent_all_the_same():
    alone = {"land": {"modelled_share": 1.0}, "population": {"spread": 0.001, "candidates": 200}}
    where = worlds.region([0, 0, 0, 1])
    made = worlds.make(where, worlds.values(worlds.years(8), alone), members=4)
    assert (made.economy.employees == 0).any()
    infos, _ = worlds.run(made, 8)
    assert all(np.isfinite(info.rent).all() and (info.rent > 0).all() for info in infos)


def test_a_site_days_away_from_every_hub_is_hard_to_reach_but_not_out_of_the_numbers():
    far = dataclasses.replace(MINE, sites=MINE.sites.assign(lon=[-120.0, 10.0, 10.1]))
    world = assembly.build(far, members({"access": {"decay": 1.0}}))
    log_access = world.log_access_at(0)[0, 0]
    assert np.isfinite(log_access).all() and log_access[0] < -5000 < log_access[1]


def test_a_run_that_grows_out_of_the_integers_is_refused():
    made = worlds.make(MINE, worlds.values(worlds.years(60), TINY, {"time": {"end": worlds.date(2060, 1)}},
                                           {"growth": {"drift": 1.0}, "population": {"largest": 1e11}}))
    with pytest.raises(InputError, match=r"growth\.sd: found .* employees in 20\d\d-Q\d of replicate 0"):
        worlds.run(made, 150)


# -- memory -----------------------------------------------------------------------------------------

def test_the_estimate_of_memory_covers_the_arrays_of_a_run():
    values = worlds.values(worlds.years(20), {"run": {"replicates": 3}, "population": {"candidates": 3000}})
    made = worlds.make(MINE, values, members=3)
    _, economy = worlds.run(made, 20)
    taken = sum(a.nbytes for a in (*economy.state, *Recorder(made.world).arrays.values()))
    assert taken < size.bytes_needed(values, MINE) < 50 * taken


def test_without_churn_nobody_is_expected():
    assert size.slots(worlds.values({"switches": {"churn": False}, "entry": {"rate": 5.0}})) == 5000
