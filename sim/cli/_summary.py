"""The ten lines that a run ends with, read from its tables."""

WORDS = {
    "en": {"headline": "Headquarters in the zone (fixed yardstick), mean of {n} replicates "
                       "[5-95 % of replicates]",
           "rings": "by ring", "core": "core", "linkage": "linkage", "radiation": "radiation",
           "enterprises": "candidates in the zone", "employment": "their employees",
           "base": "opening counts are totals by district, allocated to towns by assumption",
           "where": "Results", "next": "Next"},
    "zh": {"headline": "示范区总部企业（固定标准），{n} 次模拟均值 [5–95% 区间]",
           "rings": "分圈层", "core": "核心圈层", "linkage": "联动圈层", "radiation": "辐射圈层",
           "enterprises": "示范区候选企业", "employment": "其就业人数",
           "base": "基年为分区县总数，分配到镇为假设",
           "where": "结果", "next": "下一步"},
}


def headline(folder):
    """Headquarters in the zone at the start, every five years and at the end; None for no number."""
    columns = ("quarter", "mean", "p05", "p95", "se", "members")
    return [{name: row[name] if row[name] == row[name] else None for name in columns}      # nan is no JSON
            for row in _rows(_table(folder), "headquarters", "zone")]


def lines(folder, lang):
    """Summary lines in a language."""
    from sim import storage

    words, table, manifest = WORDS[lang], _table(folder), storage.read_manifest(folder)
    last = table[table["quarter"] == table["quarter"].iloc[-1]]
    zone = {name: _rows(last, name, "zone")[0] for name in ("enterprises", "employment")}
    rings = _rows(last, "headquarters", "ring")
    return [
        manifest[f"title_{lang}"],
        words["headline"].format(n=manifest["replicates"]),
        *(f"  {row['quarter']}  {_interval(row, 8)}" for row in _rows(table, "headquarters", "zone")),
        f"  {words['rings']}, {last['quarter'].iloc[0]}: " + "; ".join(
            f"{words.get(row['place'], row['place'])} {_interval(row)}" for row in rings),
        "  " + "; ".join(f"{words[name]} {_interval(row)}" for name, row in zone.items()),
        f"  ({words['base']})"]


def directions(folder, scenario, lang):
    """Where the results are and what to try next, in a language."""
    words = WORDS[lang]
    return [f"{words['where']}: {folder}/results.nc, summary.csv, assumed.csv, figures/",
            f"{words['next']}: sim show {scenario}   |   sim rerun {folder}   |   sim list"]


def _table(folder):
    import pandas as pd

    return pd.read_csv(folder / "summary.csv")


def _rows(table, measure, level):
    return table[(table["measure"] == measure) & (table["level"] == level)].to_dict("records")


def _interval(row, width=0):
    return f"{row['mean']:{width},.1f} [{row['p05']:,.0f}, {row['p95']:,.0f}]"
