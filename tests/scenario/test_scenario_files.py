"""The scenario files that are shipped: complete, described, true to their parts, and sound when they run."""

import dataclasses
import pathlib
import re
import tomllib

import numpy as np
import pytest

from sim import policies
from sim.config import toml_file
from sim.model import assemble, choice_tables, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import notes, region_of
from sim.policies.sites import chosen_sites
from sim.scenario.load import load
from tests.samples import worlds

ROOT = pathlib.Path(__file__).parents[2]
FILES = {path.stem: path for path in sorted(ROOT.glob("scenarios/*.toml"))}
SMALL = ["population.candidates=6000", "diagnostics.members=0", "time.start=2025-10-01", "time.end=2026-12-31"]
PACKAGES = {"projects": ["planning-concentrated-simultaneous", "infrastructure", "smart-brain", "carrier-upgrade"],
            "infrastructure": ["transit-loop", "express-roads"],
            "dual-regime": ["shanghai-ftz", "innovation-center"],
            "service-systems": [name for name in FILES if name.startswith("services-")],
            "full-package": ["fiscal-sharing", "hq-recognition", "projects", "dual-regime", "alliances",
                             "service-systems", "tod", "red-line", "talent-spillover", "enclave-outbound",
                             "enclave-inbound"]}            # where two name a policy, the later one counts
STAYS = {"land_capacity", "floor_area_ratio", "tod", "red_line", "ecology", "express_road", "fiscal_sharing",
         "joint_fund"}
PLANS = sorted(name for name in FILES if name.startswith("planning-"))
WITHDRAWN = sorted(name for name in FILES if name.endswith("-withdrawn"))
FEW = ("baseline", "alliances", "full-package", "red-line", "shanghai-ftz")        # the others are slow together
RUN = [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in FILES]


def tables_of(name):
    """The policies of a scenario as plain tables, without those of the baseline that it leaves as they are."""
    common, own = load(FILES["baseline"]).tables()["policies"], load(FILES[name]).tables()["policies"]
    return {policy: table for policy, table in own.items() if common.get(policy) != table}


# -- what a file says ----------------------------------------------------------------------------------

@pytest.mark.parametrize("name", FILES)
def test_a_file_has_titles_in_both_languages_and_begins_with_where_its_numbers_come_from(name):
    text = FILES[name].read_text("utf-8")
    data = tomllib.loads(text)
    head = re.match(r"(#.*\n)+", text)
    assert data["title"] and re.search(r"[\u4e00-\u9fff]", data["title_zh"])
    assert head and len(head[0].split()) >= 12


@pytest.mark.parametrize("name", FILES)
def test_every_policy_of_a_file_has_titles_of_its_own_in_both_languages(name):
    found = load(FILES[name]).values.policies.values()
    assert [policy.title for policy in found if not re.search("[A-Za-z]", policy.title)] == []
    assert [policy.title for policy in found if not re.search(r"[\u4e00-\u9fff]", policy.title_zh)] == []
    for titles in ([policy.title for policy in found], [policy.title_zh for policy in found]):
        assert len(set(titles)) == len(titles)


def test_titles_tell_the_files_apart():
    for key in ("title", "title_zh"):
        titles = [toml_file.read(path).data[key] for path in FILES.values()]
        assert len(set(titles)) == len(titles)


def test_the_page_of_proposals_and_the_table_of_files_name_every_file():
    page, listed = ((ROOT / name).read_text("utf-8") for name in ("docs/policies.md", "scenarios/README.md"))
    proposals = set(re.findall(r"[\w-]+", page))
    elsewhere = [name for name in FILES if load(FILES[name]).values.region != "yrd-zone"]
    assert [name for name in FILES if name not in proposals and name not in (*WITHDRAWN, *elsewhere)] == []
    assert [name for name in FILES if f"[{name}.toml]({name}.toml)" not in listed] == []
    assert [name for name in re.findall(r"\(([\w-]+)\.toml\)", listed) if name not in FILES] == []


def test_every_instrument_is_used_by_a_file_or_is_a_users_own():
    used = {instrument for path in FILES.values() for instrument in load(path).instruments.values()}
    assert set(policies.registry.names()) - used == {"grant", "talent"}


# -- packages, plans, withdrawals ------------------------------------------------------------------------

@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_its_parts_to_the_last_key(package):
    parts = {}
    for name in PACKAGES[package]:
        parts |= tables_of(name)
    assert tables_of(package) == parts


def floor_added(name):
    """Quarters and places: (quarter, site) floor that a plan has added to the base year's by 2040."""
    scenario = load(FILES[name])
    region = region_of(scenario)
    world = assemble.build(region, members_of(scenario, [0]))
    flat = np.zeros((1, world.sites))
    return np.array([(choice_tables.levers_at(world, q, flat, flat + 1.0).floor - world.base_floor)[0]
                     for q in range(-1, world.calendar.length, 4)])


def test_all_plans_end_with_the_same_sum_of_floor():
    added = {name: floor_added(name) for name in PLANS}
    assert len(PLANS) == 4 and all(abs(a[-1].sum() - 2.0) < 1e-9 and (a[0] == 0).all() for a in added.values())
    for kind in ("scattered", "concentrated"):
        at_once, in_turn = added[f"planning-{kind}-simultaneous"], added[f"planning-{kind}-serial"]
        np.testing.assert_allclose(at_once[-1], in_turn[-1], rtol=1e-12)
        assert (at_once.sum(axis=1) >= in_turn.sum(axis=1) - 1e-12).all() and at_once.sum() > in_turn.sum()
    spread = [np.count_nonzero(added[f"planning-{kind}-serial"][-1]) for kind in ("scattered", "concentrated")]
    assert spread == [10, 4]


@pytest.mark.parametrize("name", WITHDRAWN)
def test_a_withdrawn_package_differs_in_its_ends_alone_and_ends_all_but_what_stays(name):
    whole, ended = load(FILES[name.removesuffix("-withdrawn")]), load(FILES[name])
    before, after = whole.tables()["policies"], ended.tables()["policies"]
    assert {key: {k: v for k, v in table.items() if k != "end"} for key, table in after.items()} == before
    stay = {policy for policy, table in after.items() if "end" not in table}
    baseline = set(load(FILES["baseline"]).instruments)
    assert all(ended.instruments[policy] in STAYS for policy in stay - baseline)
    assert any("end" in table for table in after.values())


@pytest.mark.parametrize(("name", "meeting"), [
    ("full-package", 6), ("projects", 1), ("dual-regime", 0), ("baseline", 0)])
def test_what_meets_on_one_lever_is_told_with_its_rule(name, meeting):
    scenario = load(FILES[name])
    found = list(map(str, notes(scenario, region_of(scenario))))
    assert len(found) == meeting
    assert all(re.search(r"\.toml:\d+:\d+: policies\..*(multipl(y|ies)|the best known of the alliances)", line)
               for line in found)


# -- what is in the baseline -------------------------------------------------------------------------------

def test_every_recorded_status_has_its_instrument_or_site_as_a_source():
    region = region_of(load(FILES["baseline"]))
    for row in region.statuses.itertuples():
        cited = re.search(r"instruments\.csv (P\d+)", row.source)
        assert cited or "sites.csv" in row.source or "the study" in row.source, row
        if cited:
            first_year = int(re.search(r"\d{4}", region.instruments.loc[cited[1], "start"])[0])
            assert row.start.year >= first_year, row
        assert 0 < row.level <= 1


@pytest.mark.parametrize(("policy", "sites", "gains"), [
    ("shanghai-ftz", ["lingang"], False), ("shanghai-ftz", ["xicen"], True), ("innovation-center", ["zizhu"], False)])
def test_a_regime_gives_nothing_to_who_has_it_already(policy, sites, gains):
    file = load(FILES[policy], ["time.end=2030-12-31"])
    region = region_of(file)
    part = [(name, file.instruments[name], section.model_copy(update={"sites": sites, "lag": 0.0}))
            for name, section in file.values.policies.items() if file.instruments[name] == "regime_exposure"]
    member = members_of(file, [0])[0]
    with_it, without = (assemble.build(region, [dataclasses.replace(member, policies=tuple(given))])
                        for given in (part, []))
    flat, here = np.zeros((1, len(region.sites))), chosen_sites(region, sites)
    for regime in ("ftz", "scitech"):
        levels = [choice_tables.levers_at(world, 30, flat, flat + 1.0).status(regime)[0]
                  for world in (with_it, without)]
        assert (levels[0][~here] == levels[1][~here]).all()
        if (regime == "ftz") == (policy == "shanghai-ftz"):
            assert ((levels[0] > levels[1])[here] == gains).all() and (levels[0][here] == 1.0).all()


# -- runs ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", RUN)
def test_a_file_runs_and_keeps_its_accounts(name):
    """T29 in every shipped scenario: enterprises follow from flows, floor and rents from the market."""
    scenario = load(FILES[name], SMALL)
    world = assemble.build(region_of(scenario), members_of(scenario, range(2)))
    made = worlds.Made(world, *initialise.prepare(world))
    before, slack, eta = worlds.enterprises(made), world.p.land.slack[:, None], world.p.land.elasticity[:, None]
    flat = np.zeros((1, world.sites))
    for quarter, info in enumerate(worlds.run(made, world.calendar.length)[0]):
        e, land = info.events, choice_tables.levers_at(world, quarter, flat, flat + 1.0).land
        moved = e.flows[..., :-1].sum(axis=2) - e.flows.sum(axis=3)
        change = (e.entries - e.exits).sum(axis=3) + moved.transpose(0, 2, 1)
        assert (info.enterprises.sum(axis=3) == before.sum(axis=3) + change).all()
        assert (info.headquarters <= info.enterprises).all()
        np.testing.assert_allclose(info.floor, np.minimum(slack * land, land * info.rent ** eta), rtol=1e-12)
        before = info.enterprises


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_scenario_without_a_title_is_called_after_its_policies(lang, tmp_path):
    """Also once it is resolved; a title that is set stays."""
    from sim.scenario import template
    _, policy = template.write(tmp_path / "demo", lang)
    later = load(str(policy), ["policies.shanghai-ftz.start=2030-04-01"])
    assert load(str(policy)).titles == ("Join the Shanghai FTZ from 2026", "加入上海自贸区（2026 年起）")
    assert later.titles == ("Join the Shanghai FTZ from 2030-04-01", "加入上海自贸区（2030-04-01起）")
    (tmp_path / "resolved.toml").write_text(later.resolved_toml(), "utf-8")
    again = load(str(tmp_path / "resolved.toml"))
    assert (again.titles, again.digest) == (later.titles, later.digest)
    assert load(str(policy), ['title="Mine"']).titles == ("Mine", "Mine")


def test_a_title_is_of_its_own_file(tmp_path):
    """Who adds a policy to a scenario with a title is called after what was added, unless there is a title again."""
    (tmp_path / "base.toml").write_text('title = "Base"\ntitle_zh = "基准"\n', "utf-8")
    child = tmp_path / "child.toml"
    child.write_text('extends = "base.toml"\n[policies.mine]\ninstrument = "grant"\ntitle = "Help"\namount = 5.0\n'
                     'sites = "zone"\nstart = 2027-01-01\n', "utf-8")
    assert load(str(child)).titles == ("Help from 2027", "Help（2027 年起）")
    assert load(str(child), ['title="Mine"']).titles[0] == "Mine"
    child.write_text('extends = "base.toml"\n[growth]\nsd = 0.2\n', "utf-8")
    assert load(str(child)).titles == ("Base", "基准")
