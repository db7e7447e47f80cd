"""The page of one run, from its folder alone."""

import functools
import io
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from sim.base.messages import LANGUAGES
from sim.base.own_words import own, spoken
from sim.base.provenance import program as program_version
from sim.plots.common.words import day, names, period, titled
from sim.plots.run import registry
from sim.report import assumptions, findings, inputs, tables
from sim.report.figures import pictures
from sim.report.inputs import Input
from sim.report.render import write_all
from sim.report.words import known, word
from sim.results import run_folder

FIRST = ("paths", "map", "change", "shares_ring", "shares_jurisdiction", "shares_industry", "map_industry", "rents")
SECTIONS = {"what": "what", "assumed": "assumed", "figures": "figures", "trust": "evidence", "tables": "tables",
            "reproduce": "provenance", "inputs": "inputs_appendix"}
SHOWN = ("headquarters",)      # variables of the results that a page reads; the rest stands in tables and figures


def write(folder: Path, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write report.html and report.zh.html, or one of them, into the folder of a run that has been drawn; their paths.

    A page that is there in another language is written again, for its link. InputError if the folder holds no run.
    """
    from sim.results import dataset

    folder = Path(folder)
    manifest = run_folder.finished(folder)
    data = dataset.load(run_folder.verified(folder, manifest, "results.nc"), SHOWN)
    return written(folder, data, functools.partial(text, folder, manifest, data), languages)


def written(folder: Path, data: xr.Dataset, said: Callable[[str], dict[str, Any]], languages: Sequence[str],
            processes: int = 1) -> list[Path]:
    """The same, where `said` of a language is the text of its page; another process may make one of the pages."""
    return write_all(folder, "run.html", lambda lang: said(lang) | _figures(folder, lang), languages,
                     spoken("", data.attrs).words, processes)


def content(folder: Path, manifest: Mapping[str, Any], data: xr.Dataset, lang: str) -> dict[str, Any]:
    """What the page of a run says and shows in a language, by the names that its template uses."""
    return text(folder, manifest, data, lang) | _figures(folder, lang)


def _figures(folder, lang):
    return {"pictures": pictures(folder / "figures", registry.shown(lang), lang, FIRST)}


def text(folder: Path, manifest: Mapping[str, Any], data: xr.Dataset, lang: str) -> dict[str, Any]:
    """What the page of a run says in a language, its figures apart."""
    listed = inputs.read(run_folder.content(folder, manifest, "resolved.toml").decode("utf-8"), lang)
    assumed = assumptions.read(io.BytesIO(run_folder.content(folder, manifest, "assumed.csv")))
    return {"title": titled(data, lang), "contents": contents(SECTIONS, lang), "facts": facts(data, listed, lang),
            "cards": findings.cards(data, lang), "sentences": findings.sentences(data, lang),
            "assumed": assumptions.joined(assumed), "policy_titles": titles(listed, lang),
            "instruments": instruments(lang),
            "tables": tables.of_run(io.BytesIO(run_folder.content(folder, manifest, "summary.csv")), data, lang),
            "evidence": evidence(manifest, listed, lang), "inputs": inputs.told(listed, lang),
            "provenance": provenance(manifest, folder, lang),
            "version": program_version(manifest["versions"])}


def contents(sections: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """[(id, heading)] of the sections of a page; `sections`: id -> key of its heading."""
    return [(name, word(key, lang)) for name, key in sections.items()]


def facts(data: xr.Dataset, listed: list[Input], lang: str) -> list[tuple[str, str]]:
    """[(what, value)] of the run."""
    return [(word("scenario", lang), word("named", lang, title=titled(data, lang), name=data.attrs["scenario"])),
            *common_facts(data.attrs, period(data, lang), data.sizes["member"], lang),
            *((word("description", lang), text) for text in _own(data, listed, lang)),
            *_dated(data, listed, lang)]


def common_facts(of: Mapping[str, Any], period: Mapping[str, str], members: int, lang: str) -> list[tuple[str, str]]:
    """[(what, value)] of region, period and replicates; `of`: attributes of a run, or content of a comparison."""
    region = of["region_title_zh" if lang == "zh" else "region_title"] or of["region"]
    return [(word("region", lang), region), (word("period", lang), word("period_is", lang, **period)),
            (word("replicates", lang), word("replicates_are", lang, n=members, seed=int(of["seed"])))]


def _own(data, listed, lang):
    """The description that the scenario's own file gives, in the language if it has it, in a list."""
    found = {one.key: inputs.listed_in(one.value) for one in listed
             if one.origin.startswith(f"{data.attrs['scenario']}.")}
    given = [found.get(key, "") for key in ("description_zh", "description")[lang == "en":]]
    return [text for text in given if text][:1]


def _dated(data, listed, lang):
    """[(since when, what and where)] of the policies that are enabled, each title once a date and place."""
    found = {}
    for name, keys in inputs.policies(listed).items():
        if keys.get("enabled") == "true":
            where = word("at_sites", lang, title=inputs.title_of(name, keys, lang),
                         sites=where_is(data, inputs.listed_in(keys.get("sites", "")).split(", "), lang))
            found[keys["start"], keys.get("end", ""), where] = None
    return [(_since(start, end, lang), where) for start, end, where in sorted(found)]


def _since(start, end, lang):
    return word("policy_until", lang, start=day(start, lang), end=day(end, lang)) if end else (
        word("policy_from", lang, start=day(start, lang)))


def where_is(data: xr.Dataset, sites: list[str], lang: str) -> str:
    """The sites that a policy names, one id or a list of them, in words."""
    said = {**names(data, "jurisdiction", lang), **names(data, "site", lang)}
    listed = [sites] if isinstance(sites, str) else sites
    return word("comma", lang).join(said.get(one, known(f"sites_{one}", lang).removeprefix("sites_"))
                                    for one in listed)


def titles(listed: list[Input], lang: str) -> dict[str, str]:
    """Name of a policy -> its title in the language."""
    return {name: inputs.title_of(name, keys, lang) for name, keys in inputs.policies(listed).items()}


def instruments(lang: str) -> dict[str, str]:
    """Name of an instrument -> its title in the language."""
    from sim import policies

    return {entry.name: entry.title_zh if lang == "zh" else entry.title for entry in policies.registry.entries()}


def evidence(manifest: Mapping[str, Any], listed: Sequence[Input], lang: str) -> dict[str, Any]:
    """What the evidence panel shows: inputs by class of evidence, of the region too where counted, and warnings."""
    panel = manifest.get("evidence") or {}
    region = panel.get("region", {})
    given = [*panel.get("warnings", []), *manifest.get("warnings", [])]
    return {"kinds": [(kind, number, changed, region.get(kind, 0))
                      for kind, number, changed in inputs.by_evidence(listed)],
            "has_region": bool(region), "warnings": [one["text_zh" if lang == "zh" else "text"] for one in given],
            "caveats": own(lang, "caveats")}


def provenance(manifest: Mapping[str, Any], folder: Path, lang: str) -> list[tuple[str, str]]:
    """[(what, value)] to make the run again."""
    rows = [("command", manifest.get("command", "")), ("again", shlex.join(["sim", "rerun", str(folder)])),
            ("seed", manifest["seed"]), ("replicates", manifest["replicates"]),
            ("files", word("comma", lang).join(manifest["files"])),
            ("finished", minute(manifest.get("finished", ""))),
            ("seconds", _taken(manifest.get("seconds"), lang)),
            ("commit", manifest.get("commit") or ""), ("scenario_digest", manifest["scenario_digest"]),
            ("region_digest", manifest["region_digest"])]
    found = [(word(key, lang), value) for key, value in rows]
    found += [(word("digest", lang, name=name), digest) for name, digest in manifest["sha256"].items()]
    return with_versions(found, manifest["versions"], lang)


def minute(finished: str) -> str:
    """A time as it stands in a manifest, without seconds; "" where it has none."""
    return f"{finished[:16].replace('T', ' ')} UTC" if finished else ""


def _taken(seconds, lang):
    return "" if seconds is None else word("seconds_are", lang, n=f"{seconds:.{1 if seconds < 10 else 0}f}")


def with_versions(rows: list[tuple[str, str]], versions: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """The rows (what, value) whose value is known, and last the versions of all libraries."""
    listed = word("comma", lang).join(f"{name} {version}" for name, version in versions.items())
    return [*((what, value) for what, value in rows if value != ""), (word("versions", lang), listed)]
