"""The sections of a scenario on how enterprises come, grow, found others and close."""

from collections.abc import Iterable
from typing import Any, Literal

from sim.base.messages import _
from sim.config.parameters import Broken, Section, assumed, choice, published, signed

MOST_AGES = 200
SPINOFFS = "Muendler, Rauch & Tocoian 2012"


class Entry(Section):
    rate: float = assumed(0.075, "per year", "[0, 5]", "[0.04, 0.15]",
                          "potential entrants a year per candidate of the base year", "年潜在进入率")
    rate_counts: Literal["potential", "entering"] = choice(
        "potential", "name", "whom entry.rate counts: all potential entrants, or those of them who enter in the base "
        "year, so that another outside_share changes whom they are won from and not how many enter: rate / (1 - "
        "outside_share) are potential then", "entry.rate 的统计对象：全部潜在进入企业，或其中基年实际进入者")
    share: dict[str, float] = assumed(
        {}, "1", None, None, "share of a jurisdiction among entrants of the base year, relative to its share of the "
        "stock; 1 is a normalisation that no source bears out, 0.75 to 1.25 a range",
        "基年进入企业中辖区比例相对其存量比例；1 为无来源支持的归一化", each="[0.01, 100]")
    elasticity: float = assumed(
        0.0, "1", "[0, 1]", None, "elasticity of the number of potential entrants to the stock of enterprises",
        "潜在进入企业数对企业存量的弹性",
        "multinationals' headquarters recognised by Shanghai 2007-2021, yearly number on count: 0.20 (0.25); 0 keeps "
        "potential entrants the same in every scenario",
        source_zh="上海 2007～2021 年认定的跨国公司地区总部：年增数对累计数 0.20（0.25）；"
                  "取 0 使各情景的潜在进入企业相同")
    trend: float = assumed(0.0, "per year", "[-1, 1]", "[-0.05, 0.05]",
                           "yearly growth of the number of potential entrants", "潜在进入企业数年增长率")
    outside_share: float = assumed(
        0.2, "share", "[0, 1)", "[0.05, 0.7]",
        "share of potential entrants that choose no site in the base year: an input that sets rivalness and leakage",
        "基年选择区域外的潜在进入企业比例（输入值，决定竞争性与转移份额）",
        _("target rivalness 0.8: Bruelhart & Schmidheiny 2015; Mayer et al. 2015"))


def potential_rate(p: Any) -> Any:
    """Potential entrants a year and candidate, of a World's parameters or a scenario's values.

    Where `entry.rate` counts those who enter they are rate / (1 - o), o the share that stays outside.
    """
    return p.entry.rate if p.entry.rate_counts == "potential" else p.entry.rate / entering_share(p)


def entering_share(p: Any) -> Any:
    """Share 1 - o of the potential entrants of the base year who enter; 1 where there is no outside option."""
    return 1.0 - p.entry.outside_share * p.choice.outside


class Exit(Section):
    hazard_by_age: list[float] = assumed(
        [0.016, 0.063, 0.095, 0.085, 0.083, 0.081, 0.080, 0.07], "per year", None, None,
        "yearly hazard at ages 0, 1, 2, ... years, the last for all later ones", "按企业年龄的年退出风险",
        "SAIC 2013 survival report: 0.016, 0.063, 0.095 of all enterprises at ages 0 to 2; later ones interpolated",
        source_zh="国家工商总局 2013 年生存时间报告：0、1、2 岁为 0.016、0.063、0.095；其后为插值", each="[0, 1)")
    headquarters_factor: float = assumed(0.5, "1", "[0, 10]", "[0.3, 1]",
                                         "hazard of candidates relative to all enterprises",
                                         "总部型企业退出风险系数")
    constant: float = choice(0.06, "per year", "yearly hazard of everybody where switches.exit is "
                             "\"constant\"", "switches.exit 为 \"constant\" 时所有企业的年退出风险",
                             allowed="[0, 1)")
    size_elasticity: float = assumed(0.1, "1", "[-2, 2]", "[0, 0.3]",
                                     "fall of log hazard with log size", "退出风险对规模的弹性（降低）")
    rent_elasticity: float = assumed(0.1, "1", "[-2, 5]", "[0, 0.5]",
                                     "rise of log hazard with log rent", "退出风险对租金的弹性（升高）")

    def rules(self) -> Iterable[Broken]:
        """There is a hazard for age 0 at least."""
        if not 1 <= len(self.hazard_by_age) <= MOST_AGES:
            yield Broken((("hazard_by_age",),), _("the number of hazards is {count}", count=len(self.hazard_by_age)),
                         _("1 to {most} hazards", most=MOST_AGES))


class Growth(Section):
    drift: float = assumed(0.0, "per year", "[-1, 1]", "[-0.02, 0.02]", "mean growth of log size", "对数规模年均增长")
    density: float = signed(
        0.05, "1", "[-1, 1]", "[0.02, 0.19]",
        "of productivity, not of an enterprise's size: World Bank review 0.04-0.05; China 0.19 (Chauvin et al. 2017)",
        "elasticity of size to effective density", "规模对有效密度的弹性",
        source_zh="为生产率而非企业规模的弹性：世界银行综述 0.04～0.05；中国 0.19（Chauvin et al. 2017）")
    sd: float = assumed(0.25, "1", "[0, 3]", "[0.1, 0.4]", "yearly standard deviation of growth at median size",
                        "中位规模企业年增长标准差", "Stanley et al. 1996 (from memory)",
                        source_zh="Stanley et al. 1996（凭记忆）")
    size_exponent: float = published(0.15, "1", "[0, 1]", "[0, 0.2]", "[0.15, 0.21]",
                                     "Amaral et al. 1997: 0.18 (0.03) for employees of US manufacturers",
                                     "fall of the log standard deviation with log size",
                                     "增长波动随规模下降的指数",
                                     source_zh="Amaral et al. 1997：美国制造业按雇员 0.18（0.03）")


class Spinoff(Section):
    share: float = published(
        0.25, "share", "[0, 1)", "[0.15, 0.35]", "[0.167, 0.333]", f"{SPINOFFS}: 1/6-1/3 of new firms in Brazil",
        "share of entrants that leave an enterprise of the region in the base year; 0 for no spin-offs",
        "基年新进入企业中由区内企业衍生的比例；0 表示没有衍生",
        source_zh="Muendler, Rauch & Tocoian 2012：巴西新企业的 1/6～1/3")
    rate: float | Literal["solve"] = choice(
        "solve", "per year",
        "spin-offs a year of an enterprise of median size, or \"solve\" to meet the share",
        "中位规模企业每年的衍生数，或 \"solve\" 表示按比例求解", each="[0, 4]")
    size_exponent: float = assumed(0.5, "1", "[-2, 2]", "[0, 1]",
                                   "rise of the log rate of spin-offs with log size of the parent",
                                   "衍生率随母企业规模上升的指数")
    same_industry: float = assumed(0.8, "share", "[0, 1]", "[0.5, 1]",
                                   "probability that a spin-off is in its parent's industry",
                                   "衍生企业与母企业同行业的概率")
    stay: float = assumed(0.7, "share", "[0, 1]", "[0.4, 0.95]",
                          "probability that a spin-off stays at its parent's site, without a choice",
                          "衍生企业留在母企业所在地（不另行选址）的概率")
    hazard_factor: float = signed(0.7, "1", "[0, 10]", "[0.5, 1]",
                                  f"{SPINOFFS}: they survive longer than new firms without parents; no ratio told",
                                  "exit hazard of spin-offs relative to other enterprises",
                                  "衍生企业相对退出风险", source_zh=f"{SPINOFFS}：衍生企业存活率较高，未给出风险比")

    def rules(self) -> Iterable[Broken]:
        """A share of 0 is no spin-offs, whatever their rate."""
        if self.share == 0.0 and self.rate not in ("solve", 0.0):
            yield Broken((("rate",), ("share",)),
                         _("there are {rate:g} spin-offs a year, but spinoff.share is 0", rate=self.rate),
                         _("a share above 0"), _("to have no spin-offs, set spinoff.rate = \"solve\""))
