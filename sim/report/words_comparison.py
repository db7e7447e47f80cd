"""The words that only pages of comparisons use, in English and Chinese."""

COMPARISON = {
    "comparison_kicker": ("Comparison of scenarios under the same draws", "相同随机抽样下的情景比较"),
    "comparison_title": ("{name} compared with {baseline}", "{name}与{baseline}的比较"),
    "comparison_title_many": ("{n} scenarios compared with {baseline}", "{n} 个情景与{baseline}的比较"),
    "first": ("Read this first", "请先读"),
    "first_is": ("{name}: {text}", "{name}：{text}"),
    "too_many": ("{value} of the enterprises that arrive at the places of “{policy}” would not have come without it; "
                 "published estimates are {low} to {high} (Bartik 2018). The effect assumed may be too large",
                 "在“{policy}”适用地点新到的企业中，{value} 若无该政策便不会来；已发表的估计为 "
                 "{low}～{high}（Bartik 2018）。所假定的效应可能偏大"),
    "too_few": ("{value} of the enterprises that arrive at the places of “{policy}” would not have come without it; "
                "published estimates are {low} to {high} (Bartik 2018). The effect assumed may be too small",
                "在“{policy}”适用地点新到的企业中，{value} 若无该政策便不会来；已发表的估计为 "
                "{low}～{high}（Bartik 2018）。所假定的效应可能偏小"),
    "capitalised": ("rents take {value} of what the policies give newcomers; published estimates are {low} to {high} "
                    "(Suárez Serrato & Zidar 2016)",
                    "租金吸收了政策给予新来企业收益的 {value}；已发表的估计为 {low}～{high}"
                    "（Suárez Serrato & Zidar 2016）"),
    "relieved": ("rents do not rise: they fall, by {value} of what the policies give newcomers; published estimates "
                 "are that they take {low} to {high} (Suárez Serrato & Zidar 2016)",
                 "租金未升反降，降幅相当于政策给予新来企业收益的 {value}；已发表的估计为吸收 {low}～{high}"
                 "（Suárez Serrato & Zidar 2016）"),
    "effects_in_words": ("What came out", "主要结果"),
    "card_effect": ("headquarters in the zone by {last}: “{name}” against “{baseline}”",
                    "{last}{zone}总部（家）：“{name}”相对“{baseline}”"),
    "card_net": ("net over all places modelled; outside the zone {outside}",
                 "全部模型地点的净效应；{zone}以外 {outside} 家"),
    "card_best": ("of runs in which it is the best of the {n} compared, the baseline among them",
                  "的模拟中在 {n} 个情景（含对照情景）里最优"),
    "card_dv": ("assumed: mean direct gain in utility, an input", "假定：平均直接效用增量（输入）"),
    "paired_range": ("9 in 10 paired runs: {low} to {high}", "九成配对模拟：{low}～{high}"),
    "none_assumed": ("none", "无"),
    "said_effect": (
                    "{name}: {effect} headquarters in the zone by the {last}, {start} instead of "
                    "{base}{spread}; the mean "
                    "is known to ±{error}",
                    "{name}：到 {last}{zone}总部 {effect} 家，由 {base} 变为 {start}{spread}；均值误差 "
                    "±{error}"),
    "said_effect_one": ("{name}: {effect} headquarters in the zone by the {last}, {start} instead of {base}",
                        "{name}：到 {last}{zone}总部 {effect} 家，由 {base} 变为 {start}"),
    "said_spread": (" (9 in 10 paired runs: {low} to {high})", "（九成配对模拟：{low}～{high}）"),
    "said_unclear": ("; these runs do not tell it apart from no effect", "；现有模拟无法与零效应区分"),
    "said_outside": ("; all places outside the zone: {outside}", "；{zone}以外合计：{outside} 家"),
    "more_runs": ("To know every effect to ±{precision}, about {needed} runs are needed; there are {n}",
                  "若要求各效应误差在 ±{precision} 以内，约需 {needed} 次模拟；现有 {n} 次"),
    "enough_runs": ("The {n} runs are enough to know every effect to ±{precision}",
                    "现有 {n} 次模拟足以使各效应误差在 ±{precision} 以内"),
    "error_is": (
                 "“±” is the half width of a 95 % interval of the mean; “9 in 10 paired runs” is how much "
                 "one run may differ. "
                 "Both hold chance and the allocation to towns, not the uncertainty of parameters",
                 "“±”为均值 95% 区间的半宽；“九成配对模拟”指单次模拟的差异。两者均反映随机性和向各镇的分摊"
                 "，不含参数不确定性"),
    "compared": ("What was compared", "比较内容"),
    "is_baseline": ("the baseline, with which the others are compared", "对照情景，其余情景均与之比较"),
    "differences": ("differs by", "不同之处"),
    "policies_are": ("{title} from {start}{end}, {sites}", "{title}，{start} 起{end}，{sites}"),
    "until": (" to {end}", "至 {end} 止"),
    "keys_are": ("{n} other values ({keys})", "另有 {n} 个取值不同（{keys}）"),
    "absent": ("of the baseline’s policies, absent: {names}", "缺少对照情景的政策：{names}"),
    "detail_intro": ("dV is the direct gain in utility; “odds” is what it alone would multiply the odds of a place by",
                     "dV 为直接效用增量；“优势比”为仅凭它会使选择优势乘以多少"),
    "assumed_in_detail": ("What was assumed, policy by policy", "逐项政策的假定"),
    "assumed_found": ("Assumed", "假定"), "found": ("Found", "得到"),
    "beside_intro": (
                     "Left what was put in, right what came out. The direct gain is the mean over the "
                     "places and the classes of "
                     "enterprise that the policies reach. The total holds displacement, rents and neighbours.",
                     "左为输入，右为结果。直接效用增量为政策所及地点与企业类别的平均。"
                     "总效应包含挤出、租金与集聚的反应。"),
    "assumed_dv": ("assumed direct dV", "假定的直接 dV"),
    "total_found": ("found: effect on headquarters", "得到：总部效应（家）"),
    "in_percent": ("in % of the level", "占水平的 %"),
    "half_width": ("± (95 %)", "±（95%）"),
    "zone_level": ("level in the zone", "{zone}水平（家）"),
    "checks": ("Against published figures", "与已发表数据对照"),
    "check": ("check", "项目"), "published": ("published", "文献"), "value_is": ("here", "本次"),
    "inside": ("inside", "是否在范围内"),
    "but_for": ("but-for share of {policy}: would not have come without it", "{policy}的“若无则不来”比例"),
    "capitalisation": ("part of the direct gain that rents take", "租金吸收直接收益的比例"),
    "reversals": ("What would reverse the ranking", "何种假定会改变排序"),
    "reversals_intro": (
                        "A ranking rests on assumed sizes. The upper policy would fall to the lower one’s "
                        "effect if its assumed "
                        "direct gain were multiplied by the factor (linear in the assumed gain: an "
                        "approximation).",
                        "排序取决于假定的大小。若上位政策的直接增量乘以下列系数，其效应将降到下位政策的水平"
                        "（按线性近似）。"),
    "upper": ("upper", "上位"), "lower": ("lower", "下位"), "factor": ("factor", "系数"),
    "dv_reversal": ("dV at reversal", "反转时的 dV"),
    "not_drawn": ("Not drawn, because this comparison has no such table: {names}.",
                  "因本次比较没有相应的表，未绘制：{names}。"),
    "not_costed": (
                   "Costs, taxes and their sharing are not in this comparison: its runs kept no accounts. "
                   "Nothing here says "
                   "whether an effect is worth its price.",
                   "本次比较不含成本、税收及其分享：所用模拟没有记账。因此无法据此判断效应是否物有所值。"),
    "comparison_tables": (
                          "Effects at the end: mean over paired runs, standard error, 5th and 95th "
                          "percentile of the effect. "
                          "All numbers are in the files named at each table.",
                          "期末效应：配对模拟均值、标准误、效应的第 5 与第 95 百分位。全部数字见各表所列文"
                          "件。"),
    "t_ranking": ("Ranking (ranking.csv)", "排序（ranking.csv）"),
    "t_rings": ("Headquarters by ring and jurisdiction (effects.csv)", "总部：按圈层与辖区（effects.csv）"),
    "t_sites": ("Headquarters by place, mean effect (effects.csv)", "总部：按地点的平均效应（effects.csv）"),
    "t_kinds": ("Headquarters in the zone by industry and type, mean effect (effects.csv)",
                "{zone}总部：按行业与类型的平均效应（effects.csv）"),
    "t_years": ("Effect on headquarters in the zone by year, mean (effects.csv)",
                "各年{zone}总部的平均效应（effects.csv）"),
    "t_parts": ("What the effect is made of: {what} in the zone, mean (decomposition.csv)",
                "效应的构成：{zone}{what}，均值（decomposition.csv）"),
    "t_leakage": ("Where the zone’s gain comes from: share of the gain (leakage.csv)",
                  "{zone}所增的来源：占增量的比重（leakage.csv）"),
    "t_did": ("Naive difference-in-differences beside the true effect, log points (did.csv)",
              "朴素双重差分与真实效应，对数点（did.csv）"),
    "t_persistence": ("What stays after withdrawal (persistence.csv)", "政策退出后的留存（persistence.csv）"),
    "t_uncertainty": ("Parameter and Monte Carlo uncertainty (uncertainty.csv)",
                      "参数与随机不确定性（uncertainty.csv）"),
    "rank": ("rank", "名次"), "effect": ("effect", "效应"), "se_short": ("s.e.", "标准误"),
    "p05_short": ("5th pct.", "第 5 百分位"), "p95_short": ("95th pct.", "第 95 百分位"),
    "best_in": ("best in", "最优占比"), "group": ("group", "分组"), "year": ("year", "年份"),
    "origin_of": ("from", "来自"),
    "outside_share": ("outside share", "区域外比例"), "share_of": ("share", "比重"),
    "controls": ("compared with", "对照组"), "naive": ("naive", "朴素估计"), "true": ("true", "真实"),
    "bias": ("bias", "偏差"),
    "all other sites": ("all other places", "全部其他地点"),
    "other sites of the zone": ("other places of the zone", "{zone}其他地点"),
    "withdrawn": ("withdrawn", "退出时间"), "effect_then": ("effect then", "退出时效应"),
    "effect_end": ("effect at the end", "期末效应"), "persistence": ("ratio", "留存比"),
    "omitted persistence": ("what stays after withdrawal", "政策退出后的留存"),
    "omitted checks": ("comparison with published figures", "与已发表数据的对照"),
    "omitted did": ("difference-in-differences", "双重差分"), "omitted event_study": ("event study", "事件研究"),
    "omitted costs": ("cost per headquarters", "每家总部成本"), "omitted fiscal": ("public accounts", "公共账户"),
    "omitted feedback": ("feedback", "反馈强度"), "omitted welfare": ("welfare", "福利"),
    "omitted decomposition of headquarters": ("parts of the effect on headquarters", "总部效应的构成"),
    "omitted decomposition of enterprises": ("parts of the effect on enterprises", "企业效应的构成"),
    "all_scenarios": ("All scenarios", "全部情景"),
    "unit utility x enterprises": ("utility × enterprises", "效用 × 家"), "unit utility": ("utility", "效用"),
    "unit percentage points": ("percentage points", "百分点"), "unit enterprises": ("enterprises", "家"),
    "unit RMB million": ("RMB million", "百万元"), "unit 1": ("log difference", "对数差"),
    "omitted": ("Left out, and why", "未给出的内容及原因"),
    "omitted_is": ("{name}: {what} ({why})", "{name}：{what}（{why}）"),
    "differs by more than policies dated within the run": (
                                                           "differs by more than policies dated within the "
                                                           "run",
                                                           "差别不限于模拟期内起止的政策"),
    "no policy at named sites, or no controls": ("no policy at named sites, or no controls",
                                                 "没有指定地点的政策，或没有对照组"),
    "no direct gain at named sites": ("no direct gain at named sites", "指定地点没有直接增量"),
    "its policies stay in force": ("its policies stay in force", "政策一直有效"),
    "no public accounts in the results": ("no public accounts in the results", "结果中没有公共账户"),
    "no replicate was measured in both": ("no replicate was measured in both", "没有两边都测算的模拟"),
    "t_costs": ("Cost per headquarters, RMB million (costs.csv)", "每家总部成本，百万元（costs.csv）"),
    "t_fiscal": ("Public accounts over the run, RMB million, scenario less baseline; uncertainty of the balance "
                 "after sharing (fiscal.csv)",
                 "模拟期公共账户，百万元，情景减对照；不确定性指共享后收支（fiscal.csv）"),
    "t_welfare": ("Welfare, scenario less baseline (welfare.csv)", "福利，情景减对照（welfare.csv）"),
    "per": ("counted as", "计数方式"), "number": ("headquarters", "总部（家）"), "cost": ("cost", "成本"),
    "cost_per": ("per headquarters", "每家"), "of_whom": ("whose", "辖区"),
    "worse": ("worse off", "是否受损"),
    "gross": ("come to the sites of the policies", "引进总部（毛数）"),
    "but_for_count": ("of them, would not have come otherwise", "其中若无政策不来"),
    "net_zone": ("net in the zone", "{zone}净增"), "net_delta": ("net, all places modelled",
                 "全部模型地点净增"),
    "flows were not recorded": ("flows were not recorded", "未记录流量"),
    "honesty_of": ("Inputs of “{name}”, and what the others change", "“{name}”的输入，以及其他情景的改动"),
    "warnings_of": ("{name}: {text}", "{name}：{text}"),
    "run_digest": ("Results of {name} (SHA-256)", "{name} 的结果（SHA-256）"),
    "key_digest": ("Key of the comparison", "比较的键值"),
    "redraw": ("Draw this page again", "重新绘制本页"),
    "every_input_of": ("Every input of “{name}” with its source", "“{name}”的全部输入及来源"),
}
