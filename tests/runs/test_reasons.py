"""Why runs have no result, in the reader's language: on the terminal, in files and from Python."""

import types

import numpy as np
import pandas as pd
import pydantic
import pytest

from sim.base.calendar import Calendar
from sim.base.errors import in_a_line
from sim.base.messages import both, translate
from sim.config import fault_wording
from sim.experiments.sweep import load
from sim.model import simulate
from sim.runs import rows
from sim.scenario import schema
from tests.samples import runs, sweeps


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """(what the command says in Chinese, its folder) of a sweep one of whose two runs fails."""
    folder = tmp_path_factory.mktemp("reasons")
    said = runs.sim("sweep", sweeps.write(folder, sweeps.TOO_MUCH_GROWTH), "--out", folder / "out", "--jobs", 1,
                    LANG="zh_CN.UTF-8")
    return said, folder / "out"


def test_a_failed_run_is_told_in_chinese_on_a_chinese_terminal(swept):
    said, folder = swept
    english, chinese = load.failures(folder)[["reason", "reason_zh"]].iloc[0]
    assert said.exit_code == 3 and chinese in said.stderr
    assert english.startswith("growth.") and "enterprises have" in english and "\n" not in english
    assert "enterprise" not in chinese and "企业" in chinese
    assert "enterprise" not in said.stderr


def test_failed_csv_has_both_languages(swept):
    table = pd.read_csv(swept[1] / "failed.csv", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(table[["reason", "reason_zh"]],
                                  load.failures(swept[1])[["reason", "reason_zh"]].reset_index(drop=True),
                                  check_dtype=False)


def test_a_reason_that_was_stored_in_english_alone_is_told_as_it_is():
    assert both(rows.reason_of("NonFinite: non-finite rent")) == ("NonFinite: non-finite rent",) * 2


def test_numbers_that_are_none_are_told_in_both_languages():
    world = types.SimpleNamespace(calendar=Calendar.between(*(pd.Timestamp(day).date() for day in (
        "2021-01-01", "2022-12-31"))), replicates=[7])
    info = types.SimpleNamespace(rent=np.array([[1.0, np.nan]]), floor=np.ones((1, 2)))
    with pytest.raises(simulate.NonFinite) as caught:
        simulate._check(world, 1, info)
    assert both(in_a_line(caught.value)) == ("non-finite rent at quarter 2021-Q2 of replicate 7",
                                             "第 7 次重复在 2021-Q2 的租金不是有限的数")


def test_what_a_rule_or_a_bound_refuses_is_told_in_both_languages():
    core = schema.build()
    with pytest.raises(pydantic.ValidationError) as caught:
        core.model_validate({"moving": {"rate": -1.0}})
    told = fault_wording.in_a_line(caught.value)
    assert "greater than" in told and "greater" not in translate(told, "zh") and "应为" in translate(told, "zh")
