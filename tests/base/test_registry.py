"""Entries are known by what they register: no other file names an instrument."""

import ast
import pathlib

import pytest

import sim
from sim import policies, terms

SIM = pathlib.Path(sim.__file__).parent
# Words that are an instrument's name and something else as well, and where they are the latter.
ELSEWHERE = {
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
    found = {name: set() for name in own}
    for path in SIM.rglob("*.py"):
        for name in strings(path) & own.keys():
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
    with pytest.raises(InputError, match="thing: x: found two of that name"):
        file(documented)
