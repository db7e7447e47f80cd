"""What a first user does wrong gets a sentence that says what to do."""

import pytest

from sim.base.errors import InputError, OutputError
from sim.base.files import open_folder
from sim.base.messages import translate
from sim.cli import open as opening
from sim.config import toml_file
from sim.config.fault_wording import unfit
from sim.experiments.sweep import sweep_file
from sim.results import run_folder
from sim.scenario import load, parameter_paths
from tests.samples import runs


def refused(call, *arguments):
    """The problem of which a call complains, in English and in Chinese."""
    with pytest.raises(InputError) as error:
        call(*arguments)
    (problem,) = error.value.problems
    return str(problem), problem.told("zh")


@pytest.mark.parametrize("text", ["2030-13-31", "2030-02-30", "2030年2月30日"])
def test_no_day_that_does_not_exist_is_proposed(text):
    assert str(unfit(text, "date")) == f"'{text}' is not a date"


def test_the_day_that_is_meant_is_proposed():
    assert str(unfit("2030年2月8日", "date")) == "'2030年2月8日' is not a date (write 2030-02-08)"


def test_a_folder_in_the_place_of_a_scenario_names_a_file_in_it(tmp_path):
    (tmp_path / "baseline.toml").write_text("")
    english, chinese = refused(toml_file.read, tmp_path)
    assert english == f"{tmp_path}: it is a folder; name a file, such as {tmp_path}/baseline.toml"
    assert "这是一个文件夹" in chinese


def test_a_setting_without_a_value_is_no_setting():
    english, _ = refused(load.load, runs.ROOT / "scenarios" / "baseline.toml", ["time.end"])
    assert english == "--set: 'time.end' is not a setting; expected key=value, e.g. time.end=2035-12-31"


def test_a_scenario_in_the_place_of_a_sweep_is_called_so():
    english, _ = refused(sweep_file.read, runs.ROOT / "scenarios" / "tod.toml")
    assert english.endswith("this is a scenario file, not a sweep file; "
                            "name it in a sweep file: scenario = \"tod.toml\"")


def test_a_misspelt_policy_is_not_taken_for_the_table_of_all():
    scenario = load.load(runs.ROOT / "scenarios" / "tod.toml")
    english, _ = refused(parameter_paths.asked, scenario, "policies.x.y", "--key")
    assert "did you mean 'policies'" not in english


@pytest.mark.parametrize("call", [run_folder.finished, lambda folder: opening._page(folder, "en")])
def test_a_folder_that_is_not_there_is_called_so(call, tmp_path):
    assert "there is no such folder" in refused(call, tmp_path / "nowhere")[0]


def test_a_file_in_the_place_of_the_folder_of_results_is_called_so(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(OutputError, match="x: it is a file; choose a folder"):
        open_folder(tmp_path / "x")


def test_what_a_regime_sets_is_told_in_chinese():
    scenario = load.load(runs.ROOT / "scenarios" / "shanghai-ftz.toml")
    origins = {translate(origin, "zh") for key, origin in scenario.origin.items() if key.startswith("policies.")}
    assert {"制度", "默认"} <= origins and "regime" not in origins
