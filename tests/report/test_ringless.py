"""Regions without [rings]: pages, figures, the terminal and the explorer speak of the zone and what is outside it."""

import json
import re

import pytest

from sim.base.own_words import has_rings, spoken
from sim.metrics.counting import groups
from sim.plots.run import registry
from sim.plots.sensitivity.words import scalar
from sim.report.explorer import page as explorer
from sim.results import run_folder
from tests.samples import pages, runs

OF_RINGS = re.compile("圈层|联动|核心|辐射|\\b[Rr]ings?\\b|[Ll]inkage|[Rr]adiation|[Cc]ore\\b")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """(what a run of a region without rings says, its folder)"""
    folder = tmp_path_factory.mktemp("ringless")
    path = runs.write_scenario(folder)
    settings = folder / "region" / "region.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"\[rings\]\n(\w.*\n)*", "", text), encoding="utf-8")
    sites = folder / "region" / "sites.csv"
    sites.write_text(sites.read_text("utf-8").replace(",core,", ",,").replace(",linkage,", ",,"), encoding="utf-8")
    said = runs.sim("run", path, "--replicates", 2, "--lang", "both", "--out", folder / "out", "--jobs", 1)
    assert said.exit_code == 0, said.stderr
    return said.stderr, folder / "out"


@pytest.mark.parametrize("name", ["report.html", "report.zh.html"])
def test_a_page_speaks_of_no_rings(finished, name):
    said = pages.words_of((finished[1] / name).read_text("utf-8"))
    of_parameters = re.compile("taste|偏好|startup")     # of the model, whatever the region
    assert len(said) > 50 and [one for one in said if OF_RINGS.search(one) and not of_parameters.search(one)] == []


def test_the_terminal_tells_what_is_outside_the_zone(finished):
    assert "by ring" not in finished[0] and "linkage" not in finished[0]
    assert re.search(r"outside the zone, 2022-Q4: \d", finished[0])


def test_no_figure_splits_a_zone_that_is_one(finished):
    data = run_folder.load(finished[1])
    lang = spoken("zh", data.attrs)
    assert groups(data, "ring") == ["linkage", "radiation"] and not has_rings(lang)
    drawn = {path.name.partition(".")[0] for path in (finished[1] / "figures").iterdir()}
    assert drawn == {each.name for each in registry.entries()} - {"shares_ring"}
    assert scalar("headquarters_in_linkage", lang) == "片区总部数（期末）"


def test_the_explorer_offers_no_ring_but_what_is_outside(finished):
    region = explorer.frame(run_folder.load(finished[1]), "zh")
    assert region["names"]["ring"] == {"radiation": ["Outside the zone", "片区外"]} and region["map"]["rings"] == []
    assert [text for text in (json.dumps(region["words"][lang], ensure_ascii=False) for lang in ("en", "zh"))
            if re.search("Rings at|圈线|a ring or|圈层", text)] == []
