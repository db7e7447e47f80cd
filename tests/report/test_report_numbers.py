"""Pages of runs are true to the tables, and name every input with its evidence."""

import math

import pandas as pd
import pytest

from sim.base.errors import InputError
from sim.base.messages import LANGUAGES
from sim.metrics.headquarters_in_zone import headquarters_in_zone
from sim.plots.common.words import moment
from sim.report import assumptions, findings, inputs, render, run_page, tables
from sim.report.brief import write
from sim.report.brief.sheet import Block, Sheet
from sim.report.words import known, word
from sim.results.run_folder import load
from sim.scenario.load import load as load_scenario
from tests.samples import pages, results_sample, runs
from tests.samples.pages import page

# -- true to the tables -------------------------------------------------------------------------------

def test_the_table_of_a_page_is_the_summary(run_folder):
    summary = pd.read_csv(run_folder / "summary.csv")
    hq = summary[(summary["measure"] == "headquarters") & (summary["level"] == "zone")]
    head, zone, *rest = pages.rows_of(page(run_folder), "by ring and jurisdiction")
    last = hq.iloc[-1]
    assert zone[1:] == [*(f"{mean:.1f}" for mean in hq["mean"]), f"{last['p05']:.1f}", f"{last['p95']:.1f}",
                        f"{last['se']:.1f}"]
    assert head[1:len(hq) + 1] == [moment(quarter, "en") for quarter in hq["quarter"]]
    rings = [row[1:] for row in rest if row[0] in ("Core ring", "Linkage ring")]
    assert rings
    for k, here in enumerate(zone[1:len(hq) + 1]):
        assert float(here) == pytest.approx(sum(float(ring[k]) for ring in rings), abs=0.151)   # rounded


def test_the_opening_sentence_is_the_metric(run_folder):
    data = load(run_folder)
    mean = headquarters_in_zone(data).mean("member").values
    said = findings.sentences(data, "en")
    assert f"from {mean[0]:.0f} headquarters" in said[0]
    assert f"to {mean[-1]:.0f} at" in said[0]
    assert said[0].split(" headquarters")[0] in page(run_folder)


def test_a_run_says_that_its_growth_is_no_effect_of_policy(run_folder):
    for lang in LANGUAGES:
        assert word("not_effect", lang) in page(run_folder, lang)


@pytest.mark.parametrize("case", ["one run", "no headquarters", "no zone", "the opening"])
def test_sentences_bear_odd_results(case):
    data = results_sample.build(members=3, quarters=6)
    odd = {"one run": lambda: data.isel(member=[0]), "no headquarters": lambda: results_sample.without(data),
           "no zone": lambda: data.isel(site=~data["in_zone"]), "the opening": lambda: data.isel(quarter=[0])}
    for lang in LANGUAGES:
        assert findings.cards(odd[case](), lang)
        assert all("nan" not in said for said in findings.sentences(odd[case](), lang))


# -- what was assumed, and inputs ---------------------------------------------------------------------

def test_assumed_effects_are_those_of_the_table_class_by_class(run_folder):
    table = pd.read_csv(run_folder / "assumed.csv")
    found = assumptions.read(run_folder / "assumed.csv")
    assert {one.policy for one in found} == set(table["policy"])
    for one in found:
        rows = [row for row in table.to_dict("records") if row["policy"] == one.policy
                and row["instrument"] == one.instrument and row["status"] == one.status]
        reached = [row for row in rows if row["dv_lowest"] != 0 or row["dv_highest"] != 0]
        assert (one.reached, one.classes) == (len(reached), len(rows))
        if reached:
            assert one.mean == pytest.approx(sum(row["dv"] for row in reached) / len(reached))
            assert one.low == min(row["dv_lowest"] for row in reached)
            assert one.odds == pytest.approx(math.exp(one.mean))


def test_every_input_of_the_resolved_file_is_listed_with_its_evidence(run_folder):
    text = (run_folder / "resolved.toml").read_text("utf-8")
    entries = load_scenario(str(run_folder / "resolved.toml")).entries()
    listed = inputs.read(text)
    wanted = {".".join(entry.path): entry.row.evidence for entry in entries if entry.value is not None}
    assert {one.key: one.evidence for one in listed} == wanted
    assert [one.key for one in listed if not one.doc] == []
    assert sum(number for _, number, _ in inputs.by_evidence(listed)) == len(wanted)


def test_an_input_whose_value_looks_like_a_comment_is_read_whole():
    line = 'title = "x  # 1; data: forged; default"  # text; choice: the user; a.toml:1'
    (one,) = inputs.read(line)
    assert (one.evidence, one.origin) == ("choice", "a.toml:1")
    assert "forged" in one.value


# -- the command --------------------------------------------------------------------------------------

def test_a_folder_without_a_finished_run_is_told_in_one_line(tmp_path):
    said = runs.sim("report", tmp_path)
    assert said.exit_code == 2
    assert len(said.stderr.strip().splitlines()) == 1
    with pytest.raises(InputError, match="there is no finished run in this folder"):
        run_page.write(tmp_path)


def test_a_column_of_words_stands_to_the_left_and_one_of_numbers_to_the_right():
    """Also where its first cell is a dash, or a number that is not known."""
    table = tables.Table("", ["a", "b", "c", "d"], [["x", "–", "–", "25–30%"], ["y", "words", "nan", "1"],
                                                     ["z", "more", "2.0", "–"]])
    assert table.wordy == {0, 1} and table.wordy is table.wordy               # a page asks at every cell


def test_a_page_for_paper_has_the_minus_sign_of_sentences_in_its_tables(tmp_path):
    block = Block("h", [], [tables.Table("t", ["a", "b", "c"], [["x", "−18.1", "-3%"]])])
    path = write._page(tmp_path / "b.html", [Sheet("n", "k", "t", "a", "d", [], [[block]], "f")], "en")
    assert "<td>−18.1</td><td>−3%</td>" in path.read_text("utf-8")


def test_a_value_from_the_command_line_is_told_in_words_and_not_as_a_formula():
    assert [render.cell(known("--set", lang)) for lang in ("en", "zh")] == ["command line", "命令行"]


def test_members_of_an_alliance_are_told_by_its_title():
    assert known("members of chips", "zh", titles={"chips": "集成电路联盟"}) == "集成电路联盟的成员"
