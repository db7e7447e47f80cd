"""The command line in Chinese: help, usage, errors, progress, lists and parameters; English elsewhere."""

import gettext
import os
import re

import pytest

from sim.base.messages import LANGUAGES, _, locale_language
from sim.cli import _help, group
from sim.runs import progress
from tests.samples import runs
from tests.samples.commands import BASELINE, COMMANDS, run

CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"(?:[A-Za-z][a-z'’]+[ ,;]+){3}[A-Za-z][a-z'’]+")     # four words of English in a row


def without_commands(text):
    """The lines of a help text that are sentences: no examples, no lists of choices, no usage."""
    return [line for line in text.split("\n") if not re.match(r"\s*(sim |--target|用法|\[|\|)", line)]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_in_chinese_has_no_english_sentence(name):
    said = run(name, "--help", LANG="zh_CN.UTF-8")
    assert said.exit_code == 0 and re.match(rf"用法：\w+ {name} \[选项\]", said.output)
    assert [line for line in without_commands(said.output) if ENGLISH.search(line)] == []
    for heading in ("选项：", "示例："):
        assert heading in said.output
    assert run(name, "-h", "--lang", "zh").output == said.output
    assert ENGLISH.search(run(name, "-h").output)                # it would be found


def test_the_list_of_commands_is_chinese_too():
    said = run("--help", "--lang", "zh").output
    assert [line for line in without_commands(said) if ENGLISH.search(line)] == []
    rows = said.partition("命令：\n")[2].strip().split("\n")
    assert [row.split()[0] for row in rows] == COMMANDS
    assert all(CHINESE.search(row) for row in rows)


def columns(text):
    """Columns that a line takes on a terminal."""
    from rich.cells import cell_len
    return cell_len(text)


def test_chinese_help_fits_the_terminal_and_begins_no_line_with_a_stop():
    lines = without_commands(run("compare", "-h", "--lang", "zh").output)
    assert max(columns(line) for line in lines) <= 80
    assert [line for line in lines if line.strip()[:1] in "，。；：、）”"] == [""] * lines.count("")


@pytest.mark.parametrize("arguments, told", [
    (["run"], "错误：缺少 SCENARIO；用法请看 group run -h"), (["rnu"], "错误：没有命令 'rnu'；是否指 'run'？"),
    (["run", "a.toml", "--sed", "3"], "错误：没有选项 --sed；是否指 '--seed'？"),
    (["run", "a.toml", "--seed", "many"], "错误：--seed：'many' 不是有效的整数"),
    (["run", "a.toml", "--seed", "-3"], "错误：--seed：-3 不在范围 x>=0 内"),
    (["run", "a.toml", "--seed"], "错误：选项 '--seed' 需要 1 个取值"),
    (["check", "a.toml", "b.toml"], "错误：多余的参数（b.toml）"),
    (["check", "there-is-none.toml"], "错误：there-is-none.toml：找不到文件；应为：TOML 文件")])
def test_mistakes_are_answered_in_chinese(arguments, told):
    said = run(*arguments, LANG="zh_CN.UTF-8")
    assert said.exit_code == 2
    assert said.stderr.strip().split("\n")[-1] == told


@pytest.mark.parametrize("environment, language", [
    ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"), ({"LC_MESSAGES": "zh_TW"}, "zh"),
    ({"LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"), ({"LANG": "de_DE"}, "en")])
def test_the_language_of_the_process_is_that_of_its_locale(environment, language, monkeypatch):
    for key in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(key, raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    assert locale_language() == language


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_is_spoken_for_as_long_as_a_command_runs(lang, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    before = gettext.textdomain()
    with _help.speaking(lang):
        assert locale_language() == lang
        assert (gettext.gettext("Options") == "选项") == (lang == "zh")
    assert (os.environ["LANGUAGE"], gettext.textdomain()) == ("en", before)


def test_help_in_another_language_leaves_the_command_as_it_was(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en")
    english = group.get_command(None, "run").help
    with _help.speaking("zh"):
        assert group.get_command(None, "run").help != english
    assert group.get_command(None, "run").help == english


def test_progress_is_told_in_the_language_of_the_locale(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    failed = _(", {failed:,} failed", failed=3)
    assert progress.sentence(_("runs"), 500, 2000, failed, 12.3) == "已完成 500 / 2,000 次模拟，3 次失败，约剩 12 秒"
    assert not ENGLISH.search(progress.sentence(progress.REPLICATES, 5, 20, "", 12.3))


def test_lists_and_parameters_are_chinese():
    listed = run("list", "instruments", "--lang", "zh").stdout.split("\n")
    assert listed[0] == "政策工具 instruments"
    assert [line for line in listed[1:] if line and not CHINESE.search(line)] == []
    shown = run("show", BASELINE, "--lang", "zh").stdout
    notes = [line.rpartition("  # ")[2] for line in shown.split("\n") if "  # " in line]
    assert len(notes) > 100 and all(CHINESE.search(note) for note in notes)
    assert {word for note in notes for word in ("数据：", "文献：", "假设：", "设定：") if word in note} == {
        "数据：", "文献：", "假设：", "设定："}


def test_figures_are_listed_by_titles_without_blanks():
    for kind in ("plots", "comparison-plots"):
        assert "{" not in runs.sim("list", kind, "--lang", "zh").stdout
