"""The words that pages use, in English and Chinese. Figures have their own, in `sim.plots.common.words`."""

from sim.base.own_words import fill
from sim.plots.common.words import LANGUAGES
from sim.report.words_comparison import COMPARISON

TABLE = {
    # frame
    "language": ("中文", "English"),
    "run_kicker": ("Report of one simulated scenario", "单一情景模拟报告"),
    "made_by": ("Made from the results in this folder by cluster-formation-simulator {version}.",
                "由 cluster-formation-simulator {version} 根据本文件夹中的结果生成。"),
    "stop": (". ", "。"),
    "colon": (": ", "："),
    "comma": (", ", "、"), "semicolon": ("; ", "；"),
    "yes": ("yes", "是"), "no": ("no", "否"),
    # what was run
    "what": ("What was run", "模拟内容"),
    "scenario": ("Scenario", "情景"),
    "region": ("Region", "区域"),
    "period": ("Period", "时段"),
    "period_is": ("{first} to {last}, by quarter", "{first}至 {last}，按季度"),
    "replicates": ("Replicates", "重复模拟"),
    "replicates_are": ("{n} runs that differ by chance and by how district totals are spread over towns; seed "
                       "{seed}",
                       "{n} 次，仅随机因素及区县总数在各镇的分摊不同；随机种子 {seed}"),
    "policy_from": ("Policy from {start}", "政策（{start} 起）"),
    "policy_until": ("Policy {start} to {end}", "政策（{start} 至 {end}）"),
    "sites_zone": ("all of the zone", "{zone}全域"), "sites_towns": ("{towns}", "{towns}"),
    "sites_startup": ("the startup area", "启动区"), "sites_all": ("all places modelled", "全部模型地点"),
    "sites_core": ("the core ring", "核心圈层"), "sites_linkage": ("the linkage ring", "联动圈层"),
    "sites_radiation": ("the radiation ring", "辐射圈层"),
    "at_sites": ("{title}; at: {sites}", "{title}；适用：{sites}"),
    "description": ("Description by its author", "情景作者的说明"),
    # findings
    "headline": ("What came out", "主要结果"),
    "end": ("headquarters in the zone, {last}", "{zone}总部（家），{last}"),
    "change": ("change since the {first}", "自 {first}以来的变化"),
    "core": ("in the core ring, {last}", "核心圈层，{last}"),
    "zone_share": ("of all modelled headquarters are in the zone, {last}", "{zone}占全部模拟总部的比重，{last}"),
    "runs_range": ("9 in 10 runs: {low} to {high}", "九成模拟：{low}～{high}"),
    "one_run": ("one run: no interval", "仅 1 次模拟，无区间"),
    "said_zone": ("The zone goes from {start} headquarters at the {first} to {end} at the {last}{spread}",
                  "{zone}总部由 {first}的 {start} 家变为 {last}的 {end} 家{spread}"),
    "said_change": ("The change is {change}{spread}; its mean is known to ±{error} (two standard errors) and the "
                    "band is that of single runs",
                    "变化为 {change} 家{spread}；均值的误差为 ±{error}（两倍标准误），区间指单次模拟"),
    "said_share": ("Of all headquarters modelled the zone holds {start} at first and {end} in the end{spread}; "
                   "where the number grows and this share does not, the zone only keeps pace",
                   "{zone}占全部模拟总部的比重由 {start} 变为 {end}{spread}；若数量增加而比重不变，则只是与其他地方"
                   "同步增长"),
    "said_place": ("The largest change of a single place: {name}, {change}{spread}",
                   "变化最大的地点：{name}，{change} 家{spread}"),
    "said_few": ("Only {n} runs: the intervals are rough", "仅 {n} 次模拟，区间较粗略"),
    "not_effect": ("This page describes one scenario. It does not show what its policies cause: the effect of a "
                   "policy is the difference between two scenarios under the same draws, which sim compare reports.",
                   "本页只描述一个情景，不说明政策带来了什么：政策效应是相同随机抽样下两个情景之差，由 sim compare "
                   "给出。"),
    # assumed beside found
    "assumed": ("What was assumed, beside what was found", "假定的效应与得到的结果"),
    "assumed_intro": ("Each policy is given a direct effect on the utility of a place: that is an input, and its "
                      "sign too. The simulation adds who is eligible, who is displaced, and how rents and "
                      "neighbours answer. In units of the random part of utility; “odds” says by how much the "
                      "direct effect alone would multiply the odds of a place against places of other nests.",
                      "每项政策对地点效用的直接效应（包括方向）是输入。模型在此之上得出谁符合条件、谁被挤出、租金与"
                      "集聚如何反应。单位为效用随机项的尺度；“优势比”表示仅凭直接效应，该地点相对其他嵌套地点的选择"
                      "优势会乘以多少。"),
    "found_beside": ("Found, for all policies together with everything else in the scenario",
                     "得到的结果（全部政策与情景其他内容共同作用）"),
    "no_policies": ("The scenario has no policies, so no direct effect was assumed.",
                    "该情景没有政策，未假定任何直接效应。"),
    "policy": ("policy", "政策"), "instrument": ("instrument", "工具"), "arrives": ("for", "对象"),
    "both": ("newcomers and movers", "新设与迁入企业"),
    "newcomer": ("newcomers", "新设企业"), "mover": ("movers", "迁入企业"),
    "its members": ("its members", "联盟成员"),
    "enterprises in none of its alliances": ("enterprises in none of its alliances", "不在其联盟内的企业"),
    "members_of": ("members of {name}", "{name}的成员"),
    "peers at the opening counts": ("through peers, at the opening counts", "经由集聚，按期初数量"),
    "reached": ("classes of enterprise reached", "涉及企业类别"),
    "reached_is": ("{k} of {n}", "{n} 类中的 {k} 类"),
    "none": ("none", "无"),
    "dv": ("mean dV", "平均 dV"), "dv_low": ("lowest", "最低"), "dv_high": ("highest", "最高"),
    "odds": ("odds ×", "优势比 ×"),
    "quarter": ("as of", "截至"),
    # figures and tables
    "figures": ("Figures", "图"),
    "no_figures": ("This folder has no figures.", "本文件夹没有图。"),
    "tables": ("Tables", "表"),
    "tables_intro": ("Mean of the runs; at the end also the 5th and 95th percentile of single runs and the "
                     "standard error of the mean. Opening counts by town are allocated from district totals, not "
                     "observed. All numbers: summary.csv and results.nc in this folder.",
                     "各次模拟的均值；期末另列单次模拟的第 5、95 百分位数和均值的标准误。期初各镇数量由区县总数分摊"
                     "得出，并非实测。全部数字见本文件夹的 summary.csv 与 results.nc。"),
    "headquarters": ("Headquarters (fixed yardstick)", "总部企业（统一标准，家）"),
    "enterprises": ("Candidate enterprises", "候选企业（家）"),
    "employment": ("Employees of modelled enterprises", "模拟企业就业（人）"),
    "by_group": ("by ring and jurisdiction", "按圈层和辖区"),
    "by_site": ("by place", "按地点"),
    "place": ("place", "地点"), "zone": ("All of the zone", "{zone}合计"),
    "p05": ("5th pct., {quarter}", "第 5 百分位，{quarter}"), "p95": ("95th pct., {quarter}",
            "第 95 百分位，{quarter}"),
    "se": ("std. error, {quarter}", "标准误，{quarter}"),
    # honesty
    "honesty": ("How far to trust this", "可信程度"),
    "honesty_intro": ("Where the inputs come from. Intervals on this page hold chance and the allocation to towns; "
                      "they do not hold the uncertainty of these inputs.",
                      "各项输入的来源。本页区间只反映随机性和向各镇的分摊，不反映这些输入本身的不确定性。"),
    "data": ("data", "数据"), "literature": ("literature", "文献"), "assumption": ("assumption", "假定"),
    "choice": ("user’s choice", "用户选择"),
    "mark": ("where from", "来源类型"), "parameters": ("parameters", "参数个数"),
    "set_here": ("of them set by the scenario", "其中由情景设定"),
    "region_rows": ("rows of the region’s tables", "区域数据表行数"),
    "bar": ("Parameters by where they come from", "参数来源构成"),
    "always": ("What nobody has observed", "尚无观测的内容"),
    "always_are": ((
                   "Headquarters by town: district totals are spread over towns at random, anew in each run.",
                    "Rents, floor and capacity by town: only their change has a meaning.",
                    "The sign and size of each policy’s direct effect: imposed, see above.",
                    "Entry, and how many choose a place outside the region."),
                   ("各镇总部数：区县总数随机分摊到镇，每次模拟重新分摊。",
                    "各镇租金、楼面与容量：只有变化有意义。",
                    "各项政策直接效应的方向和大小：为输入，见上。",
                    "企业进入率以及选择区域外的比例。")),
    "warnings": ("Warnings", "提示"),
    "no_warnings": ("The program gave no warnings.", "程序没有给出提示。"),
    "as_given": ("", "（程序原文）"),
    "every_input": ("Every input of the model with its source", "模型全部输入及来源"),
    "inputs_note": ("“Default” means that the scenario leaves the value as it is.",
                    "引文按发表时的写法列出。“默认”表示情景未改动该值。"),
    "key": ("key", "键"), "meaning": ("what it is", "含义"),
    "value": ("value", "取值"), "unit": ("unit", "单位"),
    "source": ("source", "来源"), "origin": ("set in", "设定于"),
    "default": ("default", "默认"),
    "regime": ("regime", "制度"),
    # provenance
    "provenance": ("How it was made, and how to make it again", "生成方式与重现"),
    "command": ("Command", "命令"), "again": ("Make it again and compare the bytes", "重新生成并逐字节比较"),
    "finished": ("Finished", "完成时间"), "seconds": ("Time taken", "用时"), "seconds_are": ("{n} s", "{n} "
                                                                                                "秒"),
    "seed": ("Seed", "随机种子"), "commit": ("Commit", "代码版本"), "files": ("Scenario files", "情景文件"),
    "versions": ("Versions", "软件版本"), "digest": ("SHA-256 of {name}", "{name} 的 SHA-256"),
    "scenario_digest": ("Digest of the scenario’s values", "情景取值摘要"),
    "region_digest": ("Digest of the region’s files", "区域文件摘要"),
    "item": ("item", "项目"), "is": ("value", "内容"),
}
TABLE |= COMPARISON


def word(key, lang, **parts):
    """A word or sentence in a language, with its {parts} filled in; lists come as they are.

    >>> word("reached_is", "en", k=3, n=72)
    '3 of 72'
    """
    text = TABLE[key][LANGUAGES.index(lang)]
    return fill(text, lang, **parts) if isinstance(text, str) else text


def known(text, lang):
    """A text in the language if it is one of ours, else as it is."""
    if text.startswith("members of "):
        return word("members_of", lang, name=text.removeprefix("members of "))
    return word(text, lang) if text in TABLE else text
