"""On what a run rests: the evidence behind its inputs, and what its results should not be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from sim.config.parameters import EVIDENCE
from sim.metrics.counting import counts, in_zone

if TYPE_CHECKING:
    import xarray as xr

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
    return [*_tipping(data), *_few(data), *_unknown(), *_base_year(data)]


def _tipping(data: xr.Dataset) -> list[Warned]:
    """R_dyn above 1 in a measured replicate."""
    values = data["r_dyn"].to_numpy()
    measured = np.isfinite(values)
    if not measured.any():
        return [_said("feedback was not measured (diagnostics.members = 0)",
                      "未测算反馈强度（diagnostics.members = 0）")]
    if values[measured].max() <= 1.0:
        return []
    when = data["quarter"].to_numpy()[(values > 1.0).any(axis=0)]
    return [_said(f"R_dyn above 1 ({values[measured].max():.2f} at most, first in {when[0]}): which place "
                  "leads may be chance and may lock in; compare distributions, not means",
                  f"R_dyn 大于 1（最高 {values[measured].max():.2f}，首见于 {when[0]}）："
                  "领先地点可能出于偶然并被锁定，应比较分布而非均值")]


def _few(data: xr.Dataset) -> list[Warned]:
    """Industries with fewer than FEW enterprises in the zone at the end: indices of them are noise."""
    last = counts(in_zone(data).isel(quarter=-1), "enterprises").sum("site").mean("member")
    few = last.values < FEW
    if not few.any():
        return []
    thin, thin_zh = (data.coords.get(key, data["industry"]).values[few].astype(str)
                     for key in ("industry", "industry_zh"))
    names, listed = f"{len(thin)} of {data.sizes['industry']} industries", ", ".join(thin)
    return [_said(f"cluster indices of {names} rest on fewer than {FEW} enterprises in the zone: {listed}",
                  f"{len(thin)} 个行业在区内的企业少于 {FEW} 家，集聚指数不可靠：{'、'.join(thin_zh)}")]


def _unknown() -> list[Warned]:
    """What nobody has observed: sizes and counts by town."""
    return [_said("sizes of enterprises are drawn from an assumed law, counts by town are allocated: neither "
                  "is observed", "企业规模来自假设分布，各镇数量由总数分摊：均非实测")]


def _base_year(data: xr.Dataset) -> list[Warned]:
    worst = float(data["base_residual"].max())
    if worst < 1e-8:
        return []
    return [_said(f"the base year is off by {worst:.1e} of the candidates",
                  f"基年误差为候选企业的 {worst:.1e}")]


def _said(text: str, text_zh: str) -> Warned:
    return {"text": text, "text_zh": text_zh}


def _counts(known: list[str]) -> dict[str, int]:
    return {kind: known.count(kind) for kind in EVIDENCE if kind in known}
