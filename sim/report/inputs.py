"""The inputs of a run as `resolved.toml` lists them: value, unit, evidence, source, origin."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.config.parameters import EVIDENCE, rows
from sim.scenario import source_words

LINE = re.compile(r"(?P<key>[\w.\"'-]+) = (?P<value>.*)  # (?P<unit>[^;#]*); "
                  rf"(?P<evidence>{'|'.join(EVIDENCE)}): (?P<source>.*); (?P<origin>[^;]*)")
TABLE = re.compile(r"\[(?P<table>.+)\]")
DEFAULT = "default"


@dataclass(frozen=True)
class Input:
    """One parameter of a run, as text."""

    key: str
    value: str
    unit: str
    evidence: str
    source: str
    origin: str
    doc: str = ""              # what it is, in the language of the page

    @property
    def is_set(self) -> bool:
        """Whether the scenario sets it, rather than leaving it at its default."""
        return self.origin != DEFAULT


def read(text: str, lang: str = "en") -> list[Input]:
    """The Inputs in the text of a resolved.toml; keys that are not set have none."""
    known, instruments = _documents(lang), re.compile(r'instrument = "(\w+)"')
    found, table, of = [], "", {}
    for line in text.splitlines():
        if head := TABLE.fullmatch(line):
            table = head["table"] + "."
        elif named := instruments.fullmatch(line):
            of[table] = named[1]
        elif row := LINE.fullmatch(line):
            name = f"{of[table]}:{row['key']}" if table in of else table + row["key"]
            mine = {"key": table + row["key"], "source": source_words.source(row["source"], lang)}
            found.append(Input(**{**row.groupdict(), **mine}, doc=known.get(name, "")))
    return found


def told(inputs: Iterable[Input], lang: str) -> list[Input]:
    """Those that a page lists: of titles and descriptions in two languages the reader's own alone."""
    ones = list(inputs)
    keys = {one.key for one in ones if one.value != '""'}
    other = {key.removesuffix("_zh") if lang == "zh" else key for key in keys
             if key.endswith("_zh") and key.removesuffix("_zh") in keys}
    return [one for one in ones if one.key not in other]


def by_evidence(inputs: Iterable[Input]) -> list[tuple[str, int, int]]:
    """[(kind of evidence, how many, of them set by the scenario)] for every kind."""
    of = {kind: [one for one in inputs if one.evidence == kind] for kind in EVIDENCE}
    return [(kind, len(ones), sum(one.is_set for one in ones)) for kind, ones in of.items()]


def policies(inputs: list[Input]) -> dict[str, dict[str, str]]:
    """Name of a policy -> its keys that are set, as text, in the order of the file."""
    found: dict[str, dict[str, str]] = {}
    for one in inputs:
        table, _, key = one.key.rpartition(".")
        if table.startswith("policies."):
            found.setdefault(table.removeprefix("policies.").strip('"'), {})[key] = one.value
    return found


def title_of(name: str, keys: dict[str, str], lang: str) -> str:
    """Title of a policy in a language, else its other title, else its name."""
    title, title_zh = (listed_in(keys.get(key, "")) for key in ("title", "title_zh"))
    return (title_zh if lang == "zh" else "") or title or name


def listed_in(value: str) -> str:
    """A text or list of a TOML file as people write it.

    >>> listed_in('["xicen", "fenhu"]'), listed_in('"towns"')
    ('xicen, fenhu', 'towns')
    """
    found = tomllib.loads(f"value = {value}")["value"] if value else ""
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)


def _documents(lang):
    """Key, or "instrument:key" for the keys of policies -> what it is, from the one schema."""
    from sim import policies
    from sim.scenario import schema

    listed = {row.key: row for row in rows(schema.build())}
    for entry in policies.registry.entries():
        listed |= {f"{entry.name}:{row.key}": row for row in rows(entry.schema)}
    return {name: row.doc_in(lang) for name, row in listed.items()}
