"""What is wrong with registration, sharing, funds and recognition is told with key and remedy."""

import pytest

from sim.base.errors import InputError
from sim.model.preflight.validation import region_of
from sim.scenario.load import load
from tests.samples import runs

SHARING = """
[policies.{name}]
instrument = "fiscal_sharing"
start = 2026-01-01
[policies.{name}.matrix]
{row}
"""
FAIR = "qingpu = {qingpu = 0.8, wujiang = 0.1, jiashan = 0.1}"
RECOGNITION = """
[policies.rule]
instrument = "recognition"
sites = "zone"
{keys}
"""
FUND = """
[policies.{name}]
instrument = "joint_fund"
share = {share}
start = {start}
"""


def told(tmp_path, text, *settings):
    """The problems of a scenario on the delta, one text."""
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n' + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        region_of(load(str(path), settings))
    assert len(caught.value.problems) == 1
    return str(caught.value.problems[0])


def sound(tmp_path, text):
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n' + text, encoding="utf-8")
    return region_of(load(str(path)))


@pytest.mark.parametrize(("row", "key", "words"), [
    ("qingpu = {qingpu = 0.8, wujiang = 0.1}", "matrix.qingpu", "sum to 0.9"),
    ("qingpu = {qingpu = 0.8, wujiang = 0.3}", "matrix.qingpu", "sum to 1.1"),
    ("qingpu = {qingpu = 1.2, wujiang = -0.2}", "matrix.qingpu", "[0, 1]"),
    ("qingpoo = {qingpu = 1.0}", "matrix.qingpoo", "qingpu"),
    ("qingpu = {qingpu = 0.5, wujian = 0.5}", "matrix.qingpu.wujian", "wujiang"),
    ("", "matrix", "a row")])
def test_a_sharing_matrix_is_refused(tmp_path, row, key, words):
    problems = _all(tmp_path, SHARING.format(name="share", row=row))
    assert any(f"policies.share.{key}" in line and words in line for line in problems), problems


def _all(tmp_path, text):
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n' + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        region_of(load(str(path)))
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_matrix_is_not(tmp_path):
    assert sound(tmp_path, SHARING.format(name="share", row=FAIR))


def test_two_matrices_at_once_are_refused(tmp_path):
    text = SHARING.format(name="a", row=FAIR) + SHARING.format(name="b", row=FAIR)
    assert any("are in force at the same time" in line for line in _all(tmp_path, text))


def test_one_fund_after_the_other_is_not(tmp_path):
    first = FUND.format(name="a", share=0.1, start="2026-01-01") + "end = 2030-01-01\n"
    assert sound(tmp_path, first + FUND.format(name="b", share=0.2, start="2030-01-01"))
    assert "at the same time" in told(tmp_path, first + FUND.format(name="b", share=0.2, start="2029-01-01"))


def test_a_policy_paid_by_a_fund_needs_one(tmp_path):
    text = '[policies.lakes]\ninstrument = "ecology"\nchange = 0.1\npayer = "fund"\n'
    assert "policies.lakes.payer" in told(tmp_path, text)
    assert "joint_fund" in told(tmp_path, text)
    assert sound(tmp_path, text + FUND.format(name="fund", share=0.2, start="2026-01-01"))


@pytest.mark.parametrize(("keys", "key", "words"), [
    ("revenue = {regional = -5.0}", "revenue.regional", "[0, 1e9]"),
    ("tax = {regional = -0.1}", "tax.regional", "[0, 1e9]"),
    ("revenue = {reginal = 5.0}", "revenue.reginal", "regional"),
    ("amount = 5.0", "revenue", "one type"),
    ("revenue = {regional = 5.0}\namount = -1.0", "amount", "[0, 10000]"),
    ('revenue = {regional = 5.0}\npayer = "anybody"', "payer", "local")])
def test_a_recognition_standard_is_refused(tmp_path, keys, key, words):
    found = told(tmp_path, RECOGNITION.format(keys=keys))
    assert f"policies.rule.{key}" in found
    assert words in found


@pytest.mark.parametrize(("setting", "allowed"), [
    ("registration.substance=1.2", "[0, 1]"), ("registration.substance=-0.1", "[0, 1]"),
    ("registration.share=0.7", "[0, 0.5)"), ("registration.dissimilarity=0", "[0.01, 1]"),
    ("fiscal.central_vat=1.5", "[0, 1]"), ("fiscal.vat=-0.1", "[0, 1]"),
    ('switches.registration="legal"', "'separate'")])
def test_shares_outside_their_bounds_are_refused(tmp_path, setting, allowed):
    found = told(tmp_path, "", setting)
    assert setting.split("=")[0] in found
    assert allowed in found


def test_the_command_says_so_in_one_line(tmp_path):
    path = tmp_path / "it.toml"
    path.write_text('region = "yrd-zone"\n' + SHARING.format(name="share", row="qingpu = {qingpu = 0.9}"))
    done = runs.sim("check", path)
    assert done.exit_code == 2
    assert "policies.share.matrix.qingpu" in done.stderr
    assert "Traceback" not in done.output
