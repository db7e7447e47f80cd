"""`sim new`: a first scenario with every parameter explained, and a second one that changes a policy."""

import datetime
import os
import pathlib

from sim import policies
from sim.base import plain_files
from sim.base.errors import InputError, OutputError, Problem
from sim.base.messages import _, joined, translate
from sim.config.check import rows_by_path
from sim.config.toml_file import dotted, format_value
from sim.policies import Policy
from sim.region import load as region_files
from sim.scenario import schema

_EXAMPLE = {"sites": "towns", "start": datetime.date(2026, 1, 1)}


def write(folder, lang):
    """Write baseline.toml and policy.toml into a folder, never over a file; their paths."""
    texts = {"baseline.toml": baseline(lang), "policy.toml": policy(lang)}
    paths = {name: pathlib.Path(folder) / name for name in texts}
    taken = [path for path in paths.values() if os.path.lexists(path)]
    if taken:
        raise InputError(Problem(str(taken[0]), "", _("it already exists"), remedy=_("choose another folder")))
    try:
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            with plain_files.new(path) as file:
                file.write(texts[name].encode("utf-8"))
    except (OSError, ValueError) as error:             # ValueError: a NUL in the name
        raise OutputError(_("{path}: cannot be written: {reason}", path=folder, reason=error)) from None
    return list(paths.values())


def baseline(lang):
    """A scenario file with every parameter of the core and the terms at its default."""
    head = _("Every parameter with its default. Change a number, then check and run this file.")
    return "\n".join([_comment(head, lang), *_tables(lang)]) + "\n"


def policy(lang):
    """A scenario file that adds one regime and shows the other regimes and the instruments."""
    first, *others = sorted(schema.regimes(), key=lambda name: name != "shanghai-ftz")
    lines = [_comment(_("A scenario is the small difference from the file it extends."), lang),
             'extends = "baseline.toml"',
             _comment(_("Pages call it after its policies and their dates, unless it sets a title."), lang), "",
             _comment(_("A policy: one instrument, or a regime that bundles several."), lang), *_regime(first),
             _comment(_("Every policy may also have:"), lang), *_commented(_keys(Policy, set(_EXAMPLE), lang)), "",
             _comment(_("The other regimes and every instrument; take away the # signs of a table to use it."), lang)]
    for name in others:
        lines += ["#", *_commented(_regime(name))]
    ids = _ids(region_files.load(schema.build().model_fields["region"].default))
    for entry in policies.registry.entries():
        example = _in_words_of(ids, entry.example)
        head = [f"[policies.my_{entry.name}]", f"instrument = {format_value(entry.name)}", *_example_keys(example)]
        lines += ["#", *_commented(head + _keys(entry.schema, set(Policy.model_fields), lang, example))]
    return "\n".join(lines) + "\n"


def _tables(lang):
    lines, table = [], ()
    for path, row in rows_by_path(schema.build()).items():
        if path == ("policies",):
            continue
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", f"[{dotted(table)}]"]
        lines += _parameter(row, path[-1], lang, row.default)
    return lines


def _regime(name):
    return [f"[policies.{name}]", f"regime = {format_value(name)}", *_example_keys()]


def _example_keys(example=()):
    """The keys that every policy of the file has, as the example wants them."""
    return [f"{key} = {format_value(dict(example).get(key, value))}" for key, value in _EXAMPLE.items()]


def _commented(lines):
    return [f"# {line}" for line in lines]


def _ids(region):
    """Name in an example -> what a region calls it."""
    kinds = {"site": region.sites, "industry": region.industries, "district": region.jurisdictions,
             "station": region.hubs}
    return {f"{kind}-{n}": name for kind, table in kinds.items() for n, name in enumerate(table.index)}


def _in_words_of(ids, value):
    """A value of an example with the names of a region."""
    if isinstance(value, dict):
        return {ids.get(key, key): _in_words_of(ids, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_words_of(ids, inner) for inner in value]
    return ids.get(value, value)


def _keys(model, without, lang, example=()):
    return [line for path, row in rows_by_path(model).items() if path[0] not in without
            for line in _parameter(row, row.key, lang, dict(example).get(row.key, row.default))]


def _parameter(row, key, lang, value):
    notes = [_("unit {unit}", unit=_(row.unit)), *([_("allowed {range}", range=row.allowed)] if row.allowed else []),
             *([_("usual {range}", range=row.range)] if row.range else []),
             _(row.evidence) if row.evidence == "choice" else
             _("{evidence}: {source}", evidence=_(row.evidence), source=row.source_in(lang))]
    return [f"# {row.doc_in(lang)}", f"#   {translate(joined(_('; '), notes), lang)}",
            f"# {key} =" if value is None else f"{key} = {format_value(value)}"]


def _comment(text, lang):
    return f"# {translate(text, lang)}"
