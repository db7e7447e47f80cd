"""The ten lines that a run ends with, read from its tables."""

import shlex

from sim.base.word_tables import terminal
from sim.config.parameters import MARKS


def headline(folder):
    """Headquarters in the zone at the start, every five years and at the end; None for no number."""
    columns = ("quarter", "mean", "p05", "p95", "se", "members")
    return [{name: row[name] if row[name] == row[name] else None for name in columns}      # nan is no JSON
            for row in _rows(_table(folder), "headquarters", "zone")]


def lines(folder, lang):
    """Summary lines in a language."""
    from sim.base import files

    words, table, manifest = terminal("run", lang), _table(folder), files.read_manifest(folder)
    last = table[table["quarter"] == table["quarter"].iloc[-1]]
    named = table.loc[table["level"] == "zone", "place_zh"].iloc[0]
    zone = {name: _rows(last, name, "zone")[0] for name in ("enterprises", "employment")}
    rings = _rows(last, "headquarters", "ring")
    return [
        manifest[f"title_{lang}"],
        words["headline"].format(n=manifest["replicates"], zone=named),
        *(f"  {row['quarter']}  {_interval(row, 8)}" for row in _rows(table, "headquarters", "zone")),
        f"  {words['rings']}, {last['quarter'].iloc[0]}: " + "; ".join(
            f"{words.get(row['place'], row['place'])} {_interval(row)}" for row in rings),
        "  " + "; ".join(f"{words[name].format(zone=named)} {_interval(row)}" for name, row in zone.items()),
        f"  ({words['base']})",
        *_feedback(table, words), *_honesty(manifest.get("evidence"), words, lang)]


def _feedback(table, words):
    """R over time in a line, means of the replicates that were measured."""
    rows = table[table["level"] == "feedback"].set_index(["measure", "quarter"])["mean"]
    if "r_dyn" not in rows.index:
        return
    dyn, choice, half = rows["r_dyn"], rows["r_choice"], rows["half_life"]
    parts = "; ".join(f"{quarter} {value:.2f}" for quarter, value in dyn.items())
    years = words["half_life"].format(years=f"{half.iloc[-1]:.0f}")
    yield f"  {words['feedback']}: R_dyn {parts}; R_choice {choice.iloc[-1]:.2f}; {years}"


def _honesty(panel, words, lang):
    """What inputs rest on, and the warnings."""
    if not panel:
        return
    total = {mark: panel["parameters"].get(mark, 0) + panel["region"].get(mark, 0)
             for mark in MARKS}
    yield f"  {words['inputs']}: " + "; ".join(f"{number} {words[mark]}" for mark, number in total.items())
    for warning in panel["warnings"]:
        yield f"  {words['note']}: {warning['text_zh' if lang == 'zh' else 'text']}"


def directions(folder, scenario, lang):
    """Where the results are and what to try next, in a language."""
    from sim.report.render import NAMES

    words = terminal("run", lang)
    show, again = (shlex.join(["sim", *each]) for each in (("show", str(scenario)), ("rerun", str(folder))))
    return [f"{words['where']}: {folder}/{NAMES[lang]}, results.nc, summary.csv, assumed.csv, ledger.csv, figures/",
            f"{words['next']}: {show}   |   {again}   |   sim list"]


def _table(folder):
    import io

    from sim.base.csv_files import read_csv
    from sim.results import run_folder

    return read_csv(io.BytesIO(run_folder.content(folder, run_folder.finished(folder), "summary.csv")))


def _rows(table, measure, level):
    return table[(table["measure"] == measure) & (table["level"] == level)].to_dict("records")


def _interval(row, width=0):
    return f"{row['mean']:{width},.1f} [{row['p05']:,.0f}, {row['p95']:,.0f}]"
