"""The ten lines that a run ends with."""

WORDS = {
    "en": {"headline": "Headquarters in the zone (fixed yardstick), mean of {n} replicates [5-95 % of replicates]",
           "rings": "by ring", "towns": "largest gains", "where": "Results", "next": "Next",
           "core": "core", "linkage": "linkage", "radiation": "radiation",
           "base": "opening counts are totals by district, allocated to towns by assumption"},
    "zh": {"headline": "示范区总部企业（固定标准），{n} 次模拟均值 [5–95% 区间]",
           "rings": "分圈层", "towns": "增长最多", "where": "结果", "next": "下一步",
           "core": "核心圈层", "linkage": "联动圈层", "radiation": "辐射圈层",
           "base": "基年为分区县总数，分配到镇为假设"},
}


def headline(data):
    """Rows of the headline: headquarters in the zone at the start, mid-way and at the end."""
    from sim import summary

    table = summary.table(data)
    rows = table[(table["measure"] == "headquarters") & (table["level"] == "zone")]
    return rows[["quarter", "mean", "p05", "p95", "se", "members"]].to_dict("records")


def lines(data, lang, folder, scenario):
    """Summary lines in a language."""
    from sim import summary

    words, table = WORDS[lang], summary.table(data)
    found = [f"{data.attrs['title_zh' if lang == 'zh' else 'title']}",
             words["headline"].format(n=data.sizes["member"])]
    table = table[table["measure"] == "headquarters"]
    found += [f"  {_value(row)}" for row in table[table["level"] == "zone"].to_dict("records")]
    last = table[table["quarter"] == str(data["quarter"].to_numpy()[-1])]
    rings = last[last["level"] == "ring"].to_dict("records")
    found.append(f"  {words['rings']}, {rings[0]['quarter']}: " + "; ".join(
        f"{words.get(row['place'], row['place'])} {row['mean']:.1f} [{row['p05']:.0f}, {row['p95']:.0f}]"
        for row in rings))
    found.append(f"  ({words['base']})")
    found.append(f"{words['where']}: {folder}/results.nc, summary.csv, assumed.csv, figures/")
    found.append(f"{words['next']}: sim rerun {folder}   |   sim show {scenario}   |   sim list scenarios")
    return found


def _value(row):
    return f"{row['quarter']}  {row['mean']:8.1f}  [{row['p05']:.0f}, {row['p95']:.0f}]"
