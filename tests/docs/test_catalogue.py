"""The Chinese catalogue holds every text of the program and nothing else, and says the same with the same blanks."""

import ast
import gettext
import io
import pathlib
import re
import string

import pytest

from sim.base.messages import _, translate
from sim.base.own_words import TEXTS
from tests.samples import scripts

ROOT = pathlib.Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
OPEN_ENDS = re.compile(r"[\u4e00-\u9fff]\s*[,;:?!]|[,;:?!](?=[\u4e00-\u9fff])")        # of half width, in Chinese
RETIRED = ("百万元", "楼面", "对照情景", "情景减对照", "相对基线")         # what once was said on figures and pages
SYNTAX = re.compile("文件:行:列|下限:上限:个数")             # as it is typed or printed


@pytest.fixture(scope="module")
def catalogue():
    return scripts.script("docs/catalogue.py")


@pytest.fixture(scope="module")
def translated(catalogue):
    """(context, English) -> entry."""
    return {(entry.context, entry.id): entry for entry in catalogue.read() if entry.id}


def test_the_catalogue_has_every_text_of_the_program_and_no_other(catalogue, translated):
    wanted = {(entry.context, entry.id) for entry in catalogue.extracted() if entry.id}
    assert (wanted - set(translated), set(translated) - wanted) == (set(), set()), "run: python docs/catalogue.py"


def test_every_entry_is_translated_and_none_is_a_guess(translated):
    assert [entry.id for entry in translated.values() if entry.fuzzy or not any(entry.string or "")] == []


def test_the_compiled_catalogue_says_what_the_text_says(catalogue):
    compiled = io.BytesIO()
    catalogue.write_mo(compiled, catalogue.read())
    compiled.seek(0)
    with catalogue.MO.open("rb") as shipped:
        assert gettext.GNUTranslations(shipped)._catalog == gettext.GNUTranslations(compiled)._catalog


def forms(text):
    """The texts of an entry, whose plural is a second one."""
    return [text] if isinstance(text, str) else list(text)


def blanks(text):
    """Those of the last form: Chinese has one, which says what the English plural says."""
    return {name for _text, name, *_rest in string.Formatter().parse(forms(text)[-1]) if name is not None}


def test_a_translation_fills_in_the_same_blanks_and_the_words_of_a_region(translated):
    for entry in translated.values():
        english, chinese = blanks(entry.id) - set(TEXTS), blanks(entry.string) - set(TEXTS)
        assert english == chinese, entry.id


def test_a_call_that_fills_in_the_english_text_fills_in_the_chinese_one(translated):
    """Chinese may name the region's zone where English says "the zone": the call has to hand it on."""
    lacking = {}
    for file in sorted((ROOT / "sim").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            entry = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_" and (
                translated.get((None, getattr(call.args[0], "value", None))))
            given = {each.arg for each in call.keywords} if entry else set()
            if entry and None not in given and given >= blanks(entry.id) and blanks(entry.string) - given:
                lacking[f"{file.name}:{call.lineno}"] = blanks(entry.string) - given
    assert lacking == {}


def test_figures_and_pages_say_each_thing_by_the_one_word_that_was_chosen(translated):
    """Their amounts are turned into 亿元 (sim/plots/common/money.py); a merge that brings older words back is found."""
    drawn = {context: [] for context in ("comparison_figures", "comparison_pages", "pages", "figures", "explorer")}
    for (context, english), entry in translated.items():
        drawn.get(context, []).extend(form for form in forms(entry.string) for old in RETIRED if old in form)
        if "RMB million" in english and context in drawn:
            assert "亿元" in entry.string, english
    assert drawn == dict.fromkeys(drawn, [])


def test_sentences_in_chinese_have_chinese_stops(translated):
    shown = [form for entry in translated.values() for form in forms(entry.string)]
    assert [form for form in shown if OPEN_ENDS.search(SYNTAX.sub("", form))] == []


def test_a_text_that_no_catalogue_can_hold_is_refused(catalogue):
    for said in ('_(f"{count} runs")', '_("one" + "two")'):
        with pytest.raises(ValueError, match="written out"):
            list(catalogue.code(named(said), {}, [], {}))
    inner = '_("{n} runs of {kind}", kind=_("this kind"),\n  n=3)'
    assert {text for _line, _name, text, _comments in catalogue.code(named(inner), {}, [], {})} == {
        "{n} runs of {kind}", "this kind"}


def named(text):
    file = io.BytesIO(text.encode())
    file.name = "some.py"
    return file


def test_what_is_not_in_the_catalogue_stays_english():
    assert translate(_("{n} runs", n=3), "zh") == "3 runs"
    assert translate("headquarters", "zh") == "headquarters"
