"""What a scenario inherits, and what settings change."""

import pytest

from sim.base.errors import InputError
from sim.config.toml_file import format_value
from sim.scenario.load import load
from tests.samples.scenario_texts import problems, scenario


def folder_with(tmp_path, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


def test_a_child_wins_key_by_key_and_every_value_is_traced(tmp_path):
    (tmp_path / "sub").mkdir()
    folder_with(tmp_path, base="title = 'base'\n[run]\nseed = 1\nreplicates = 2\n[policies.p]\n"
                               "instrument = 'grant'\namount = 1\nsites = 'zone'")
    folder_with(tmp_path, middle="extends = 'base'\n[run]\nseed = 3\n[policies.p]\namount = 2")
    folder_with(tmp_path / "sub", top="extends = '../middle.toml'\n[policies.q]\nregime = 'shanghai-ftz'\n"
                                      "tax.years = 2")
    top = load(tmp_path / "sub" / "top.toml", ["run.replicates=9"])
    values = top.values
    assert (values.title, values.run.seed, values.run.replicates) == ("Join the Shanghai FTZ from 2026", 3, 9)
    assert (values.policies["p"].amount, values.policies["p"].sites) == (2, "zone")
    assert {key: top.origin[key] for key in (
        "title", "run.seed", "run.replicates", "time.end", "policies.p.amount", "policies.p.sites",
        "policies.p.start", "policies.q-tax.years", "policies.q-tax.rate", "policies.q-tax.lag")} == {
        "title": "policies", "run.seed": "../middle.toml:3", "run.replicates": "--set",
        "time.end": "default", "policies.p.amount": "../middle.toml:5",
        "policies.p.sites": "../base.toml:8", "policies.p.start": "default",
        "policies.q-tax.years": "top.toml:4", "policies.q-tax.rate": "regime",
        "policies.q-tax.lag": "default"}
    assert [name for name, _ in top.files] == ["top.toml", "../middle.toml", "../base.toml"]
    assert top.text == (tmp_path / "sub" / "top.toml").read_text()


def test_a_fault_in_a_parent_is_told_in_the_parent(tmp_path):
    folder_with(tmp_path, base="[run]\nseed = 'x'", child="extends = 'base.toml'\n[run]\nreplicates = 5")
    with pytest.raises(InputError, match=r"base\.toml:2:1: run\.seed: 'x' is text; expected a whole number"):
        load(tmp_path / "child.toml")


def test_a_value_that_replaced_a_table_is_told_where_it_stands(tmp_path):
    folder_with(tmp_path, base="[run]\nseed = 1", child="extends = 'base.toml'\nrun = 5")
    with pytest.raises(InputError, match=r"child\.toml:2:1: run: 5 is a number; expected a table"):
        load(tmp_path / "child.toml")


@pytest.mark.parametrize("name", ["/etc/passwd", "~/x.toml", "$HOME/x.toml", "%TEMP%", "..\\x.toml", "C:x",
                                  "", "a\0b", "a\nb", "\u202ex", 5, ["base"]])
def test_a_path_that_is_not_plainly_relative_is_refused(name):
    text = f"extends = {format_value(name)}"
    (line,) = problems(text)
    assert line.startswith("x.toml:1:1: extends: ") and "is not a relative path; expected a relative path" in line


def test_a_missing_parent_is_told_at_the_line_that_names_it(tmp_path):
    folder_with(tmp_path, baseline="", child="\nextends = 'basline'")
    told = r"child\.toml:2:1: extends: there is no file .*basline.*; did you mean 'baseline\.toml'"
    with pytest.raises(InputError, match=told):
        load(tmp_path / "child.toml")


def test_cycles_and_endless_chains_are_refused(tmp_path):
    folder_with(tmp_path, a="extends = 'b'", b="extends = 'a'", me="extends = './me.toml'")
    folder_with(tmp_path, **{f"c{n}": f"extends = 'c{n + 1}'" for n in range(20)})
    for name, said in (("a", "b.toml:1:1: extends: the files extend each other in a circle"), ("me", "in a circle"),
                       ("c0", "more than 16 files")):
        with pytest.raises(InputError, match=said):
            load(tmp_path / f"{name}.toml")


def test_a_policy_switched_off_is_no_policy(tmp_path):
    folder_with(tmp_path, base="[policies.p]\nregime = 'shanghai-ftz'", none="",
                off="extends = 'base'\n[policies.p]\nenabled = false")
    assert load(tmp_path / "base.toml").values.policies
    assert load(tmp_path / "off.toml").values == load(tmp_path / "none.toml").values
    assert load(tmp_path / "off.toml").digest == load(tmp_path / "none.toml").digest


@pytest.mark.parametrize("setting, key, value", [
    ("run.seed=7", "run.seed", 7), ("peers.form=linear", "peers.form", "linear"),
    ("title=two words", "title", "two words"), ("title = \"quoted\" ", "title", "quoted"),
    ("title=", "title", ""), ("access.delays={\"line 17\" = 4}", "access.delays", {"line 17": 4}),
    ("choice.outside=false", "choice.outside", False), ("title=a=b", "title", "a=b")])
def test_a_setting_is_toml_or_a_bare_word(setting, key, value):
    changed = scenario("", [setting])
    found = changed.values
    for part in key.split("."):
        found = getattr(found, part)
    assert found == value and changed.origin[key] == "--set"


def test_the_last_setting_wins_over_the_others_and_the_file():
    assert scenario("[run]\nseed = 1", ["run.seed=2", "run.seed=3"]).values.run.seed == 3


@pytest.mark.parametrize("setting", [
    "", "seed", "a b=1", "=1", "[t]\na=1", "title=1\nregion=2", "extends=base", "run.sed=1", "run.seed=x",
    "a." * 20 + "b=1", "run=5"])
def test_a_setting_that_is_wrong_is_told_as_such(setting):
    (line,) = problems("", [setting])
    assert line.startswith("--set")
