"""The core sections of a scenario: every parameter that belongs to no single term or instrument.

Decision 16 (docs/decisions.md).
"""

import datetime
import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Literal

from sim.base.calendar import Calendar
from sim.base.messages import _
from sim.config.parameters import Broken, Section, assumed, choice, signed

MOST_QUARTERS = 4000


class Time(Section):
    start: datetime.date = choice(datetime.date(2021, 1, 1), "date", "first day simulated", "模拟起始日", agree=True)
    end: datetime.date = choice(datetime.date(2040, 12, 31), "date", "last day simulated", "模拟结束日", agree=True)

    @property
    def calendar(self) -> Calendar:
        """The quarters of the run."""
        return Calendar.between(self.start, self.end)

    def rules(self) -> Iterable[Broken]:
        """The run ends after it starts, and within MOST_QUARTERS."""
        if self.end < self.start or self.calendar.length > MOST_QUARTERS:
            yield Broken((("end",), ("start",)),
                         _("the run would go from {start} to {end}", start=self.start, end=self.end),
                         _("an end after the start, at most {most} quarters later", most=MOST_QUARTERS))


class Run(Section):
    replicates: int = choice(100, "count", "replicates of the ensemble", "重复模拟次数", allowed="[1, 100000]",
                             agree=False)
    seed: int = choice(20191025, "count", "seed of all draws", "随机种子", allowed="[0, 9007199254740991]", agree=False)


class Population(Section):
    candidates: int = assumed(5000, "enterprises", "[1, 10000000]", "[2000, 10000]",
                              "enterprises that carry or could carry headquarters functions",
                              "具备或可能具备总部功能的企业数")
    headquarters: dict[str, float] = choice({}, "enterprises",
                                            "headquarters at the start by stock group, overriding the region's",
                                            "按统计分组覆盖基年总部数", each="[0, 10000000]")
    spread: float = assumed(10.0, "1", "[0.001, 1e9]", "[2, 50]",
                            "pseudo-count of the Dirichlet that allocates district totals to towns",
                            "把区县总量分配到镇的狄利克雷伪计数")
    type_shares: dict[str, float] = assumed(
        {"comprehensive": 0.15, "functional": 0.25, "growth": 0.45, "regional": 0.15}, "share", None, None,
        "shares of the four headquarters types, where the region says no more of a site",
        "四类总部的比例（区域资料未另行说明之处）", each="[0, 1]")
    named_quotient: float = assumed(
        2.0, "1", "[1, 1000]", "[1.5, 4]", "location quotient of an industry or headquarters type that a region names "
        "at a site: its odds against one that is not named, over the same odds where neither is",
        "区域资料点名某地的行业或总部类型的区位商（与未点名者之比，相对于两者均未点名之地）", agree=True)
    origin_shares: dict[str, float] = assumed(
        {"local": 0.05, "shanghai": 0.15, "delta": 0.15, "china": 0.05, "foreign": 0.6}, "share", None, None,
        "origins of potential entrants: local is the zone itself", "潜在进入企业的来源比例（local 指示范区本地）",
        "0.64 of the headquarters counted at the start are multinationals'; the rest by judgement",
        source_zh="基年总部中 0.64 属跨国公司；其余凭判断", each="[0, 1]")
    median_size: float = assumed(100.0, "employees", "[1, 1e6]", "[30, 300]", "median employment", "就业规模中位数")
    size_sd: float = assumed(1.0, "1", "[0, 5]", "[0.5, 1.5]", "standard deviation of log employment in the body",
                             "主体部分对数规模标准差")
    tail_exponent: float = assumed(1.06, "1", "[0.5, 10]", "[0.9, 1.4]",
                                   "exponent of the Pareto tail of sizes", "规模分布帕累托尾部指数",
                                   "Axtell 2001: about 1 (Zipf's law); 1.06 from memory",
                                   source_zh="Axtell 2001：约为 1（齐普夫定律）；1.06 凭记忆")
    tail_share: float = assumed(0.05, "share", "(0, 1)", "[0.01, 0.2]", "share of enterprises in the Pareto tail",
                                "帕累托尾部企业比例")
    entrant_size: float = assumed(0.4, "1", "(0, 10]", "[0.1, 1]", "size of entrants relative to incumbents",
                                  "新进入企业相对规模")
    largest: float = assumed(30000.0, "employees", "(1, 1e11]", "[10000, 300000]",
                             "largest size: the Pareto tail ends there and growth is reflected",
                             "企业规模上限：帕累托尾部在此截断，成长到此反射",
                             _("without an end, single establishments of several hundred thousand employees would set "
                               "a town's rent"))
    taste_law: Literal["normal", "uniform"] = choice(
        "normal", "name", "law of the tastes for access and rings: normal, or uniform with the same standard "
        "deviation, so that nobody's taste is beyond 1.73 of them",
        "对可达性与圈层偏好的分布：正态，或标准差相同的均匀分布（有界）")
    intensity_sd: float = assumed(0.5, "1", "[0, 3]", "[0, 1]",
                                  "standard deviation of log trade and R&D intensity within an industry",
                                  "行业内贸易与研发强度的对数标准差")

    def rules(self) -> Iterable[Broken]:
        """Shares sum to 1, and the tail of sizes begins below its end."""
        for key in ("type_shares", "origin_shares"):
            total = sum(getattr(self, key).values())
            if abs(total - 1.0) > 1e-9:
                yield Broken(((key,),), _("the shares sum to {total:.12g}", total=total), _("shares that sum to 1"))
        start = math.log(self.median_size) - self.size_sd * NormalDist().inv_cdf(self.tail_share)
        if start >= math.log(self.largest):
            keys = ("largest",), ("median_size",), ("size_sd",), ("tail_share",)
            yield Broken(keys, _("the Pareto tail of sizes would begin at e^{start:.1f} employees", start=start),
                         _("a tail that begins below largest = {largest:g}", largest=self.largest),
                         _("raise population.largest, or lower population.median_size or population.size_sd"))


class Choice(Section):
    review: float = assumed(0.25, "per year", "[0, 1]", "[0.1, 0.5]", "hazard of reviewing the site",
                            "每年重新审视选址的概率", _("leases and plans"))
    keep_errors: float = assumed(0.75, "share", "[0, 1)", "[0, 0.95]",
                                 "probability that a review keeps the enterprise's errors",
                                 "重审时保留个体偏好误差的概率")
    dissimilarity: float = assumed(0.7, "1", "[1e-12, 1]", "[0.3, 1]", "dissimilarity parameter of the nests of sites",
                                   "选址嵌套的相异参数")
    dissimilarity_of: dict[str, float] = choice({}, "1", "dissimilarity parameter of single nests",
                                                "个别嵌套的相异参数", each="[1e-12, 1]")
    outside: bool = choice(True, "switch", "whether there is an outside option", "是否有区域外选项")


class Moving(Section):
    cost: float | Literal["solve"] = choice("solve", "1",
                                            "constant of the moving cost, or \"solve\" to meet the target rate",
                                            "迁移成本常数，或 \"solve\" 表示按目标迁移率求解", each="[-100, 100]")
    constants: Literal["by site", "uniform", "errors kept"] = choice(
        "by site", "name", "what keeps enterprises where they are, if the cost is solved: a constant for each site "
        "that is left, so that entrants choose the base shares and movers keep them; one constant for all; or no cost "
        "at all and choice.keep_errors solved, so that as many as move in a year get new errors",
        "企业留驻的原因（求解成本时）：各迁出地点一个常数，使进入者按基年比例选址、迁移者保持该比例；"
        "全部地点同一常数；或迁移无成本，改为求解 choice.keep_errors")
    net: dict[str, float] = assumed(
        {}, "per year", None, None, "moves in less moves out of a jurisdiction in the base year, relative to its "
        "enterprises; the others share the rest; 0 is a normalisation that no source bears out",
        "基年辖区净迁入（相对其企业数，其余辖区分摊）；0 为无来源支持的归一化", each="[-0.5, 0.5]")
    rate: float = assumed(0.01, "per year", "[0, 1]", "[0.002, 0.03]",
                          "target share of enterprises that move to another site in a year", "目标年迁移率",
                          "none found between Chinese towns; US headquarters 0.05 (Strauss-Kahn & Vives 2009), listed "
                          "ones between metropolitan areas 0.03 (own count of SEC filings 2004-2018)",
                          source_zh="未找到中国镇际迁移率；美国总部 0.05（Strauss-Kahn & Vives 2009），"
                                    "上市公司总部在都市区之间 0.03（按 2004～2018 年 SEC 申报自行统计）")
    log_size: float = assumed(0.1, "1", "[-5, 5]", "[0, 0.5]", "rise of the cost with log size",
                              "迁移成本随对数规模的增加")
    age: float = assumed(0.05, "1", "[-5, 5]", "[0, 0.2]", "rise with a year of age, up to ten",
                         "迁移成本随年龄（至十年）的增加")
    log_distance: float = assumed(0.3, "1", "[-5, 5]", "[0, 1]", "rise with ln(1 + km)", "迁移成本随 ln(1+公里) 的增加")
    outside_km: float = assumed(500.0, "km", "[0, 20000]", "[200, 1500]", "distance that stands for leaving the region",
                                "迁出区域的等效距离")


class Peers(Section):
    form: Literal["log", "linear", "saturating", "table"] = choice("log", "name", "how peers enter utility",
                                                                   "同行集聚的函数形式")
    offset: float = choice(1.0, "1", "a in ln(a + n); 0 only in theorem mode", "ln(a+n) 中的 a", allowed="[0, 1000]")
    half: float = assumed(20.0, "enterprises", "(0, 1e9]", "[5, 100]",
                          "count at which the saturating form reaches one half", "饱和形式的半值数量")
    decay: float = assumed(15.0, "km", "[0, 10000]", "[5, 40]",
                           "distance at which a peer counts 1/e; 0 for own site only", "同行集聚衰减距离",
                           "Duranton & Overman 2005: localised below 50 km, which bears out the order",
                           source_zh="Duranton & Overman 2005：集聚多在 50 公里以内，仅支持量级")
    counts: Literal["live", "frozen"] = choice("live", "name", "peers as they stand, or as at the start",
                                               "同行数量：实时或冻结")
    payoff: list[list[float]] = choice([], "1",
                                       "payoff f_k(n) of site k (in the order of the ids) for n = 1, 2, ..., used by "
                                       "form \"table\"", "收益表 f_k(n)", each="[-1000, 1000]")

    def rules(self) -> Iterable[Broken]:
        """The form "table" has its table."""
        if self.form == "table" and not (self.payoff and all(self.payoff)):
            wrong = _("a row of payoff is empty") if self.payoff else _("form is 'table', but payoff is empty")
            yield Broken((("payoff",), ("form",)), wrong, _("a row of payoffs for each site"))


class Access(Section):
    decay: float = assumed(0.02, "per minute", "[0, 1]", "[0.01, 0.05]", "theta in exp(-theta minutes)",
                           "可达性随时间衰减参数")
    airport: float = signed(0.4, "1", "[0, 10]", "[0.1, 0.8]",
                            "Bel & Fageda 2008: more headquarters where there are more direct flights; no hub's mass",
                            "extra mass of airport hubs for comprehensive and regional headquarters",
                            "综合型、区域型总部对机场枢纽的额外权重",
                            source_zh="Bel & Fageda 2008：直飞航班越多总部越多，未给出枢纽权重")
    delays: dict[str, int] = choice({}, "quarter", "delay of a line's openings", "线路开通推迟的季度数",
                                    each="[0, 4000]", agree=False)
    draw_coordinates: bool = choice(False, "switch", "draw site coordinates within their error",
                                    "是否在误差范围内随机抽取地点坐标", agree=False)


class Land(Section):
    modelled_share: float = assumed(0.2, "share", "(0, 1]", "[0.05, 0.6]",
                                    "share of modelled enterprises in a site's floor spending",
                                    "模型企业占当地建筑面积支出的比例")
    elasticity: float = assumed(0.8, "1", "[0, 20]", "[0.2, 3]", "elasticity of floor supply to rent",
                               "建筑面积供给弹性",
                                "housing in China, to its price: 0.5 (Chow & Niu 2015), 2.8-5.6 (Wang, Chan & Xu 2012)",
                                source_zh="中国住房对价格：0.5（邹至庄、牛霖琳（Chow & Niu）2015），"
                                          "2.8～5.6（Wang, Chan & Xu 2012）")
    slack: float = assumed(1.5, "1", "[1, 1000]", "[1, 3]", "capacity relative to the base year's floor",
                           "容量相对基年建筑面积的倍数")
    capacity: Literal["slack", "stated areas"] = choice(
        "slack", "name", "capacity of a place: land.slack times the base year's floor, or what its stated area carries "
        "(where none is stated, the slack)",
        "各地容量：基年建筑面积的 land.slack 倍，或由已公布面积推算；未公布面积的地点仍按前者")
    plot_ratio: float = assumed(0.8, "1", "(0, 20]", None, "floor that may stand on a place's area, streets and water "
                                "included; 0.3 to 2 are usual; land.capacity reads it",
                                "地点总面积（含道路、水面）可承载的毛容积率（常见取值 0.3～2；由 land.capacity 使用）")
    floor_per_employee: float = assumed(35.0, "m2", "(0, 1000]", None, "floor of an employee in the base year; 20 to "
                                        "60 are usual; land.capacity reads it",
                                        "基年人均建筑面积（常见取值 20～60；由 land.capacity 使用）")
    cost_per_employee: float = assumed(0.15, "RMB million per employee", "(0, 100]", "[0.05, 0.5]",
                                       "yearly cost per employee", "人均年成本")
    floor_share: float = assumed(0.10, "share", "(0, 1]", "[0.05, 0.2]", "share of floor in cost",
                                "建筑面积支出占成本比例")
    rents: Literal["clearing", "frozen"] = choice("clearing", "name", "rents that clear, or base-year rents",
                                                  "租金：出清或冻结")


class Criteria(Section):
    revenue_per_employee: float = assumed(1.5, "RMB million per employee", "(0, 1000]", "[0.5, 5]",
                                          "yearly revenue per employee", "人均年营业收入")
    profit_margin: float = assumed(0.08, "share", "(0, 1]", "[0.03, 0.2]", "taxable profit as a share of revenue",
                                   "应税利润率")
    research_share: float = assumed(0.04, "share", "[0, 1]", "[0.01, 0.1]",
                                    "R&D spending of the mean enterprise as a share of revenue",
                                    "平均研发支出占收入比例")
    tax_share: float = assumed(0.012, "share", "[0, 1]", "[0, 0.02]",
                               "tax threshold as a share of the revenue threshold (15 % of the margin)",
                               "税收门槛占收入门槛比例")
    research_threshold: float = assumed(0.0, "share", "[0, 1]", "[0, 0.05]",
                                        "R&D threshold as a share of the revenue threshold", "研发门槛占收入门槛比例")


class BaseYear(Section):
    constants: Literal["solve"] | dict[str, float] = choice(
        "solve", "1", "site constants: \"solve\", or a table of site id to value (others 0)",
        "地点常数：\"solve\" 求解，或按地点给定", each="[-1000, 1000]")


class Switches(Section):
    revision: Literal["sequential", "simultaneous", "one"] = choice(
        "sequential", "name",
        "who revises when: awake enterprises one after another, all on the opening counts, or one random enterprise a "
        "quarter", "修订方式：依次、同时、每季一家")
    churn: bool = choice(True, "switch", "entry, exit and growth", "是否有进入、退出和成长")
    exit: Literal["age", "constant"] = choice("age", "name",
                                              "exit hazards by age, size and rent, or exit.constant for everybody",
                                              "退出风险：随年龄、规模和租金变化，或对所有企业恒定")
    registration: Literal["separate", "function"] = choice("separate", "name",
                                                           "where taxes and grants act: at a legal place that is "
                                                           "chosen apart, or at the functional site",
                                                           "税收与补贴作用于：另行选择的登记地，或经营地")
    statuses: bool = choice(True, "switch", "regime statuses that the region records", "是否计入区域已有的政策身份")
