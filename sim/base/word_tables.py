"""Texts of the program in English and Chinese: the tables of sim/data/locale."""

import pathlib
import tomllib
from typing import Any

LANGUAGES = ("en", "zh")
LOCALE = pathlib.Path(__file__).parents[1] / "data" / "locale"


def read(name: str) -> dict[str, Any]:
    """A table: key -> [English, Chinese]."""
    return tomllib.loads((LOCALE / f"{name}.toml").read_text("utf-8"))


def terminal(command: str, lang: str) -> dict[str, str]:
    """What a command prints at the end: key -> words in a language."""
    return {key: pair[LANGUAGES.index(lang)] for key, pair in read("terminal")[command].items()}
