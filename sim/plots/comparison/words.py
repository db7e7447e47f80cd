"""The words of the figures of comparison, in English and Chinese."""

from sim.plots.common.words import words_of

TABLE = {
    "kicker": ("Compared with: {baseline}   |   {n} paired runs   |   {last}",
               "对照情景：{baseline}　|　{n} 次配对模拟　|　{last}"),
    "kicker_one": ("Compared with: {baseline}   |   one pair of runs   |   {last}",
                   "对照情景：{baseline}　|　仅 1 对模拟　|　{last}"),
    "effect_is": ("Effect: scenario less “{baseline}” under the same draws, run by run.",
                  "效应：相同随机抽样下情景与“{baseline}”之差，逐次配对。"),
    "band": ("Band or whisker: 5th to 95th percentile of the effect over {n} paired runs; it holds chance and the "
             "allocation to towns, not the uncertainty of parameters.",
             "阴影带或误差线：{n} 次配对模拟中效应的第 5 至第 95 百分位，反映随机性和向各镇的分摊，不含参数不确定"
             "性。"),
    "no_band": ("One pair of runs: no band can be given.", "仅 1 对模拟，无法给出区间。"),
    "yardstick": ("Headquarters: enterprises that meet one fixed yardstick of revenue, tax and R&D, the same in "
                  "every scenario. The sign and size of a policy’s direct effect are assumed.",
                  "总部：达到统一标准（营收、税收、研发）的企业，各情景标准相同。政策直接效应的方向和大小为假定。"),
    "source": ("Source: simulation, region “{region}”{rings}.", "资料来源：区域“{region}”的模拟结果{rings}。"),
    "runs_range": (" (9 in 10 paired runs: {range})", "（九成配对模拟：{range}）"),
    "semicolon": ("; ", "；"),
    "effect_axis": ("effect on headquarters in the zone", "对{zone}总部数的效应（家）"),
    "effect_short": ("effect, headquarters", "效应（家）"),
    "mean": ("mean of paired runs", "配对模拟均值"),
    "range_of_runs": ("9 in 10 paired runs", "九成配对模拟"),
    "error": ("mean ± 2 standard errors", "均值 ± 两倍标准误"),
    "starts": ("policy starts", "政策开始"),
    # ranked
    "best": ("best in", "最优占比"), "level": ("in the zone", "{zone}总部"),
    "none_better": ("No policy here is better than the baseline", "所比较的政策均不优于对照情景"),
    "least_loss": ("; the least loss: {name}, {effect}{spread}", "；损失最小：{name}，{effect}{spread}"),
    "nothing": ("baseline: no effect", "对照情景：零效应"),
    "none_first": ("; no scenario has an effect in any run", "；各次模拟中各情景均无效应"),
    "most": ("Largest effect: {name}, {effect}{spread}", "效应最大：{name}，{effect}{spread}"),
    "sure_best": ("; the best in {best} of runs", "；在 {best} 的模拟中最优"),
    "unclear": ("Not told apart from no effect by these runs: {names}", "现有模拟无法与零效应区分：{names}"),
    # paths
    "paths_one": ("{name}: {effect} headquarters at the {last}{spread}", "{name}：{last} {effect} 家{spread}"),
    "paths_event": ("Dotted line: the first quarter in which the scenario differs by policy; before it the effect "
                    "is exactly zero.",
                    "虚线：情景政策开始不同的季度；此前效应恰为零。"),
    "more_panels": ("{n} more scenarios with smaller effects are in the tables.",
                    "另有 {n} 个效应较小的情景，见表。"),
    # map and towns
    "gain": ("gain of {n} headquarters", "增加 {n} 家"), "loss": ("loss of {n}", "减少 {n} 家"),
    "ring": ("{km} km from {origin}", "距{origin} {km} 公里"),
    "map_finding": ("{name}: {k} of {n} places of the zone gain, {rest}",
                    "{name}：{zone} {n} 处中 {k} 处增加，{rest}"),
    "map_most": ("most {place} ({effect})", "最多为{place}（{effect}）"),
    "map_note": ("Area of a symbol: size of the mean effect, on one scale for all maps; places with less than "
                 "{least} either way have a dot.",
                 "图标面积：平均效应大小，各图同一比例；正负小于 {least} 家的地点只画点。"),
    "none_gain": ("no place gains", "没有地点增加"),
    "towns_note": ("Mean effect; grey and uncoloured where it is within two standard errors of zero.",
                   "平均效应；在零的两倍标准误之内的不着色，用灰字。"),
    "towns_finding": ("Largest effect on a single place: {place} under “{name}”, {effect}",
                      "单个地点的最大效应：情景“{name}”下的{place}，{effect}"),
    "outside_zone": ("Outside the zone", "{zone}以外"),
    # decomposition
    "of_headquarters": ("headquarters", "总部企业"),
    "of_enterprises": ("candidate enterprises", "候选企业"),
    "entry": ("new entry", "新设进入"), "spinoff": ("spin-offs", "衍生企业"), "exit": ("exits", "退出"),
    "moves_in": ("moves in", "迁入"), "moves_out": ("moves out", "迁出"),
    "growth": ("growth across\nthe yardstick", "成长达标"), "opening": ("opening", "期初"),
    "moves_in_from": ("moves in, from\n{place}", "迁入：\n{place}"),
    "moves_out_to": ("moves out, to\n{place}", "迁出：\n{place}"),
    "total": ("whole effect", "合计"),
    "waterfall_finding": ("{name}: {effect} {what} in the zone, of which {parts}",
                          "{name}：{zone}{what} {effect} 家，其中{parts}"),
    "waterfall_note": ("Bars add up to the whole effect, to the last enterprise. A fall in what lessens the stock "
                       "(exits, moves out) counts as a gain. Unit: {what}.",
                       "各项之和恰为总效应。减少存量的项目（退出、迁出）下降计为正。单位：{what}（家）。"),
    # leakage
    "leak_zone": ("the zone", "{zone}"), "leak_net": ("net, all places modelled", "净效应（全部模型地点）"),
    "leak_finding": ("{name}: {gain} headquarters in the zone, {lost} elsewhere in the region, {net} net",
                     "{name}：{zone} {gain} 家，区域内其他地方 {lost} 家，净效应 {net} 家"),
    "leak_note": ("Gains of the zone and losses elsewhere add up to the net bar. What no place in the region loses "
                  "comes from outside it or would not have come. Each panel has its own scale.",
                  "{zone}的增加与其他地方的减少之和为净效应。区域内无地点减少的部分来自区域外或原本不会出现。各图比"
                  "例尺不同。"),
    # cost
    "cost_axis": ("public cost over the run, RMB million", "模拟期公共成本（百万元）"),
    "cost_ray": ("RMB {cost} million each", "每家 {cost} 百万元"),
    "cost_note": ("Cost: scenario less baseline in the public accounts, all payers (relief forgone, grants, "
                  "spending), not discounted. Whiskers: mean ± 2 standard errors. Dashed: equal cost per "
                  "headquarters. A policy without a recorded cost is not free: nobody has put a price on it.",
                  "成本：公共账户中情景减对照，含各付款方（减免税收、补贴与支出），未折现。误差线：均值 ± 两倍标准"
                  "误。虚线：每家总部成本相等。没有记录成本的政策并非免费，只是尚未计价。"),
    "cost_finding": ("Least cost per headquarters gained in the zone: {name}, RMB {cost} million ({effect})",
                     "{zone}每增一家总部成本最低：{name}，{cost} 百万元（{effect} 家）"),
    "cost_unknown": ("No cost per headquarters can be told from these runs", "现有模拟无法给出每家总部的成本"),
    # accounts
    "million": ("change over the run, RMB million", "模拟期变化（百万元）"),
    "before": ("balance before sharing", "共享前收支"), "after": ("balance after sharing", "共享后收支"),
    "unshared": ("balance; no scenario here changes what is shared", "收支；各情景均未改变共享"),
    "ledger_note": ("Balance: own taxes after relief, less grants and spending paid by the jurisdiction, scenario "
                    "less baseline, summed over the run, not discounted. Orange, bold: worse off by more than two "
                    "standard errors. Each panel has its own scale.",
                    "收支：本级税收（已扣减免）减去本辖区支付的补贴与支出，情景减对照，模拟期合计，未折现。橙色粗"
                    "体：受损超过两倍标准误。各图比例尺不同。"),
    "ledger_worse": ("{name}: worse off after sharing: {names}", "{name}：共享后仍受损的辖区：{names}"),
    "ledger_worse_unshared": ("{name}: worse off than without it: {names}", "{name}：因此受损的辖区：{names}"),
    "ledger_none_unshared": ("{name}: no jurisdiction is worse off than without it, as far as these runs can tell",
                             "{name}：就现有模拟看，没有辖区因此受损"),
    "ledger_none": ("{name}: no jurisdiction is worse off after sharing, as far as these runs can tell",
                    "{name}：就现有模拟看，共享后没有辖区受损"),
    "caveat": ("Schematic; not reviewed for public release.", "示意图；未经审核，不得公开发布。"),
}


word = words_of(TABLE)
