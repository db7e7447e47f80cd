"""Pages and figures of other regions speak of no place, zone or study of the embedded one; each in its own words."""

import contextlib
import json
import re

import pytest

from sim.base.errors import InputError
from sim.cli import _summary, compare
from sim.experiments.compare import folder as comparison_folder
from sim.experiments.compare.effects import Effects
from sim.experiments.load import load
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import save as comparison_save
from sim.plots.run import save
from sim.region import load as region_files
from sim.region.synthetic import files_of, synthetic_region
from sim.report import sources
from sim.results import dataset
from tests.samples import named_region, pages, results_sample, runs

LANGUAGES = ("en", "zh")
WORDS = '\n[words]\nzone_zh = "海湾区"\nnote = "After the Bay Plan."\nnote_zh = "依据海湾规划。"\n' \
    'caveats = ["Ships at anchor."]\ncaveats_zh = ["锚地船舶数。"]\norigin = "the pier"\norigin_zh = "栈桥"\n'
CITED = "2019 年临港总体方案"            # the source of the tax rule, as citable as any literature


def strange_words():
    """What only the embedded region has: its places' names, and its own words."""
    zone = region_files.load("yrd-zone")
    named = [str(name) for table in (zone.jurisdictions, zone.sites) for column in ("name_en", "name_zh", "short_zh")
             if column in table for name in table[column]]
    own = [word for word in zone.words.values() if isinstance(word, str)]
    return {*named, *own, *zone.words["caveats"], *zone.words["caveats_zh"], "Jiashan", "嘉善", "Guo, Luo",
            "十镇", zone.title, zone.title_zh}


def told(text):
    """The strange words in a text."""
    text = text.replace(CITED, "")
    return {word for word in strange_words() if re.search(rf"\b{re.escape(word)}\b" if word.isascii() else word, text)}


def texts(figure):
    found = figure.findobj(lambda artist: hasattr(artist, "get_text"))
    return " ".join(text.get_text() for text in found).replace("\n", " ")


@pytest.mark.parametrize("kind", ["run", "comparison"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_of_another_region_are_free_of_this_one(evil_folders, kind, lang):
    name = {"en": "report.html", "zh": "report.zh.html"}[lang]
    text = (evil_folders[kind] / name).read_text("utf-8")
    said = re.sub(r"<style>.*?</style>|<table class=\"inputs\">.*?</table>|src=\"data:[^\"]*\"", "", text, flags=re.S)
    assert told(said) == set()                       # the inputs cite literature, which is everybody's


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["map", "paths", "shares_ring", "shares_jurisdiction"])
def test_figures_of_another_region_are_free_of_this_one(evil_folders, name, lang):
    data = dataset.load(evil_folders["run"] / "results.nc")
    assert told(texts(save.draw(data, name, lang))) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["effect_map", "ranked", "leakage"])
def test_figures_of_a_comparison_of_another_region_are_free_of_this_one(evil_folders, name, lang):
    assert told(texts(comparison_save.draw(comparison_data.load(evil_folders["comparison"]), name, lang))) == set()


def test_the_legend_of_a_map_shows_what_is_drawn(evil_folders):
    bare, full = dataset.load(evil_folders["run"] / "results.nc"), results_sample.build()
    keys = ("district of the zone", "lake", "station planned for later")
    assert [key in texts(save.draw(full, "map")) for key in keys] == [True, True, True]
    assert [key in texts(save.draw(bare, "map")) for key in keys] == [False, False, False]
    lines = json.loads(bare.attrs["basemap"])
    lines["lines"] = [link for link in lines["lines"] if link["opened"] < "2020"]
    said = texts(save.draw(bare.assign_attrs(basemap=json.dumps(lines)), "map"))
    assert "station open at" in said and "station planned" not in said and "station opening" not in said


@pytest.fixture(scope="module")
def bay(tmp_path_factory):
    """Folders of a run and a comparison on a region with names and words of its own, with pages."""
    folder = tmp_path_factory.mktemp("bay")
    first = runs.write_scenario(folder, pages.SCENARIO)
    named_region.write(folder / "region", words=WORDS.encode())
    (folder / "second.toml").write_text('extends = "small.toml"\n[policies.tax]\nrate = 5.0\n', "utf-8")
    with contextlib.chdir(folder):
        said = runs.sim("compare", first, folder / "second.toml", "--out", "compared", "--no-figures", "--jobs", 1,
                        "-q")
        assert said.exit_code == 0, said.output
        sources.gather(folder / "compared", comparison_folder.load(folder / "compared"))
    return {"run": folder / "outputs" / "small", "comparison": folder / "compared"}


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_a_region_says_its_own_words(bay, kind):
    english, chinese = (content.decode() for content in pages.redrawn(bay[kind]))
    assert "After the Bay Plan." in english and "Ships at anchor." in english
    assert "海湾区" in chinese and "片区" not in chinese and "云山镇" in chinese
    assert "依据海湾规划。" in chinese and "锚地船舶数。" in chinese
    assert told(re.sub(r"<table class=\"inputs\">.*?</table>|<style>.*?</style>", "", chinese, flags=re.S)) == set()


def test_tables_and_figures_and_the_screen_use_its_words_too(bay):
    assert "距栈桥" in texts(comparison_save.draw(comparison_data.load(bay["comparison"]), "effect_map", "zh"))
    assert "海湾区" in texts(save.draw(dataset.load(bay["run"] / "results.nc"), "paths", "zh"))
    assert "海湾区" in (bay["run"] / "summary.csv").read_text("utf-8")
    assert "海湾区" in (bay["comparison"] / "effects.csv").read_text("utf-8")
    said = json.loads((bay["comparison"] / "comparison.json").read_text("utf-8"))
    found = Effects(load(bay["comparison"]))
    assert "海湾区总部企业" in " ".join(compare.lines(found, said, bay["comparison"], "zh"))
    assert "海湾区总部企业" in " ".join(_summary.lines(bay["run"], "zh"))


def test_own_words_come_through_files_and_results():
    zone = region_files.load("yrd-zone")
    assert zone.words["zone_zh"] == "示范区"
    assert region_files.from_files(files_of(zone)).words == zone.words
    assert synthetic_region(4).words == {} and region_files.load("us-metros").words["counted"] is True


@pytest.mark.parametrize("words, said", [
    ('zone = "x"', "did you mean 'zone_zh'"), ("zone_zh = 3", "text in quotes"), ('caveats = "one"', "a list of texts"),
    ('zone_zh = ""', "a text")])
def test_faulty_words_are_told_by_key(words, said):
    with pytest.raises(InputError) as caught:
        region_files.from_files(named_region.files(words=f"\n[words]\n{words}\n".encode()), "mine")
    (problem,) = caught.value.problems
    assert problem.where.startswith("mine/region.toml:") and problem.key.startswith("words.") and said in str(problem)
