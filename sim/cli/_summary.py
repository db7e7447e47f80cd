"""The ten lines that a run ends with, read from its tables."""

import io
import math
from pathlib import Path
from typing import Any

from sim.base.messages import _, joined, translate
from sim.config.parameters import EVIDENCE

MANY = 1000.0                  # from which a mean has no decimals
RINGS = {"core": _("core"), "linkage": _("linkage"), "radiation": _("radiation")}


def headline(folder: Path) -> list[dict[str, Any]]:
    """Headquarters in the zone at the start, every five years and at the end; None for no number."""
    columns = ("quarter", "mean", "p05", "p95", "se", "members")
    return [{name: row[name] if row[name] == row[name] else None for name in columns}      # nan is no JSON
            for row in _rows(_table(folder), "headquarters", "zone")]


def lines(folder: Path, lang: str) -> list[str]:
    """Summary lines in a language."""
    from sim.base import files

    manifest: Any                  # a finished run has one
    table, manifest = _table(folder), files.read_manifest(folder)
    zone_zh = table.loc[table["level"] == "zone", "place_zh"].iloc[0]
    said = [_("Headquarters in the zone (base-year criteria), mean over replicates (n = {n}) [5-95 % of replicates]",
              n=manifest["replicates"], zone=zone_zh),
            *(f"  {row['quarter']}  {_interval(row, 8)}" for row in _rows(table, "headquarters", "zone")),
            *_close(table[table["quarter"] == table["quarter"].iloc[-1]], zone_zh), *_feedback(table),
            *_evidence(manifest.get("evidence"), lang),
            _("Results: {files}", files=f"{folder}/results.nc, summary.csv, assumed.csv, ledger.csv"
              + (", figures/" if (folder / "figures").is_dir() else ""))]
    return [manifest[f"title_{lang}"], *(translate(line, lang) for line in said)]


def _close(last, zone_zh):
    """The last quarter by ring, or outside a zone without a core, and candidates and their employees in the zone."""
    rows = {row["place"]: row for row in _rows(last, "headquarters", "ring")}
    rings = (_("{ring} {interval}", ring=RINGS.get(place, place), interval=_interval(row))
             for place, row in rows.items())
    enterprises, employment = (_interval(_rows(last, name, "zone")[0]) for name in ("enterprises", "employment"))
    quarter = last["quarter"].iloc[0]
    if "core" in rows:
        yield _("  by ring, {quarter}: {rings}", quarter=quarter, rings=joined(_("; "), rings))
    elif "radiation" in rows:
        yield _("  outside the zone, {quarter}: {interval}", quarter=quarter, interval=_interval(rows["radiation"]),
                zone=zone_zh)
    yield _("  candidates in the zone {enterprises}; their employees {employment}", zone=zone_zh,
            enterprises=enterprises, employment=employment)
    if (full := _rows(last, "sites_at_capacity", "land")[0]["mean"]) > 0:
        yield _("  floor at capacity: {share:.0%} of the sites in the zone", share=full, zone=zone_zh)


def _feedback(table):
    """R over time in a line, means of the replicates that were measured."""
    rows = table[table["level"] == "feedback"].set_index(["measure", "quarter"])
    if "r_dyn" not in rows.index:
        return
    dyn, choice, half = (rows.loc[name] for name in ("r_dyn", "r_choice", "half_life"))
    values = joined(_("; "), (f"{quarter} {value:.2f}" for quarter, value in dyn["mean"].items()))
    yield joined(_("; "), (_("  feedback: R_dyn {values}; R_choice {choice:.2f}", choice=choice["mean"].iloc[-1],
                             values=values), *_fading(half.iloc[-1])))


def _fading(half):
    """How long a shift between places lasts; without end in all replicates measured, or in some; nothing of nan."""
    if math.isfinite(half["mean"]):
        yield _("half of a shift between places is gone after {years:.0f} years", years=half["mean"])
    elif math.isinf(half["p05"]):
        yield _("a shift between places does not fade by itself")
    elif math.isinf(half["mean"]):
        yield _("in some replicates a shift between places does not fade by itself")


def _evidence(panel, lang):
    """What inputs rest on, and the warnings."""
    if not panel:
        return
    total = {kind: panel["parameters"].get(kind, 0) + panel["region"].get(kind, 0) for kind in EVIDENCE}
    yield _("  inputs (parameters and region): {parts}",
            parts=joined(_("; "), (_("{number} {mark}", number=number, mark=kind)
                                   for kind, number in total.items())))
    for warning in panel["warnings"]:
        yield _("  note: {text}", text=warning["text_zh" if lang == "zh" else "text"])


def _table(folder):
    from sim.base.csv_files import read_csv
    from sim.results import run_folder

    return read_csv(io.BytesIO(run_folder.content(folder, run_folder.finished(folder), "summary.csv")))


def _rows(table, measure, level):
    return table[(table["measure"] == measure) & (table["level"] == level)].to_dict("records")


def _interval(row, width=0):
    return f"{row['mean']:{width},.{0 if row['mean'] >= MANY else 1}f} [{row['p05']:,.0f}, {row['p95']:,.0f}]"
