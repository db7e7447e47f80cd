"""Places and industries by id, English or Chinese name, in files and on the command line; ids in what is resolved."""

import json
import pathlib

import pytest

from sim.base.errors import InputError
from sim.config.layers import Layers
from sim.config.parameters import rows
from sim.config.toml_file import parse
from sim.model.preflight.validation import region_of
from sim.scenario import schema
from sim.scenario.load import build, load
from sim.scenario.place_names import VALUES
from tests.samples import named_region, runs

ROOT = pathlib.Path(__file__).parents[2]
BY_ID = """
[population.headquarters]
qingpu = 30
[choice.dissimilarity_of]
zone = 0.5
[policies.tax]
instrument = "tax_rate"
rate = 15.0
sites = ["xicen", "fenhu"]
industries = ["integrated_circuits"]
start = 2026-01-01
[policies.all]
instrument = "grant"
amount = 5.0
sites = "jiashan"
start = 2026-01-01
[policies.line]
instrument = "transit_link"
line = "X"
stops = ["XC", "origin"]
start = 2028-01-01
[policies.road]
instrument = "express_road"
stops = ["xicen", "origin"]
start = 2028-01-01
[policies.park]
instrument = "enclave"
sites = ["xicen"]
partner = "zhangjiang"
start = 2028-01-01
[policies.pull]
instrument = "talent_spillover"
hub = "SH_HQ"
change = 0.1
start = 2028-01-01
[policies.share]
instrument = "fiscal_sharing"
start = 2028-01-01
[policies.share.matrix]
qingpu = {qingpu = 0.8, wujiang = 0.2}
"""
BY_NAME = [('qingpu = 30', '"青浦区" = 30'), ("zone = 0.5", '"示范区" = 0.5'),
           ('["xicen", "fenhu"]', '["西岑科创中心", "Fenhu"]'), ("integrated_circuits", "集成电路"),
           ('"jiashan"', '"嘉善"'), ('["XC", "origin"]', '["西岑", "水乡客厅"]'),
           ('["xicen", "origin"]', '["西岑", "Parlour"]'), ('"zhangjiang"', '"Zhangjiang Science City"'),
           ('"SH_HQ"', '"虹桥枢纽"'),
           ('qingpu = {qingpu = 0.8, wujiang = 0.2}', '"青浦" = {Qingpu = 0.8, "吴江" = 0.2}')]


def scenario(text, *settings):
    return build(parse(text, "x.toml"), settings)


def problems(text, *settings):
    with pytest.raises(InputError) as caught:
        region_of(scenario(text, *settings))
    return [str(each) for each in caught.value.problems]


# -- names mean ids -----------------------------------------------------------------------------------

def test_names_make_the_same_scenario_as_ids():
    text = BY_ID
    for one, name in BY_NAME:
        assert one in text
        text = text.replace(one, name)
    named, by_id = scenario(text), scenario(BY_ID)
    assert named.digest == by_id.digest
    region_of(named)
    values = [line.split("  #")[0] for line in named.resolved_toml().splitlines()[1:]]
    assert values == [line.split("  #")[0] for line in by_id.resolved_toml().splitlines()[1:]]
    at = text.splitlines().index('sites = ["西岑科创中心", "Fenhu"]') + 1
    assert named.origin["policies.tax.sites"] == f"x.toml:{at}"
    assert named.origin["population.headquarters"] == by_id.origin["population.headquarters"]


@pytest.mark.parametrize("setting, key, value", [
    ("policies.tax.sites=西岑科创中心", "policies.tax", "xicen"),
    ('policies.tax.sites=["Xicen", "fenhu"]', "policies.tax", ["xicen", "fenhu"]),
    ("policies.all.sites=青浦", "policies.all", "qingpu"), ("policies.all.sites=zone", "policies.all", "zone")])
def test_names_on_the_command_line(setting, key, value):
    found = scenario(BY_ID, setting)
    assert found.values.policies[key.split(".")[1]].sites == value


def test_keys_on_the_command_line_are_names_too():
    found = scenario(BY_ID, "population.headquarters.青浦区=20", "population.headquarters.Wujiang district=21")
    assert found.values.population.headquarters == {"qingpu": 20.0, "wujiang": 21.0}


def test_a_child_by_name_and_a_parent_by_id_speak_of_one_thing(tmp_path):
    (tmp_path / "base.toml").write_text("[population.headquarters]\nqingpu = 30\nwujiang = 25", "utf-8")
    (tmp_path / "child.toml").write_text('extends = "base.toml"\n[population.headquarters]\n"青浦区" = 20', "utf-8")
    found = load(str(tmp_path / "child.toml"))
    assert found.values.population.headquarters == {"qingpu": 20.0, "wujiang": 25.0}


def test_no_shipped_scenario_changes_by_it(monkeypatch):
    """Ids stay what they are; were a name read where an id is meant, values would differ."""
    paths = sorted((ROOT / "scenarios").glob("*.toml"))
    before = [load(str(path)).digest for path in paths]
    monkeypatch.setattr("sim.scenario.load.by_id", lambda sources, region: (Layers(sources), {}))
    assert [load(str(path)).digest for path in paths] == before


def test_every_key_that_takes_ids_takes_names():
    """A new instrument whose keys name places or industries is entered in the table of keys, or not by these names."""
    keys = {row.key: row for model in schema.policy_models().values() for row in rows(model)}
    ids = {key for key, row in keys.items()
           if row.unit in ("name", "names") and row.kind in ("str", "list[str]", "str | list[str]")}
    assert ids - {"alliances", "types"} == set(VALUES)


# -- what is not clear is refused -----------------------------------------------------------------------

def test_a_name_of_two_places_is_refused_with_both_of_them():
    (said,) = problems(BY_ID.replace('["XC", "origin"]', '["XC", "Suzhou Industrial Park"]'))
    assert "policies.line.stops[1]: 'Suzhou Industrial Park' is the name of 2" in said
    assert "SIPR (stations), sip (sites)" in said and said.startswith("x.toml:")


def test_two_sites_of_one_name_are_refused_by_it_and_taken_by_id(tmp_path):
    named_region.write(tmp_path / "region", twice=True)
    text = 'region = "{}"\n[policies.t]\ninstrument = "tax_rate"\nrate = 15.0\nstart = 2026-01-01\nsites = [{}]\n'
    path = tmp_path / "s.toml"
    path.write_text(text.format("region", '"河口新城"'), "utf-8")
    said = runs.sim("check", path)
    assert said.exit_code == 2
    assert "policies.t.sites[0]: '河口新城' is the name of 2; expected one of site-0, site-7" in said.stderr
    path.write_text(text.format("region", '"site-0", "云山镇"'), "utf-8")
    assert load(str(path)).values.policies["t"].sites == ["site-0", "site-1"]


def test_one_id_under_two_names_is_refused():
    found = problems('[population.headquarters]\nqingpu = 30\n"青浦区" = 20')
    assert len(found) == 1 and "'青浦区' is 'qingpu' a second time" in found[0]


@pytest.mark.parametrize("change, near", [
    (('["xicen", "fenhu"]', '["西岑科创", "fenhu"]'), "西岑科创中心"),
    (("integrated_circuits", "集成电"), "集成电路"),
    (('"zhangjiang"', '"Zhangjiang Science"'), "Zhangjiang Science City"),
    (('["XC", "origin"]', '["西岑站", "origin"]'), "西岑"), (("qingpu = 30", '"青浦" = 30'), "青浦区"),
    (('"jiashan"', '"嘉善县"'), "嘉善"), (('"SH_HQ"', '"虹桥枢钮"'), "虹桥枢纽")])
def test_a_near_miss_suggests_a_name(change, near):
    assert any(f"did you mean '{near}'?" in said for said in problems(BY_ID.replace(*change)))


def test_a_jurisdiction_in_a_list_is_told_to_stand_alone():
    (said,) = problems(BY_ID.replace('["xicen", "fenhu"]', '["嘉善"]'))
    assert 'name a group of sites alone: sites = "jiashan"' in said


def test_a_region_that_is_not_there_is_told_as_such():
    (said,) = problems('region = "nowhere"\n' + BY_ID)
    assert "there is no folder" in said


# -- what there is ----------------------------------------------------------------------------------------

def listed(*arguments):
    return json.loads(runs.sim("list", *arguments, "--json").stdout)


def test_places_and_industries_of_the_region_are_listed():
    sites = listed("sites", "--lang", "zh")["sites"]
    assert sites["xicen"] == "西岑科创中心（qingpu、核心圈层）" and len(sites) == 33
    assert listed("jurisdictions")["jurisdictions"]["qingpu"].startswith("Qingpu")
    assert listed("industries", "--lang", "zh")["industries"]["software"]
    assert listed("stations")["stations"]["PVG"] == "Pudong Airport (air, 1999-09-16)"


def test_another_region_is_listed_by_its_folder(tmp_path):
    named_region.write(tmp_path / "region")
    sites = listed("sites", "--region", tmp_path / "region", "--lang", "zh")["sites"]
    assert len(sites) == 8 and sites["site-1"].startswith("云山镇")
    said = runs.sim("list", "sites", "--region", tmp_path / "other")
    assert said.exit_code == 2 and len(said.stderr.splitlines()) == 1


def test_parameters_are_listed_with_what_they_are():
    found = listed("parameters")["parameters"]
    assert "(km)" in found["peers.decay"] and "policies.<tax_rate>.rate" in found
    assert set(listed("parameters", "--lang", "zh")["parameters"]) == set(found)
