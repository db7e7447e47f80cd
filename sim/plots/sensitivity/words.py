"""The words of figures of analyses, in English and Chinese."""

from sim.base.own_words import fill
from sim.plots.common.words import LANGUAGES, moment

TABLE = {
    "effect_of": ("effect of “{scenario}” on {what}", "“{scenario}”对{what}的影响"),
    "level_of": ("{what}, “{scenario}”", "“{scenario}”情景下的{what}"),
    "at": (" at the {moment}", "（{moment}）"),
    "at_close": (" at the close", "（期末）"),
    # Sobol'
    "first": ("S: alone", "S：单独作用"),
    "total": ("ST: with all interactions", "ST：含全部交互"),
    "share_axis": ("share of the variance of the {what}", "占方差的比重：{what}"),
    "sobol_finding": ("{first} makes {ST:.0%} of the variance in all, {S:.0%} alone",
                      "影响最大：{first}，总计占方差 {ST:.0%}，单独占 {S:.0%}"),
    "sobol_still": ("The quantity does not vary over the sweep", "该指标在扫描中没有变化"),
    "sobol_note": ("Whiskers: {confidence:.0%} intervals, bootstrap over base points. Indices say how much the "
                   "assumed ranges matter, not which value is true; a wider range has a larger index.",
                   "误差线：对基础点自助抽样的 {confidence:.0%} 区间。指数反映所设取值范围的影响，并不说明何值为真；"
                   "范围越宽，指数越大。"),
    "sobol_of": ("{n} base points; mean {mean:.3g}, standard deviation {sd:.3g}; at most {noise:.0%} of the "
                 "variance is noise of replicates.",
                 "{n} 个基础点；均值 {mean:.3g}，标准差 {sd:.3g}；方差中随机噪声至多占 {noise:.0%}。"),
    # Morris
    "mu_star": ("μ*: mean absolute change of the {what} over the whole range of an axis",
                "μ*：参数走完全部范围时的平均绝对变化（{what}）"),
    "sigma": ("σ: how much the change differs from place to place", "σ：变化量随其他参数取值而异的程度"),
    "morris_finding": ("Largest: {first}, {star:.3g} over its range; {n} of {all} axes move it by less than a "
                       "twentieth of that",
                       "最大：{first}（走完范围变化 {star:.3g}）；{all} 个参数中 {n} 个的影响不足其二十分之一"),
    "morris_note": ("Bars: {confidence:.0%} intervals, bootstrap over trajectories. A filled bar raises the "
                    "quantity on "
                    "average, a hatched one lowers it.",
                    "误差线：对轨迹自助抽样的 {confidence:.0%} 区间。实心表示平均使其上升，斜线表示平均使其下降。"),
    "trajectories": ("{n} trajectories.", "{n} 条轨迹。"),
    # tornado
    "low_end": ("axis in the lowest fifth of its values", "参数取最低五分之一"),
    "high_end": ("axis in the highest fifth of its values", "参数取最高五分之一"),
    "tornado_finding": ("Widest: {first}, from {low:.3g} to {high:.3g}",
                        "跨度最大：{first}，由 {low:.3g} 到 {high:.3g}"),
    "tornado_note": ("Means over all values of the other axes, not at their defaults; of axes with few values "
                     "the first "
                     "and the last. Whiskers: one standard error.",
                     "为其他参数取遍各值时的均值，而非取缺省值；取值少的参数为首末两值。误差线：一个标准误。"),
    "overall": ("mean of all points", "全部点均值"),
    # planes
    "plane_finding": ("{low:.3g} to {high:.3g}, most at {y} and {x}",
                      "{low:.3g} 至 {high:.3g}，最大处：{y}，{x}"),
    "plane_critical": ("Dashed line: R_dyn = 1. Beyond it a small lead grows by itself, and where "
                       "clusters form is open.",
                       "虚线：R_dyn = 1。越过此线，微小的领先会自我放大，集群落点不再唯一。"),
    "plane_below": ("R_dyn is {low:.2f} to {high:.2f}, below 1 everywhere: nowhere in this range "
                    "does a small lead grow by itself.",
                    "R_dyn 为 {low:.2f} 至 {high:.2f}，处处小于 1：该范围内微小的领先不会自我放大。"),
    "plane_above": ("R_dyn is {low:.2f} to {high:.2f}, above 1 everywhere: in all of this range a "
                    "small lead grows by itself.",
                    "R_dyn 为 {low:.2f} 至 {high:.2f}，处处大于 1：该范围内微小的领先都会自我放大。"),
    "plane_unknown": ("R_dyn was not measured.", "未测算 R_dyn。"),
    "plane_note": ("Each cell: mean of {n} replicates under equal draws, standard error up to {error:.2g}.",
                   "每格：相同随机数下 {n} 次模拟的均值，标准误至多 {error:.2g}。"),
    "plane_single": ("Each cell: one run.", "每格：一次模拟。"),
    # persistence
    "persistence_finding": ("Of the effect when the policy ended, {low:.0%} to {high:.0%} is left at the close",
                            "政策结束时的影响，期末尚存 {low:.0%} 至 {high:.0%}"),
    "persistence_unknown": ("Nowhere can the effect be told from 0 when the policy ends",
                            "政策结束时，各处影响均与 0 无显著差别"),
    "persistence_axis": ("share of the effect that is left at the close", "期末尚存的影响占比"),
    "persistence_note": ("Each cell: effect at the close over effect in the last quarter of the policy, means of {n} "
                         "replicates under equal draws. Blank: the effect then is less than two standard errors from "
                         "0, so that a share of it says nothing, or the policy outlives the run.",
                         "每格：期末影响 ÷ 政策最后一季影响，为相同随机数下 {n} 次模拟的均值。"
                         "空白：当时影响不足两个标准误，比值无意义；或政策持续至期末之后。"),
    "loss": ("loss", "减少"), "unclear": ("not told from 0", "与 0 无显著差别"), "gain": ("gain", "增加"),
    "tipping": ("R_dyn above 1", "R_dyn 大于 1"),
    "phases_finding": ("The policy gains in {gain} of {n} combinations and loses in {loss}; in "
                       "{tipping} a small lead grows by itself (R_dyn above 1)",
                       "{n} 种组合中：增加 {gain} 种，减少 {loss} 种；其中 {tipping} 种微小的领先会自我放大"
                       "（R_dyn 大于 1）"),
    "phases_note": ("Gain and loss: the {confidence:.0%} interval of the mean over replicates "
                    "leaves 0 out, cell by cell.",
                    "增加、减少：逐格判断，均值的 {confidence:.0%} 区间不含 0。"),
    # regret and ranks
    "best_share": ("share of combinations of assumptions in which it is best", "为最优的参数组合所占比重"),
    "regret": ("how far it falls short of the best policy there", "与当处最优政策之差"),
    "sweep": ("Sweep: {title}   |   {first} to {last}", "扫描：{title}　|　{first}至 {last}"),
    "stop": (".", "。"),
    "mean_regret": ("mean", "均值"), "p90_regret": ("9 in 10 combinations below", "九成组合低于"),
    "max_regret": ("largest", "最大"),
    "regret_finding": ("Best on average: {first}; the best in {share:.0%} of {n} combinations of "
                       "assumptions, ties shared",
                       "平均最优：{first}；在 {n} 种参数组合中的 {share:.0%} 为最优（并列者均分）"),
    "agreement": ("order of the means", "与均值次序一致"), "reversed": ("the other way round", "次序相反"),
    "tied": ("tie", "相等"), "share_of_points": ("share of combinations of assumptions", "参数组合所占比重"),
    "ranks_finding": ("Least stable: {first} over {other}, in {share:.0%} of {n} combinations of assumptions",
                      "最不稳定：{first}优于{other}，仅在 {n} 种参数组合中的 {share:.0%} 成立"),
    "pair": ("{first} over {other}", "{first}优于{other}"),
    "nothing": ("To do nothing ({name}) is a candidate, whose effect is 0.",
                "不采取政策（{name}）亦为候选，其效应为 0。"),
    "points": ("{n} combinations of assumptions.", "共 {n} 种参数组合。"),
    "left_out": ("{n} of {all} points are left out because runs failed.", "因运行失败，{all} 个点中略去 {n} 个。"),
    "top": ("The {n} largest of {all}; all are in the table.", "仅列最大的 {n} 项，共 {all} 项，全部见表。"),
}
STOCKS = {"headquarters": ("headquarters", "总部数"), "enterprises": ("candidate enterprises", "候选企业数"),
          "employment": ("employment", "就业人数")}
PLACES = {"in_zone": ("in the zone", "{zone}"), "in_towns": ("in {towns}", "{towns}"),
          "in_core": ("in the core ring", "核心圈层"), "in_linkage": ("in the linkage ring", "联动圈层"),
          "in_radiation": ("in the radiation ring", "辐射圈层"), "everywhere": ("everywhere", "全部地点")}
OTHERS = {"rent_in_zone": ("rent index of the zone", "{zone}租金指数"), "r_dyn": ("R_dyn", "R_dyn"),
          "entries_in_zone": ("entrants in the zone", "{zone}新进入企业数"),
          "exits_in_zone": ("exits in the zone", "{zone}退出企业数"),
          "moves_into_zone": ("moves into the zone", "迁入{zone}企业数"),
          "moves_out_of_zone": ("moves out of the zone", "迁出{zone}企业数"),
          "declined": ("entrants that stayed outside", "未进入的潜在企业数"),
          "moving_cost": ("moving cost", "迁移成本"), "base_residual": ("base-year residual", "基年残差")}


def word(key, lang, **parts):
    """A word or sentence in a language, with its {parts} filled in.

    >>> word("gain", "zh")
    '增加'
    """
    return fill(TABLE[key][LANGUAGES.index(lang)], lang, **parts)


def scalar(column, lang):
    """A scalar of a sweep in words, with its quarter.

    >>> scalar("headquarters_in_zone@2030-Q4", "en"), scalar("headquarters_in_core", "zh")
    ('headquarters in the zone at the end of 2030', '核心圈层总部数（期末）')
    """
    name, _, quarter = column.partition("@")
    when = word("at", lang, moment=moment(quarter, lang)) if quarter else word("at_close", lang)
    if name in OTHERS:
        return fill(OTHERS[name][LANGUAGES.index(lang)], lang) + when
    stock, _, place = name.partition("_")
    where = _where(place, lang)
    if stock not in STOCKS or not where:
        return name + when
    what = STOCKS[stock][LANGUAGES.index(lang)]
    return (f"{what} {where}" if lang == "en" else f"{where}{what}") + when


def _where(place, lang):
    """A place of scalars in words: one of ours, or a jurisdiction by its name in the region; "" for another."""
    if place in PLACES:
        return fill(PLACES[place][LANGUAGES.index(lang)], lang)
    names = getattr(lang, "words", {}).get("jurisdictions", {}).get(place.removeprefix("in_"))
    return ("in {}" if lang == "en" else "{}").format(names[LANGUAGES.index(lang)]) if names else ""
