"""`sim new`: a file that explains itself and is the shipped baseline."""

import pathlib
import re

import pytest

from sim.region.synthetic import synthetic_region, write
from sim.scenario import schema
from sim.scenario.load import load
from tests.samples.commands import ROOT, run


@pytest.mark.parametrize("full", [[], ["--full"]], ids=["short", "full"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_is_the_shipped_baseline(tmp_path, lang, full):
    said = run("new", tmp_path / "demo", "--lang", lang, *full)
    baseline, policy = map(pathlib.Path, said.stdout.splitlines())
    assert baseline == tmp_path / "demo" / "baseline.toml"
    assert load(baseline).digest == load(ROOT / "scenarios" / "baseline.toml").digest
    assert full or len(baseline.read_text("utf-8").splitlines()) < 80
    assert f"sim run {baseline}" in said.stderr
    assert load(policy).values.policies and not load(policy).warnings
    assert [name for name, _ in load(policy).files] == ["policy.toml", "baseline.toml"]


def test_a_new_scenario_is_about_the_region_that_is_named(tmp_path):
    write(synthetic_region(8, seed=3, nests=3), tmp_path / "region")
    said = run("new", tmp_path / "demo", "--region", tmp_path / "region")
    assert said.exit_code == 0, said.stderr
    for path in said.stdout.splitlines():
        assert run("check", path).exit_code == 0
    assert load(tmp_path / "demo" / "policy.toml").values.region.endswith("region")
    assert run("new", tmp_path / "other", "--region", "nowhere").exit_code == 2


@pytest.mark.parametrize(("line", "said"), [
    ("start = 2026/01/01", "write 2026-01-01"), ("start = '2026/1/1'", "write 2026-01-01"),
    ("start = '2026年1月1日'", "write 2026-01-01"), ("start = 2026.1.1", "write 2026-01-01")])
def test_a_date_that_is_written_otherwise_is_shown_as_files_write_it(tmp_path, line, said):
    (tmp_path / "x.toml").write_text(f"[time]\n{line}\n", "utf-8")
    found = run("check", tmp_path / "x.toml")
    assert found.exit_code == 2 and said in found.stderr and "time.start" in found.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_scenario_explains_every_parameter(tmp_path, lang):
    run("new", tmp_path, "--lang", lang, "--full")
    text = (tmp_path / "baseline.toml").read_text(encoding="utf-8")
    for entry in load(tmp_path / "baseline.toml").entries():
        if entry.path[0] == "policies":                 # explained in the other file
            continue
        assert (entry.row.doc_zh if lang == "zh" else entry.row.doc) in text
        assert re.search(rf"(?m)^{entry.path[-1]} = ", text)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_commented_policy_of_a_new_scenario_can_be_switched_on(tmp_path, lang):
    run("new", tmp_path, "--lang", lang, "--full")
    policy = tmp_path / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^# (?=[\[\w]+(\.[\w-]+)*( = |\]))", "", text)
    policy.write_text(text, encoding="utf-8")
    twice = run("check", policy).stderr.strip()         # two regimes have the tax rule of Lingang
    assert "lingang-tax" in twice and "\n" not in twice
    policy.write_text(re.sub(r"(\[policies\.lingang-tax\]\n)", r"\1enabled = false\n", text), encoding="utf-8")
    loaded = load(policy)
    assert set(loaded.instruments.values()) == set(schema.policy_models())
    assert {f"my_{name}" for name in schema.policy_models()} <= set(loaded.values.policies)
    assert run("check", policy).exit_code == 0          # names in the examples are the region's


def test_new_never_writes_over_a_file(tmp_path):
    (tmp_path / "policy.toml").write_text("mine")
    said = run("new", tmp_path)
    assert said.exit_code == 2 and "policy.toml: it already exists; choose another folder" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]
    assert (tmp_path / "policy.toml").read_text() == "mine"


def test_new_in_a_place_that_cannot_be_written_ends_with_4(tmp_path):
    (tmp_path / "file").write_text("")
    said = run("new", tmp_path / "file" / "demo")
    assert said.exit_code == 4 and "cannot be written" in said.stderr
