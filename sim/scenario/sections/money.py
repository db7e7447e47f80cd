"""How much an enterprise of a given size earns as years pass: real growth and prices."""

import re
from collections.abc import Iterable

from sim.base.messages import _
from sim.config.parameters import Broken, Section, assumed, choice


class Money(Section):
    real_growth: float = assumed(
        0.05, "per year", "[-0.5, 1]", None, "yearly growth of revenue per employee at constant prices; 0 to 0.08 "
        "are usual; the headline does not depend on it",
        "人均营业收入的年实际增长率（常见取值 0～0.08；主要结果不受其影响）",
        "of output, not of revenue: labour productivity of China +8.7 % in 2021 (National Bureau of Statistics, "
        "communique of 2022-02-28), 2.5 to 8.7 % since 2015 from memory",
        source_zh="为产出而非营业收入：中国全员劳动生产率 2021 年增长 8.7%（国家统计局 2022-02-28 公报），"
                  "2015 年以来 2.5%～8.7%（凭记忆）")
    inflation: float = assumed(
        0.015, "per year", "[-0.5, 1]", None, "yearly rise of prices, where money.deflator is empty; -0.01 to 0.04 are "
        "usual; the headline does not depend on it",
        "年价格涨幅（未给 money.deflator 时；常见取值 -0.01～0.04；主要结果不受其影响）",
        "GDP deflator of China, 1 to 2 % in the mean of ten years, from memory",
        source_zh="中国 GDP 平减指数，十年平均 1%～2%（凭记忆）")
    deflator: dict[str, float] = choice(
        {}, "per year", "rise of prices by calendar year, every year of the run, in place of money.inflation",
        "按年份给出的价格涨幅（须覆盖模拟各年，替代 money.inflation）", each="[-0.5, 10]")
    deflator_name: str = choice("GDP deflator of China", "text", "what the rise of prices is of",
                                "所用价格指数的名称", agree=False)

    def rules(self) -> Iterable[Broken]:
        """Prices are by year."""
        for year in self.deflator:
            if not re.fullmatch(r"\d{4}", year):
                yield Broken((("deflator", year),), _("{year} is not a year", year=repr(year)),
                             _("years as keys, e.g. {example}", example="{2021 = 0.02}"))

    def missing(self, first: int, last: int) -> list[int]:
        """The years from the first to the last whose rise of prices is not given, where any is."""
        years = range(first, last + 1) if self.deflator else ()
        return [year for year in years if str(year) not in self.deflator]
