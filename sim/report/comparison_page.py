"""The page of a comparison, from its folder alone."""

import functools
import io
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.base import files, plain_files, provenance, stored
from sim.base.messages import LANGUAGES
from sim.base.own_words import spoken
from sim.plots.common.save import save_beside
from sim.plots.common.words import day, moment, title_of
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import folder as comparison_folder
from sim.plots.comparison import registry, save
from sim.plots.comparison.data import Compared
from sim.report import (
    assumptions,
    comparison_assumed,
    comparison_findings,
    comparison_information,
    comparison_payers,
    comparison_tables,
    inputs,
    run_page,
    sources,
)
from sim.report.figures import pictures
from sim.report.render import write_all, written_in
from sim.report.words import known, word

FIRST = ("ranked", "effect_map", "effect_paths", "waterfall", "leakage", "cost_plane", "ledger", "towns")
SECTIONS = {"who-pays": "who_pays", "compared": "compared", "figures": "figures", "assumed": "assumed",
            "trust": "evidence", "tables": "tables", "reproduce": "provenance", "inputs": "inputs_appendix"}
MOST_POLICIES = 8             # that a page tells unasked
MOST_KEYS = 4                 # differences that are named, of a scenario that differs by more than policies


def make(folder: Path, languages: tuple[str, ...] = LANGUAGES, processes: int = 1) -> list[Path]:
    """Keep what a finished comparison needs of its runs, draw its figures and write its pages; their paths.

    With more processes than one others take a share. InputError if the folder holds no comparison, CorruptError if it
    was changed.
    """
    folder = Path(folder)
    sources.gather(folder, comparison_folder.load(folder))
    compared = comparison_data.load(folder)
    said = functools.partial(text, folder, comparison_folder.finished(folder), compared)
    there = written_in(folder, languages, _words(compared))
    with files.writing(folder / "figures"):
        place = plain_files.made(folder, "figures")
    texts, _paths = save_beside([functools.partial(said, lang) for lang in there], save.drawings(compared, languages),
                                place, processes)
    return _written(folder, compared, dict(zip(there, texts)).__getitem__, languages, processes)


def write(folder: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write the pages (report.html, report.zh.html) of a comparison that has been drawn; their paths."""
    folder, compared = Path(folder), comparison_data.load(folder)
    return _written(folder, compared, functools.partial(text, folder, comparison_folder.finished(folder), compared),
                    languages)


def _written(folder, compared, said, languages, processes=1):
    """Write pages, and again those in other languages for their links; `said` of a language is its text."""
    return write_all(folder, "comparison.html", lambda lang: said(lang) | _figures(folder, compared, lang), languages,
                     _words(compared), processes)


def _words(compared):
    return spoken("", compared.places.attrs).words


def content(folder: Path, manifest: Mapping[str, Any], compared: Compared, lang: str) -> dict[str, Any]:
    """What the page of a comparison says and shows in a language, by the names that its template uses."""
    return text(folder, manifest, compared, lang) | _figures(folder, compared, lang)


def _figures(folder, compared, lang):
    return {"pictures": pictures(folder / "figures", save.possible(compared), lang, FIRST)}


def text(folder: Path, manifest: Mapping[str, Any], compared: Compared, lang: str) -> dict[str, Any]:
    """What the page of a comparison says in a language, its figures apart."""
    listed = {name: inputs.read(kept(folder, manifest, name).decode("utf-8"), lang)
              for name in [compared.baseline, *compared.names]}
    policy_titles = {name: run_page.titles(one, lang) for name, one in listed.items()}
    period = {key: moment(compared.content[end], lang) for key, end in (("first", "start"), ("last", "end"))}
    possible = save.possible(compared)
    missing = [title_of(entry, lang) for entry in registry.entries() if entry not in possible]
    return {"title": heading(compared, lang), "answer": comparison_findings.answer(compared, lang),
            "cards": comparison_findings.cards(compared, lang),
            "overview": comparison_findings.overview(compared, lang),
            "precision": comparison_findings.precision(compared, lang), "contents": run_page.contents(SECTIONS, lang),
            "caveats": comparison_assumed.caveats(compared, policy_titles, lang),
            "paying": comparison_payers.sentences(compared, lang), "payers": comparison_payers.tables(compared, lang),
            "titles": {name: compared.title(name, lang) for name in compared.names},
            "facts": run_page.common_facts(compared.content, period, compared.members, lang),
            "scenarios": [folded_facts(compared, each, lang) for each in compared.content["scenarios"]],
            "assumed": _assumed(folder, manifest, compared), "policy_titles": policy_titles,
            "instruments": run_page.instruments(lang), "beside": comparison_assumed.beside(compared, lang),
            "order": comparison_assumed.order(compared, lang),
            "checks": comparison_assumed.checks(compared, lang),
            "but_for": comparison_assumed.paying(compared, policy_titles, lang),
            "check_sources": comparison_assumed.sources(compared, lang),
            "channels": comparison_assumed.channels(compared, lang),
            "reversals": comparison_assumed.reversals(compared, lang),
            "information": comparison_information.of(compared, lang),
            "missing": missing, "tables": comparison_tables.all_of(compared, lang),
            "evidence": _evidence(folder, manifest, compared, listed, lang), "omitted": _omitted(compared, lang),
            "inputs": inputs.told(listed[compared.baseline], lang),
            "baseline_title": compared.title(compared.baseline, lang),
            "provenance": _provenance(manifest, compared, folder, lang),
            "version": provenance.program(manifest["versions"])}


def _omitted(compared, lang):
    """What the comparison does not have and why, each once, with the scenarios that it is true of."""
    whose: dict[tuple[str, str], list[str]] = {}
    for one in compared.content["omitted"]:
        whose.setdefault((one["what"], one["why"]), []).append(compared.title(one["scenario"], lang))
    return [word("omitted_is", lang, name=_named(titles, len(compared.names), lang), why=known(why, lang),
                 what=known(f"omitted {what}", lang).removeprefix("omitted "))
            for (what, why), titles in whose.items()]


def _named(titles, number, lang):
    """Titles in a list; all of `number` by a word."""
    many = 1 < number == len(titles)
    return word("all_scenarios", lang) if many else word("comma", lang).join(titles)


def kept(folder, manifest, name, file="resolved.toml"):
    """Bytes of what the comparison keeps of a run."""
    return stored.content(comparison_folder.source_of(folder, manifest, f"{sources.FOLDER}/{name}/{file}"))


def heading(compared, lang):
    baseline = compared.title(compared.baseline, lang)
    if len(compared.names) == 1:
        return word("comparison_title", lang, name=compared.title(compared.names[0], lang), baseline=baseline)
    return word("comparison_title_many", lang, n=len(compared.names), baseline=baseline)


def scenario_facts(compared: Compared, each: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """(title, what sets it apart from the baseline) of a scenario, `each` being what comparison.json says of it."""
    title = compared.full_title(each["name"], lang)
    if each["baseline"]:
        return title, word("is_baseline", lang)
    differing = {one["key"] for one in each["differences"]}
    new = [policy for policy in each["policies"] if f"policies.{policy['name']}.instrument" in differing]
    changed = [policy for policy in each["policies"] if policy not in new]
    told = dict.fromkeys([*_policies(compared, new, lang), *(word("policies_changed", lang, policies=said)
                                                             for said in _policies(compared, changed, lang))])
    own = tuple(f"policies.{policy['name']}." for policy in each["policies"])
    keys = [one["key"] for one in each["differences"] if not one["key"].startswith(own)]
    if keys or not told:
        more = word("comma", lang).join(keys[:MOST_KEYS]) + (" …" if len(keys) > MOST_KEYS else "")
        told[word("keys_are", lang, n=len(keys), keys=more) if keys else word("none", lang)] = None
    return title, word("semicolon", lang).join(told)


def folded_facts(compared: Compared, each: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
    """(title, how many policies, what sets it apart); the second is "" where there are few enough to be read."""
    many = len(each["policies"]) > MOST_POLICIES and not each["baseline"]
    count = word("policies_count", lang, n=len(each["policies"])) if many else ""
    title, said = scenario_facts(compared, each, lang)
    return title, count, said


def _policies(compared, policies, lang):
    """A sentence for the policies of each time and place, with all their titles."""
    found = {}
    for policy in policies:
        end = word("until", lang, end=day(policy["end"], lang)) if policy["end"] else ""
        where = run_page.where_is(compared.places, policy["sites"], lang)
        found.setdefault((day(policy["start"], lang), end, where), {})[policy[f"title_{lang}"]] = None
    comma = word("comma", lang)
    return [word("policies_are", lang, title=comma.join(titles), start=start, end=end, sites=where)
            for (start, end, where), titles in found.items()]


def _assumed(folder, manifest, compared):
    """[(scenario, its Assumed effects)] of the policies that the baseline does not have."""
    found = []
    for name in compared.names:
        own = {policy["name"] for policy in compared.about(name)["policies"]}
        listed = assumptions.read(io.BytesIO(kept(folder, manifest, name, "assumed.csv")))
        reaching = {one.policy for one in listed if one.policy in own and one.reached}
        found.append((name, [one for one in listed if one.policy in reaching]))
    return [(name, assumptions.joined(ones)) for name, ones in found if ones]


def _evidence(folder, manifest, compared, listed, lang):
    """The baseline's panel, with the warnings of all runs, each told once."""
    panels = {}
    for name, one in listed.items():
        kept(folder, manifest, name, files.MANIFEST)
        panels[name] = run_page.evidence(files.read_manifest(folder / sources.FOLDER / name) or {}, one, lang)
    titles_of = {}
    for name, panel in panels.items():
        for text in panel["warnings"]:
            titles_of.setdefault(text, []).append(compared.title(name, lang))
    comma, everyone = word("comma", lang), word("all_scenarios", lang)
    warnings = [word("warnings_of", lang, name=comma.join(titles) if len(titles) < len(panels) else everyone, text=text)
                for text, titles in titles_of.items()]
    return {**panels[compared.baseline], "warnings": warnings}


def _provenance(manifest, compared, folder, lang):
    rows = [(word("command", lang), manifest["command"]),
            (word("redraw", lang), shlex.join(["sim", "report", str(folder)])),
            (word("seed", lang), int(compared.content["seed"])),
            (word("replicates", lang), compared.members),
            (word("commit", lang), manifest.get("commit") or ""),
            (word("key_digest", lang), manifest["key"])]
    rows += [(word("run_digest", lang, name=run["scenario"]), run["results"]) for run in manifest["runs"]]
    return run_page.with_versions(rows, manifest["versions"], lang)
