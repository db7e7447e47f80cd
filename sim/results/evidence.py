"""On what a run rests: the evidence behind its inputs, and what its results should not be used for."""

from typing import Any, TypedDict

import numpy as np
import xarray as xr

from sim.base.messages import Message, _, both, joined, translate
from sim.base.own_words import COUNTED, Language, spoken
from sim.config.parameters import EVIDENCE
from sim.metrics.counting import counts, in_zone
from sim.region.load import Region
from sim.scenario.load import Scenario

FEW = 30                      # enterprises on which a cluster index may rest
OWN = "choice"                # the evidence of settings that say what is asked, not what is known


class Warned(TypedDict):
    """A warning for readers, in English and Chinese."""

    text: str
    text_zh: str


def panel(region: Region, scenario: Scenario, data: xr.Dataset) -> dict[str, Any]:
    """Dict of the panel: inputs by evidence, those of them that the scenario sets, and warnings.

    Inputs are the parameters of the resolved scenario and the numbers of the region's files that
    carry their evidence. A parameter that the scenario sets keeps the evidence of its key, and is counted as set.
    """
    entries = scenario.entries()
    known = [entry.row.evidence for entry in entries]
    set_here = [entry.row.evidence for entry in entries if entry.origin != "default" and entry.row.evidence != OWN]
    return {"parameters": _counts(known), "set_by_scenario": _counts(set_here),
            "region": _counts(region_evidence(region)), "warnings": warnings(data)}


def region_evidence(region: Region) -> list[str]:
    """The evidence of a region's rows (stock, industries, hubs, statuses) and of the network's rules."""
    tables = (region.stock, region.industries, region.hubs, region.statuses)
    known = [kind for table in tables if "evidence" in table for kind in table["evidence"].astype(str)]
    return [*known, *(kind for kind, _ in region.rules.provenance.values())]


def warnings(data: xr.Dataset) -> list[Warned]:
    """What readers of this run must know: dicts of "text" and "text_zh"."""
    return [*_tipping(data), *_few(data), *_unknown(spoken("en", data.attrs)), *_base_year(data)]


def _tipping(data: xr.Dataset) -> list[Warned]:
    """R_dyn above 1 in a measured replicate."""
    values = data["r_dyn"].to_numpy()
    measured = np.isfinite(values)
    if not measured.any():
        return [_told(_("feedback was not measured (diagnostics.members = 0)"))]
    if values[measured].max() <= 1.0:
        return []
    when = data["quarter"].to_numpy()[(values > 1.0).any(axis=0)]
    return [_told(_("enterprises follow one another so strongly (feedback R_dyn {most:.2f} at most, above 1 first in "
                    "{quarter}) that which place leads may be chance and may stay so; compare distributions, not means",
                    most=values[measured].max(), quarter=_quarter(when[0])))]


def _quarter(label: str) -> Message:
    year, number = label.split("-Q")
    return _("Q{quarter} of {year}", year=year, quarter=number)


def _few(data: xr.Dataset) -> list[Warned]:
    """Industries with fewer than FEW enterprises in the zone at the end: indices of them are noise."""
    last = counts(in_zone(data).isel(quarter=-1), "enterprises").sum("site").mean("member")
    few = last.values < FEW
    if not few.any():
        return []
    thin, thin_zh = (data.coords.get(key, data["industry"]).values[few].astype(str)
                     for key in ("industry_en", "industry_zh"))
    of = {"count": len(thin), "all": data.sizes["industry"], "least": FEW}
    text, text_zh = (_("cluster indices of {count} of {all} industries rest on fewer than {least} enterprises in the "
                       "zone: {names}", names=joined(_(", "), names), **of) for names in (thin, thin_zh))
    return [{"text": str(text), "text_zh": translate(text_zh, "zh")}]


def _unknown(lang: Language) -> list[Warned]:
    """What nobody has observed: sizes and, where they are allocated, counts by town."""
    if lang.words.get(COUNTED):
        return [_told(_("sizes of enterprises are drawn from an assumed distribution, not observed"))]
    return [_told(_("sizes of enterprises are drawn from an assumed distribution, counts by town are allocated: "
                    "neither is observed"))]


def _base_year(data: xr.Dataset) -> list[Warned]:
    worst = float(data["base_residual"].max())
    if worst < 1e-8:
        return []
    return [_told(_("the base year is off by {error:.1e} of the candidates", error=worst))]


def _told(text: Message) -> Warned:
    english, chinese = both(text)
    return {"text": english, "text_zh": chinese}


def _counts(known: list[str]) -> dict[str, int]:
    return {kind: known.count(kind) for kind in EVIDENCE if kind in known}
