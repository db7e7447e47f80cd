"""The keys of a sweep file: what may stand in it, before anything is known of the scenarios it names."""

from collections.abc import Iterator
from typing import Literal

from sim.base.messages import _
from sim.config.parameters import Broken, Section, choice


class Outputs(Section):
    quarters: list[str] = choice([], "names", "quarters kept besides the end, e.g. \"2030-Q4\"", "除期末外保留的季度")
    series: list[str] = choice([], "names", "scalars kept for every quarter", "逐季保留的指标")
    maps: list[str] = choice([], "names", "headquarters, enterprises, employment, rent, floor by site",
                             "按地点保留的变量")


class AxisTable(Section):
    key: str | list[str] = choice("", "names", "parameter, or several that move together; by default the axis's name",
                                  "参数（可多个同步变化）；默认为轴名")
    values: list[object] = choice([], "1", "the values", "取值列表")
    between: list[object] = choice([], "1", "first and last value; by default the parameter's usual range",
                                   "区间两端；默认为参数的常用范围")
    step: float = choice(0.0, "1", "distance of neighbours on a grid; of dates in quarters", "网格间距（日期以季度计）",
                         allowed="[0, 1e300]")
    number: int = choice(0, "count", "values on a grid, both ends included", "网格点数（含两端）",
                         allowed="[0, 10000000]")
    law: Literal["uniform", "log-uniform", "triangular"] = choice(
        "uniform", "name", "how values are spread or drawn; triangular peaks at the scenario's value",
        "取值的分布；三角分布以情景值为众数")
    title: str = choice("", "text", "what the explorer calls it; by default what the parameter is",
                        "探索页中的名称；默认为参数说明")
    title_zh: str = choice("", "text", "Chinese name in the explorer", "探索页中的中文名称")


class Common(Section):
    """What an experiment says, or the top of the file for all of them."""

    scenario: str | list[str] = choice("", "names", "scenario files, from the folder of this file",
                                       "情景文件（相对于本文件）")
    set: list[str] = choice([], "text", "changes to the scenarios, \"key=value\"", "对情景的固定修改")
    replicates: int = choice(0, "count", "replicates of every point; 0 for the scenario's own number",
                             "每点重复次数；0 为情景自带", allowed="[0, 100000]")
    design: Literal["grid", "lhs", "sobol", "saltelli", "morris", "list"] = choice(
        "grid", "name", "how the points are laid out", "试验设计")
    points: int = choice(0, "count", "points of lhs and sobol, base points of saltelli, trajectories of morris",
                         "点数（或基础点数、轨迹数）", allowed="[0, 10000000]")
    levels: int = choice(4, "count", "levels of morris, an even number", "Morris 水平数（偶数）", allowed="[2, 1000]")
    seed: int = choice(0, "count", "seed of the design; draws inside runs have run.seed", "设计的随机种子",
                       allowed="[0, 9007199254740991]")
    csv: str = choice("", "text", "table of points for the design \"list\", from the folder of this file",
                      "点列表（CSV）")
    evidence: list[str] = choice([], "names", "an axis for every number with a usual range that rests on such evidence",
                                 "为依据属于这些类型且有常用范围的参数各设一轴")
    leave_out: list[str] = choice([], "names", "keys that `evidence` leaves out", "evidence 中排除的参数")
    axes: dict[str, object] = choice({}, "names", "axes by name", "各轴")
    outputs: Outputs = Outputs()

    def rules(self) -> Iterator[Broken]:
        """Levels come in pairs."""
        if self.levels % 2:
            yield Broken((("levels",),), _("{levels} levels do not come in pairs", levels=self.levels),
                         _("an even number"))


class SweepFile(Common):
    title: str = choice("", "text", "title", "标题")
    title_zh: str = choice("", "text", "Chinese title", "中文标题")
    description: str = choice("", "text", "what it is for", "说明")
    experiments: dict[str, object] = choice({}, "names",
                                            "experiments by name; without any, the file is one, called main", "子试验")
