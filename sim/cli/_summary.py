"""The ten lines that a run ends with."""

WORDS = {
    "en": {"headline": "Headquarters in the zone (fixed yardstick), mean of {n} replicates [5-95 % of replicates]",
           "rings": "by ring", "towns": "largest gains", "where": "Results", "next": "Next",
           "core": "core", "linkage": "linkage", "radiation": "radiation",
           "feedback": "feedback", "half_life": "half-life {years} years",
           "inputs": "inputs (parameters and region)",
           "data": "data", "literature": "literature", "assumption": "assumption", "choice": "choice",
           "note": "note",
           "base": "the opening counts are the study's totals, allocated to towns by assumption"},
    "zh": {"headline": "示范区总部企业（固定标准），{n} 次模拟均值 [5–95% 区间]",
           "rings": "分圈层", "towns": "增长最多", "where": "结果", "next": "下一步",
           "core": "核心圈层", "linkage": "联动圈层", "radiation": "辐射圈层",
           "feedback": "反馈强度", "half_life": "半衰期 {years} 年", "inputs": "输入（参数与区域数据）",
           "data": "数据", "literature": "文献", "assumption": "假设", "choice": "设定", "note": "注意",
           "base": "基年总量来自研究，分配到镇为假设"},
}


def headline(data):
    """Rows of the headline: headquarters in the zone at the start, mid-way and at the end."""
    from sim import summary

    table = summary.table(data)
    rows = table[(table["measure"] == "headquarters") & (table["level"] == "zone")]
    return rows[["quarter", "mean", "p05", "p95", "se", "members"]].to_dict("records")


def lines(data, lang, folder, scenario):
    """Summary lines in a language."""
    from sim import storage, summary

    words, table, manifest = WORDS[lang], summary.table(data), storage.read_manifest(folder) or {}
    honest = [*_feedback(table, words), *_honesty(manifest.get("honesty"), lang)]
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
    found += honest
    found.append(f"{words['where']}: {folder}/results.nc, summary.csv, assumed.csv, figures/")
    found.append(f"{words['next']}: sim rerun {folder}   |   sim show {scenario}   |   sim list scenarios")
    return found


def _value(row):
    return f"{row['quarter']}  {row['mean']:8.1f}  [{row['p05']:.0f}, {row['p95']:.0f}]"


def _feedback(table, words):
    """R over time in a line, means of the replicates that were measured."""
    rows = table[table["level"] == "feedback"].set_index(["measure", "quarter"])["mean"]
    if "r_dyn" not in rows.index:
        return
    dyn, choice, half = rows["r_dyn"], rows["r_choice"], rows["half_life"]
    parts = "; ".join(f"{quarter} {value:.2f}" for quarter, value in dyn.items())
    years = words["half_life"].format(years=f"{half.iloc[-1]:.0f}")
    yield f"  {words['feedback']}: R_dyn {parts}; R_choice {choice.iloc[-1]:.2f}; {years}"


def _honesty(panel, lang):
    """What inputs rest on, and the warnings."""
    if not panel:
        return
    words = WORDS[lang]
    total = {mark: panel["parameters"].get(mark, 0) + panel["region"].get(mark, 0)
             for mark in ("data", "literature", "assumption", "choice")}
    yield f"  {words['inputs']}: " + "; ".join(f"{number} {words[mark]}" for mark, number in total.items())
    for warning in panel["warnings"]:
        yield f"  {words['note']}: {warning['text_zh' if lang == 'zh' else 'text']}"
