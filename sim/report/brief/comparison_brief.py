"""The brief of a comparison: what, how much, where from, at whose expense, how sure, what was assumed."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.base import provenance
from sim.plots.common.words import moment
from sim.plots.comparison.data import Compared
from sim.report import comparison_assumed, comparison_findings, comparison_payers, inputs
from sim.report.brief.sheet import MOST_COLUMNS, MOST_FACT, MOST_SCENARIOS, Block, Sheet, clipped, shortened
from sim.report.inputs import Input
from sim.report.words import known, word


def sheet(folder: Path, manifest: Mapping[str, Any], compared: Compared, listed: Mapping[str, list[Input]],
          titles: Mapping[str, Mapping[str, str]], heading: str, lang: str) -> Sheet:
    """The two pages of a comparison; `listed` are the inputs and `titles` the policies' titles, both by scenario."""
    found = comparison_findings.answer(compared, lang)
    stop = word("stop", lang)
    return Sheet(f"brief.{lang}", kicker(compared, lang), heading, found.sentence + stop,
                 "".join(one + stop for one in found.doubts), comparison_findings.cards(compared, lang),
                 [[_how_much(folder, compared, lang),
                  Block(word("compared", lang),
                        [_fact(compared, name, lang) for name in compared.names[:MOST_SCENARIOS]])],
                  [_payers(compared, lang), _sure(compared, titles, lang), _assumed(compared, listed, lang)]],
                 foot(folder, manifest, lang))


def kicker(compared: Compared, lang: str) -> str:
    """What is above the title: kind of paper, region, end and number of runs."""
    region = compared.content["region_title_zh" if lang == "zh" else "region_title"] or compared.content["region"]
    return word("brief_kicker", lang, region=region, last=moment(compared.end, lang), n=compared.members)


def foot(folder: Path, manifest: Mapping[str, Any], lang: str) -> str:
    """The last line: where it is from, and how to make it again."""
    return word("brief_foot", lang, tables=f"tables.{lang}.xlsx",
                command=shlex.join(["sim", "report", str(folder), "--brief"]), key=str(manifest["key"])[:12],
                version=provenance.program(manifest["versions"]))


def rest(compared: Compared, shown: int, lang: str) -> list[str]:
    """The sentence on scenarios that a brief has no room for, in a list."""
    left = len(compared.names) - shown
    return [word("brief_more", lang, n=left)] if left > 0 else []


def _how_much(folder, compared, lang):
    figure = folder / "figures" / f"ranked.{lang}.png"
    drawn = figure.exists() and len(compared.names) <= MOST_SCENARIOS
    return Block(word("how_much", lang), rest(compared, MOST_SCENARIOS, lang),
                 [shortened(comparison_findings.overview(compared, lang, ranges=False), rows=MOST_SCENARIOS)],
                 figure if drawn else None, word("figure_ranked", lang))


def _fact(compared, name, lang):
    """A scenario and what it does, as much as there is room for; where that is not all, how many policies it has."""
    from sim.report.comparison_page import scenario_facts

    each = compared.about(name)
    title, text = scenario_facts(compared, each, lang)
    said = f"{clipped(title, 60)}{word('colon', lang)}{text}"
    short = clipped(said, MOST_FACT)
    return short if short == said else short + word("policies_in_all", lang, n=len(each["policies"]))


def _payers(compared, lang):
    tables = [shortened(one, columns=MOST_COLUMNS) for one in comparison_payers.tables(compared, lang)]
    said = [clipped(one) for one in comparison_payers.sentences(compared, lang)]
    return Block(word("from_where", lang), [*said, *rest(compared, MOST_COLUMNS, lang)], tables)


def _sure(compared, titles, lang):
    found = comparison_findings.precision(compared, lang)
    mind = comparison_assumed.caveats(compared, titles, lang)
    return Block(word("how_sure", lang), [clipped(one) for one in [*found, *mind][:4]])


def _assumed(compared, listed, lang):
    counted = inputs.by_evidence(listed[compared.baseline])
    kinds = word("comma", lang).join(f"{known(kind, lang)} {number}" for kind, number, _ in counted)
    said = [*comparison_assumed.order(compared, lang)[:2],
            word("inputs_are", lang, n=sum(number for _, number, _ in counted), kinds=kinds)]
    table = shortened(comparison_assumed.beside(compared, lang), rows=MOST_COLUMNS)
    return Block(word("what_assumed", lang), [clipped(one) for one in said], [table])
