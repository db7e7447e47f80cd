"""`sim new`: a first scenario on the baseline of its region, and a second one that adds a policy."""

import datetime
import os
import pathlib
import tomllib
from collections.abc import Container, Iterable, Mapping
from importlib import resources
from typing import Any

from sim import policies
from sim.base import package_data, plain_files
from sim.base.errors import InputError, OutputError, Problem
from sim.base.messages import _, joined, translate
from sim.config.layers import has, value_at
from sim.config.parameters import Row, Section, rows_by_path
from sim.config.toml_file import dotted, format_value
from sim.policies import Policy
from sim.region import load as region_files
from sim.region.load import Region
from sim.scenario import schema

OWN = "yrd-zone"                                   # the region that comes along
_EXAMPLE = {"sites": "towns", "start": datetime.date(2026, 1, 1)}


def write(folder: str | pathlib.Path, lang: str, full: bool = False, region: str = OWN) -> list[pathlib.Path]:
    """Write baseline.toml and policy.toml into a folder, never over a file; their paths.

    Short ones, or with `full` every parameter and an example of every policy; on a region by name, or in a folder.
    """
    folder = pathlib.Path(folder)
    there = region_files.load(region)
    place = region if region in package_data.regions() else os.path.relpath(region, folder)
    texts = {"baseline.toml": baseline(lang, full, place), "policy.toml": policy(lang, full, place, there)}
    paths = {name: folder / name for name in texts}
    taken = [path for path in paths.values() if os.path.lexists(path)]
    if taken:
        raise InputError(Problem(str(taken[0]), "", _("it already exists"), remedy=_("choose another folder")))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            with plain_files.new(path) as file:
                file.write(texts[name].encode("utf-8"))
    except (OSError, ValueError) as error:             # ValueError: a NUL in the name
        raise OutputError(_("{path}: cannot be written: {reason}", path=folder,
                            reason=getattr(error, "strerror", None) or error)) from None
    return list(paths.values())


def shipped(region: str) -> dict[str, Any]:
    """The baseline that comes with a region; titles alone for a region that has none."""
    place = resources.files("sim") / "data" / "baselines" / f"{region}.toml"
    if not place.is_file():
        return {"title": "Baseline", "title_zh": translate(_("Baseline"), "zh")}
    return tomllib.loads(place.read_text("utf-8"))


def baseline(lang: str, full: bool = False, region: str = OWN) -> str:
    """A scenario file that says what the baseline of its region says; with `full`, every parameter as well."""
    given = {**shipped(region), "region": region}
    heads = (_("Every parameter. Change a number, then check and run this file."),) if full else (
        _("What is in force and what is planned; every other scenario is a small difference from this file."),
        _("Everything else has its default value: `sim show` lists every value with its source, `sim new --full` "
          "writes them all."))
    lines = [*(_comment(head, lang) for head in heads), *(_tables(lang, given) if full else _short(given))]
    policies_of = given.get("policies", {})
    lines += ["", _comment(_("Policies that are in force, and enterprises that are there already."), lang)] \
        if policies_of else []
    for name, table in policies_of.items():
        lines += [f"[policies.{name}]", *(f"{key} = {format_value(value)}" for key, value in table.items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _short(given: Mapping[str, Any]) -> list[str]:
    """The keys of a baseline at the top of its file, then its tables."""
    lines = [f"{key} = {format_value(value)}" for key, value in given.items() if not isinstance(value, dict)]
    for name, table in given.items():
        if isinstance(table, dict) and name != "policies":
            lines += ["", f"[{name}]", *(f"{key} = {format_value(value)}" for key, value in table.items())]
    return lines


def policy(lang: str, full: bool = False, region: str = OWN, there: Region | None = None) -> str:
    """A scenario file that adds one policy; with `full`, it shows the other regimes and every instrument as well."""
    there = region_files.load(region) if there is None else there
    first, *others = sorted(schema.regimes(), key=lambda name: name != "shanghai-ftz")
    paying = next(entry for entry in policies.registry.entries() if entry.pays)           # any region can have it
    lines = [_comment(_("A scenario is the small difference from the file it extends."), lang),
             'extends = "baseline.toml"',
             _comment(_("Pages name it after its policies and their dates unless it sets a title."), lang), "",
             _comment(_("A policy: one instrument, or a regime that bundles several."), lang),
             *(_regime(first) if region == OWN else _instrument(paying, _ids(there)))]
    more = _comment(_("More: `sim list regimes`, `sim list instruments`, `sim list sites`; an example of each: "
                      "`sim new --full`."), lang)
    return "\n".join([*lines, *(_examples(others, there, lang) if full else ["", more])]) + "\n"


def _instrument(entry: Any, ids: Mapping[str, str]) -> list[str]:
    """The example of an instrument, in the zone."""
    example = {**_in_words_of(ids, entry.example), "sites": "zone"}
    return [f"[policies.my_{entry.name}]", f"instrument = {format_value(entry.name)}", *_example_keys(example),
            *(f"{key} = {format_value(value)}" for key, value in example.items() if key not in _EXAMPLE)]


def _examples(others: Iterable[str], there: Region, lang: str) -> list[str]:
    """The keys that every policy may have, the other regimes and every instrument, as comments."""
    lines = [_comment(_("Every policy may also have:"), lang), *_commented(_keys(Policy, set(_EXAMPLE), lang)), "",
             _comment(_("The other regimes and every instrument; remove the # signs of a table to use it."), lang)]
    for name in others:
        lines += ["#", *_commented(_regime(name))]
    ids = _ids(there)
    for entry in policies.registry.entries():
        example = _in_words_of(ids, entry.example)
        head = [f"[policies.my_{entry.name}]", f"instrument = {format_value(entry.name)}", *_example_keys(example)]
        lines += ["#", *_commented(head + _keys(entry.schema, set(Policy.model_fields), lang, example))]
    return lines


def _tables(lang: str, given: Mapping[str, Any]) -> list[str]:
    """Every parameter with its explanation, at the value that is given, else at its default."""
    lines: list[str] = []
    table: tuple[str | int, ...] = ()
    for path, row in rows_by_path(schema.build()).items():
        if path == ("policies",):
            continue
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", f"[{dotted(table)}]"]
        lines += _parameter(row, str(path[-1]), lang, value_at(given, path) if has(given, path) else row.default)
    return lines


def _regime(name: str) -> list[str]:
    return [f"[policies.{name}]", f"regime = {format_value(name)}", *_example_keys()]


def _example_keys(example: Mapping[str, Any] | tuple[()] = ()) -> list[str]:
    """The keys that every policy of the file has, as the example wants them."""
    return [f"{key} = {format_value(dict(example).get(key, value))}" for key, value in _EXAMPLE.items()]


def _commented(lines: Iterable[str]) -> list[str]:
    return [f"# {line}" for line in lines]


def _ids(region: Region) -> dict[str, str]:
    """Name in an example -> what a region calls it."""
    kinds = {"site": region.sites, "industry": region.industries, "district": region.jurisdictions,
             "station": region.hubs}
    return {f"{kind}-{n}": name for kind, table in kinds.items() for n, name in enumerate(table.index)}


def _in_words_of(ids: Mapping[str, str], value: Any) -> Any:
    """A value of an example with the names of a region."""
    if isinstance(value, dict):
        return {ids.get(key, key): _in_words_of(ids, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_words_of(ids, inner) for inner in value]
    return ids.get(value, value)


def _keys(model: type[Section], without: Container[Any], lang: str,
          example: Mapping[str, Any] | tuple[()] = ()) -> list[str]:
    return [line for path, row in rows_by_path(model).items() if path[0] not in without
            for line in _parameter(row, row.key, lang, dict(example).get(row.key, row.default))]


def _parameter(row: Row, key: str, lang: str, value: Any) -> list[str]:
    notes = [_("unit {unit}", unit=_(row.unit)), *([_("allowed {range}", range=row.allowed)] if row.allowed else []),
             *([_("usual {range}", range=row.range)] if row.range else []),
             _(row.evidence) if row.evidence == "choice" else
             _("{evidence}: {source}", evidence=_(row.evidence), source=row.source_in(lang))]
    return [f"# {row.doc_in(lang)}", f"#   {translate(joined(_('; '), notes), lang)}",
            f"# {key} =" if value is None else f"{key} = {format_value(value)}"]


def _comment(text: str, lang: str) -> str:
    return f"# {translate(text, lang)}"
