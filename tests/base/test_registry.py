"""Entries are known by what they register: no other file names an instrument."""

import ast
import concurrent.futures
import importlib
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

import sim
from sim import policies, terms
from sim.base import entry_texts
from sim.base.own_words import fill
from sim.cli.list import REGISTRIES

SIM = pathlib.Path(sim.__file__).parent
# Words that are an instrument's name and something else as well, and where they are the latter.
ELSEWHERE = {
    "anchor": {"backtest.py"},                                # how matplotlib turns labels
    "grant": {"account_labels.py", "account_axes.py", "public_accounts.py",         # a kind of cost
              "choice_tables.py", "utility.py", "grant.py", "everything.py"},       # the term
    "ecology": {"indices.py", "t06_substitution.py"},        # the term and its lever
    "talent": {"indices.py", "services.py"},                  # the term; a service system
    "services": {"services.py"}}                             # the term and its lever


def strings(path):
    """Every string constant of a file."""
    return {node.value for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def named():
    """Instrument -> files below sim/ that name it, its own left out."""
    own = {entry.name: pathlib.Path(entry.__code__.co_filename) for entry in policies.registry.entries()}
    found, written = {name: set() for name in own}, re.compile("|".join(f"[\"']{name}[\"']" for name in own))
    for path in SIM.rglob("*.py"):
        for name in strings(path) & own.keys() if written.search(path.read_text("utf-8")) else ():
            if path != own[name]:
                found[name].add(path.name)
    return found


def test_no_instrument_is_named_outside_its_own_file():
    assert {name: files - ELSEWHERE.get(name, set()) for name, files in named().items()} == {
        name: set() for name in policies.registry.names()}


@pytest.mark.parametrize("registry", [policies.registry, terms.registry], ids=["policies", "terms"])
def test_every_entry_has_a_name_in_both_languages(registry):
    for entry in registry.entries():
        assert entry.title.isascii() and not entry.title_zh.isascii(), entry.name


def test_a_name_that_is_taken_and_an_entry_without_words_are_refused():
    from sim.base.errors import InputError
    from sim.base.registry import Registry
    registry = Registry("thing", "sim.terms")
    file = registry.register("x")
    with pytest.raises(ValueError, match="no docstring"):
        file(lambda: None)

    @file
    def documented():
        """A thing."""
    with pytest.raises(InputError, match="thing: x: the name is taken twice"):
        file(documented)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_list_read_of_the_files_says_what_they_register(lang):
    listing = f"from sim.cli import main; main(['list', '--json', '--lang', '{lang}'])"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(SIM.parent)})
    listed = json.loads(done.stdout)
    for kind, package in REGISTRIES.items():
        entries = importlib.import_module(package).registry.entries()
        assert listed[kind] == {entry.name: said(entry, lang) for entry in entries} and len(entries) > 5


def said(entry, lang):
    """The line of a registered entry."""
    title = getattr(entry, "title_zh", "") or getattr(entry, "long_name_zh", "")
    return lang == "zh" and fill(title, lang) or entry.__doc__.strip().split("\n")[0]


def test_a_file_that_tells_its_entries_in_another_way_is_not_read():
    entry = '@register("one", title_zh=TITLE)\ndef one():\n    """One."""\n'
    assert entry_texts.read(f'TITLE = "一"\n{entry}', "m") == [("one", "One.", "一", "m")]
    assert entry_texts.read("SIZE = 3\n", "m") == []
    for other in (entry, f'TITLE = "a" + "b"\n{entry}', f'TITLE = "一"\n{entry}register("two")(one)\n',
                  'for name in "ab":\n    @register(name)\n    def one():\n        """One."""\n'):
        assert entry_texts.read(other, "m") is None


def test_threads_that_ask_while_a_drawer_is_read_wait_for_all_of_its_entries(tmp_path, monkeypatch):
    package = tmp_path / "slow_drawer"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from sim.base.registry import Registry\nregistry = Registry('thing', 'slow_drawer')\n")
    (package / "thing.py").write_text(
        "import time\nfrom slow_drawer import registry\ntime.sleep(0.3)\n\n"
        "@registry.register('thing', title='Thing', title_zh='物')\ndef thing():\n    \"\"\"A thing.\"\"\"\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry = importlib.import_module("slow_drawer").registry
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        assert {entry.name for entry in pool.map(registry.get, ["thing"] * 3)} == {"thing"}
