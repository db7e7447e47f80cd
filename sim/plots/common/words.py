"""The words that figures use, in English and Chinese; places and industries bring their own names."""

import json

from sim.base.own_words import fill

LANGUAGES = ("en", "zh")
TABLE = {
    "core": ("Core ring", "核心圈层"),
    "linkage": ("Linkage ring", "联动圈层"),
    "radiation": ("Radiation ring", "辐射圈层"),
    "core_where": ("Core ring: startup area, within {near:g} km", "核心圈层：启动区内、{near:g} 公里以内"),
    "linkage_where": ("Linkage ring: the rest of the zone", "联动圈层：{zone}其余部分"),
    "radiation_where": ("Radiation ring: outside the zone", "辐射圈层：{zone}以外"),
    # page
    "scenario": ("Scenario: {title}   |   {first} to {last}", "情景：{title}　|　{first}至 {last}"),
    "year_end": ("end of {year}", "{year} 年末"),
    "quarter": ("end of Q{quarter} {year}", "{year} 年第 {quarter} 季度末"),
    "comma": (", ", "、"),
    "range": ("{low} to {high}", "{low}～{high}"),
    "band": ("Band or whisker: 5th to 95th percentile of {n} runs.",
             "阴影带或误差线：{n} 次模拟的第 5 至第 95 百分位。"),
    "no_band": ("One run: no band can be given.", "仅 1 次模拟，无法给出区间。"),
    "yardstick": ("Headquarters: enterprises that meet one fixed yardstick of revenue, tax and R&D, the same in "
                  "every scenario. Opening counts by town are allocated from district totals, not observed.",
                  "总部：达到统一标准（营收、税收、研发）的企业，各情景标准相同。期初各镇数量由区县总数分摊得出，并"
                  "非实测。"),
    "source": ("Source: simulation of scenario “{scenario}”, region “{region}”{rings}.",
               "资料来源：情景“{scenario}”、区域“{region}”的模拟结果{rings}。"),
    "headquarters": ("headquarters", "总部数（家）"),
    "mean": ("mean of runs", "模拟均值"),
    "range_of_runs": ("9 in 10 runs", "九成模拟"),
    "single_runs": ("single runs", "单次模拟"),
    # paths
    "paths_finding": ("From {start} headquarters at the {first} to {end} at the {last}",
                      "{first} {start} 家，{last} {end} 家"),
    "nine_in_ten": (" (9 in 10 runs: {range})", "（九成模拟：{range}）"),
    "in_zone": ("All of the zone", "{zone}合计"),
    "inside_rings": ("Inside the zone: core and linkage", "{zone}内：核心与联动圈层"),
    "beyond": ("Outside the zone: radiation", "{zone}外：辐射圈层"),
    "more_events": ("and {n} more", "另有 {n} 项"),
    # shares
    "share_axis": ("share of headquarters, %", "占总部的比重（%）"),
    "of_all": ("Of all headquarters modelled", "占全部模拟总部"),
    "of_zone": ("Of the zone’s headquarters", "占{zone}总部"),
    "bars": ("Bars add up to 100%; of several runs they are the mean.", "条形合计为 100%；多次模拟时为均值。"),
    "share_finding": ("{name}: {start} of the zone’s headquarters at the {first}, {end} at the {last}",
                      "{name}占{zone}总部：{first} {start}，{last} {end}"),
    "largest_finding": ("Largest at the {last}: {name}, {end}", "{last}占比最高：{name}，{end}"),
    "both_finding": ("Largest at the {last}, and largest shift: {name}, {start} to {end}",
                     "{last}占比最高且变化最大：{name}，由 {start} 变为 {end}"),
    "moved_finding": ("; largest shift: {name}, {start} to {end}", "；变化最大：{name}，由 {start} 变为 {end}"),
    "none": ("No headquarters in the zone in any run", "各次模拟中{zone}内均无总部"),
    # change
    "change_axis": ("change in headquarters since the {first}", "自 {first}以来总部数变化（家）"),
    "most_changed": ("Largest change: {name}, {change}", "变化最大：{name}，{change}"),
    "sure_gains": (". Gain in at least 19 of 20 runs: {k} of {n} places",
                   "。九成五以上模拟中总部增加：{n} 处中的 {k} 处"),
    "unchanged": ("No change in any run", "各次模拟均无变化"),
    "both_ends": ("mean\n{first} → {last}", "均值\n{first} → {last}"),
    "means": ("Symbols and numbers: of several runs the mean.", "图标与数字：多次模拟时为均值。"),
    "not_shown": ("{n} places with smaller changes are not shown.", "另有 {n} 处变化较小，未显示。"),
    # rents
    "rent_axis": ("rent index (opening = 1)", "租金指数（期初 = 1）"),
    "rents_finding": ("Rents at the {last}, opening = 1: {parts}", "{last}租金（期初 = 1）：{parts}"),
    "rents_note": ("Thick line: mean of a ring’s places; thin lines: single places; both the mean of runs. "
                   "Rents by town are not observed: only their change has a meaning.",
                   "粗线：圈层内各地点均值；细线：各地点；均为模拟均值。各镇租金并无实测，只有变化有意义。"),
    # feedback and equilibria
    "r_dyn": ("R_dyn, feedback of a quarter’s map", "R_dyn（季度动态的反馈强度）"),
    "r_choice": ("R_choice, feedback of entry alone", "R_choice（进入选择的反馈强度）"),
    "critical": ("1: shares run away above", "1：高于此值份额失稳"),
    "half_life_axis": ("half-life of a change of shares, years", "份额变化的半衰期（年）"),
    "feedback_finding": ("R_dyn {start:.2f} at the {first}, {end:.2f} at the {last}: a lasting change comes to "
                         "{multiplier} times its direct effect in the long run",
                         "R_dyn：{first} {start:.2f}，{last} {end:.2f}；长期效应约为直接效应的 {multiplier} 倍"),
    "feedback_none": ("Feedback was not measured in this run", "本次运行未测算反馈强度"),
    "unbounded": ("more and more", "无限"),
    "feedback_note": ("Mean of the {k} measured among {n} runs, thin lines: each. Feedback of all sites together, "
                      "on the counts as they stood.",
                      "粗线为 {n} 次模拟中 {k} 次测算的均值，细线为各次。反映全部地点在当时企业分布下的反馈。"),
    "stable": ("stable", "稳定"),
    "unstable": ("unstable", "不稳定"),
    "leader_share": ("Share of the largest site", "最大地点的份额"),
    "as_given": ("the scenario as it is", "情景原值"),
    "own_value": ("value of the scenario: {value}", "情景取值：{value}"),
    "bifurcation_finding": ("{all} equilibria found for a value, {stable} of them stable",
                            "每个取值找到 {all} 个均衡，其中稳定 {stable} 个"),
    "bifurcation_note": ("Fixed points of the expected quarterly map on one draw of the population; what a search does "
                         "not find may still be there. Shaded: R_dyn above 1 where the leading site has this share "
                         "and the others keep their opening proportions; its border is the contour R_dyn = 1.",
                         "某次抽样人口下季度期望映射的不动点；未找到的均衡仍可能存在。阴影：领先地点占该份额、"
                         "其余地点保持期初比例时 R_dyn 大于 1，边界即 R_dyn = 1 等值线。"),
    # map
    "map_finding": ("Headquarters at the {last}: {parts}", "{last}总部数：{parts}"),
    "wider": ("Wider area (frame: the map on the left)", "周边地区（方框为左图范围）"),
    "size": ("area of symbol (left map): headquarters", "左图图标面积：总部数（家）"),
    "open_before": ("rail open at the {first}", "{first}已开通的轨道交通"),
    "opens_later": ("rail opening by the {last}", "{last}前开通的轨道交通"),
    "planned": ("rail planned for later, or without date", "更晚开通或日期未定的轨道交通"),
    "district": ("district of the zone", "{zone}区县"),
    "lake": ("lake", "湖泊"),
    "kilometres": ("{n:g} km", "{n:g} 公里"),
    "north": ("N", "北"),
    "caveat": ("Schematic; map not reviewed for public release.", "示意图；地图未经审核，不得公开发布。"),
    "map_note": ("Numbers: headquarters, mean of {n} runs.", "数字：总部数，{n} 次模拟的均值。"),
    "map_note_one": ("Numbers: headquarters in one run.", "数字：总部数，仅 1 次模拟。"),
}


def words_of(table):
    """The function (key, language, parts) -> word or sentence of a table above the one here, its {parts} filled in.

    >>> words_of({"gain": ("gain", "增加")})("gain", "zh"), word("kilometres", "en", n=10)
    ('增加', '10 km')
    """
    def word(key, lang, **parts):
        return fill((table if key in table else TABLE)[key][LANGUAGES.index(lang)], lang, **parts)
    return word


word = words_of(TABLE)


def moment(quarter, lang):
    """A quarter in words.

    >>> moment("2040-Q4", "en"), moment("2025-Q2", "zh")
    ('end of 2040', '2025 年第 2 季度末')
    """
    year, number = str(quarter).split("-Q")
    return word("year_end" if number == "4" else "quarter", lang, year=year, quarter=number)


def period(dataset, lang):
    """The first and the last quarter in words, to fill in sentences."""
    quarters = dataset["quarter"].values
    return {"first": moment(quarters[0], lang), "last": moment(quarters[-1], lang)}


def names(dataset, key, lang):
    """Display names of the ids of `key` ("site", "industry", "jurisdiction", "ring", ...).

    The dataset's own columns come first (short_en for sites, industry_en, jurisdiction_en, ...),
    then the table above, then the id itself.
    """
    column = f"short_{lang}" if key == "site" else f"{key}_{lang}"
    if column in dataset.coords:
        pairs = zip(dataset[key].values.tolist(), dataset[column].values.tolist(), strict=True)
        return {one: str(name) for one, name in pairs}
    return {one: word(one, lang) if one in TABLE else str(one) for one in dataset[key].values.tolist()}


def title_of(entry, lang):
    """Title of a registered figure in the language."""
    return fill(entry.title_zh if lang == "zh" else entry.title, lang)


def titled(dataset, lang):
    """Title of the scenario in the language, or its name when it has none."""
    attributes = dataset.attrs
    wanted = "title_zh" if lang == "zh" else "title"
    return attributes.get(wanted) or attributes.get("title") or attributes.get("scenario", "")


def events(dataset, lang):
    """[(decimal year, date as written, label)] of the policies, by date, each label once a date."""
    found = {}
    for event in json.loads(dataset.attrs.get("events") or "[]"):
        label = event.get("label_zh") if lang == "zh" else event.get("label")
        found.setdefault(event["date"][:7], []).append(label or event.get("label", ""))
    comma = word("comma", lang)
    return [(int(month[:4]) + (int(month[5:7]) - 1) / 12, month, comma.join(dict.fromkeys(labels)))
            for month, labels in sorted(found.items())]
