"""What is printed at the end of a comparison: a table that fits the terminal, and what parameters leave open."""

import contextlib

import pytest
from rich.cells import cell_len

from sim import front_door
from sim.base.json_values import plain
from sim.base.messages import translate
from sim.cli import _comparison
from sim.cli import compare as command
from sim.experiments.compare import folder as comparison_folder
from sim.experiments.compare.effects import Effects
from sim.experiments.load import load as load_results
from tests.samples import sweeps

ROWS = [["情景", "level", "effect"], ["纳入上海自贸试验区（自 2026 年起）", "84.8", "+3.20"],
        ["基准情景", "81.5", "(baseline)"]]


def test_rows_that_are_wider_than_the_terminal_have_the_name_above_its_numbers():
    wide, narrow = list(command._aligned(ROWS, 80)), list(command._aligned(ROWS, 40))
    assert len(wide) == 3 and "84.8" in wide[1]
    assert len(narrow) == 6 and max(cell_len(line) for line in narrow) <= 40
    assert [line.split() for line in narrow[3:4]] == [["84.8", "+3.20"]]


def test_numbers_stand_below_one_another_either_way():
    for columns in (0, 40):
        lines = command._aligned(ROWS, columns)
        ends = [cell_len(line) for line in lines if line.endswith(("+3.20", "(baseline)"))]
        assert len(set(ends)) == 1 and len(ends) == 2


@pytest.mark.filterwarnings("ignore::sim.base.errors.ScenarioWarning")
def test_the_screen_the_files_and_python_have_the_numbers_of_one_object(place, tmp_path):
    """What is printed is not read back; it is what the files have, which were made of it."""
    folder, files = place
    with contextlib.chdir(folder), sweeps.without_processes():
        found = front_door.compare(files["base"], files["cut"], settings=("run.replicates=3",), out=tmp_path / "found",
                                   jobs=1, quiet=True)
    effects, content = found.analysed.effects, comparison_folder.load(found.folder)
    assert found.content == content and plain(effects.headline) == content["headline"]
    assert Effects(load_results(found.folder)).by_member.identical(effects.by_member)
    for lang in ("en", "zh"):
        printed = command.lines(effects, found.content, found.folder, lang)
        assert printed == command.lines(Effects(load_results(found.folder)), content, found.folder, lang)
    [row] = [each for each in content["headline"] if each["measure"] == "headquarters"]
    assert f"{row['mean']:+,.2f}" in " ".join(printed) and row["mean"] != 0


DRAWN = {
    "draws": 200, "half_life": {"median": 12.4, "p05": 4.0, "p95": None},
    "effects": [{"measure": "headquarters", "scenario": name, "mean": mean, "p05": mean - 2, "p95": mean + 2}
                for name, mean in (("low", 1.0), ("high", 3.0))],
    "turns": [{"scenario": "high", "other": "low", "share": 0.12}],
    "information": [{"scenario": "high", "other": "low", "unit": "headquarters", "everything": {"value": value},
                     "firm_list": {"value": 0.25, "certain": certain}}
                    for value, certain in ((0.5, True), (0.75, False), (0.0, True))]}


def test_draws_of_parameters_say_how_often_a_ranking_turns_and_what_not_knowing_costs():
    said = [translate(line, "en") for line in _comparison._draws(DRAWN, {"low": "Low", "high": "High"})]
    assert said[0].endswith("Low +1.0 [-1.0, +3.0], High +3.0 [+1.0, +5.0]")
    assert said[1] == "  Low is above High in 12% of the draws"
    assert "headquarters" not in translate(list(_comparison._draws(DRAWN, {"low": "Low", "high": "High"}))[2], "zh")
    assert [line.split("costs ")[1] for line in said[2:4]] == [
        "0.5 headquarters on average; a list of firms could save 0.25",
        "0.75 headquarters on average; a list of firms saves no more than chance would"]
    assert said[4].endswith("12 years [5-95 % of the draws: 4 years to no end]") and len(said) == 5
