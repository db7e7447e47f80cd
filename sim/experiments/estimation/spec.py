"""The spec of an estimation: where a list of firms says what, which places there are, what is to be estimated.

    spec.toml  ->  Spec (values, and where each key stands)
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.base.registry import near_miss
from sim.config import toml_file
from sim.config.check import check, problem, unprintable
from sim.config.layers import Layers
from sim.config.parameters import Broken, Section, choice
from sim.config.toml_positions import Key

Distribution = Literal["normal", "lognormal", "minus lognormal", "truncated normal", "triangular", "uniform"]


class Columns(Section):
    """Headers of the list, by what stands below them."""

    firm: str = choice("", "text", "what tells firms apart: a code, or a name", "企业标识：代码或名称")
    year: str = choice("", "text", "year of the row, in a list with a row a firm and year", "年份（逐年名录）")
    entry: str = choice("", "text", "first date at the place, in a list with a row a firm and place",
                        "进入日期（每企业每地点一行的名录）")
    exit: str = choice("", "text", "last date at the place, empty cells for firms that are still there",
                       "退出日期，仍在者留空")
    site: str = choice("", "text", "place, by id or name of [places]", "地点（编号或名称）")
    lon: str = choice("", "text", "longitude, degrees", "经度（度）")
    lat: str = choice("", "text", "latitude, degrees", "纬度（度）")
    system: str = choice("", "text", "coordinate system of the row: wgs84, gcj02 or bd09", "该行坐标系")
    industry: str = choice("", "text", "industry, or a code of industries; without one all firms are of one",
                           "行业或行业代码；不填则视为同一行业")
    credit_code: str = choice("", "text", "unified social credit code, whose check character is verified",
                              "统一社会信用代码，校验其末位")
    leave_out: str = choice("", "text", "column whose filled cells mark rows that are left out, e.g. re-registrations",
                            "标记列：有内容的行不计（如重新注册）")


class Firms(Section):
    sheet: str = choice("", "text", "sheet of a workbook; by default the first", "工作表，默认为第一张")
    coordinates: Literal["", "wgs84", "gcj02", "bd09"] = choice(
        "", "name", "coordinate system of lon and lat", "经纬度的坐标系")
    columns: Columns = Columns()

    def rules(self) -> Iterator[Broken]:
        """A firm, a time and a place are needed; Chinese maps have systems of their own."""
        have = self.columns
        if not have.firm:
            yield Broken((("columns", "firm"),), _("its column is not named"), _("a header of the list"))
        if bool(have.year) == bool(have.entry):
            yield Broken((("columns", "year"), ("columns", "entry")), _("a row is of a year, or from one date on"),
                         _("either year or entry"))
        if bool(have.site) == bool(have.lon and have.lat):
            yield Broken((("columns", "site"), ("columns", "lon")), _("a firm is at a place, or at coordinates"),
                         _("either site, or lon and lat"))
        if have.lon and not (self.coordinates or have.system):
            yield Broken((("coordinates",), ("columns", "lon")), _("the coordinate system is not named"),
                         _("'wgs84', 'gcj02' (Amap, Tencent) or 'bd09' (Baidu)"),
                         _("a wrong one is off by half a kilometre"))


class Places(Section):
    file: str = choice("", "text", "table of places, from the folder of this file: id, lon, lat, regressors",
                       "地点表（相对于本文件）")
    scenario: str = choice("", "text", "scenario whose region has the places and whose utility the regressors are of",
                           "情景文件：地点与解释变量取自其区域与效用函数")
    within_km: float = choice(20.0, "km", "distance beyond which a firm is at none of the places",
                              "超出此距离的企业不属于任何地点", allowed="(0, 20000]")

    def rules(self) -> Iterator[Broken]:
        """Places come from one file."""
        if bool(self.file) == bool(self.scenario):
            yield Broken((("file",), ("scenario",)), _("places come from a table, or from a scenario"),
                         _("either file or scenario"))


class Industries(Section):
    table: str = choice("", "text", "table of codes and industries: \"gbt4754-2017\", or a file with columns code and "
                        "industry; without one the column holds industries",
                        "行业代码对照表：\"gbt4754-2017\" 或 CSV 文件")
    unknown: list[str] = choice(["", "unknown"], "names", "what stands for an industry that nobody knows",
                                "表示行业未知的取值")


class Choosing(Section):
    of: list[Literal["arrivals", "moves"]] = choice(["arrivals", "moves"], "names", "whose choices are explained",
                                                    "解释哪些选择：新进入、迁移")
    years: list[int] = choice([], "year", "first and last year of the choices", "首末年份")
    known_to: int = choice(0, "year", "last year of the list that is looked at; 0: all of it",
                           "所用名录的最后年份，0 表示全部", allowed="[0, 2100]")
    confirm_years: int = choice(2, "year", "years running at a new place that make a move",
                                "连续多少年在新地点才算迁移",
                                allowed="[1, 5]")
    most_alternatives: int = choice(200, "count", "places above which alternatives are sampled",
                                   "超过此数则抽样备选地点",
                                    allowed="[2, 5000]")
    near: int = choice(30, "count", "sampled of the places nearest to a mover's old one", "抽样：最近的地点数",
                       allowed="[1, 5000]")
    far: int = choice(70, "count", "sampled of all others", "抽样：其余地点数", allowed="[1, 5000]")
    seed: int = choice(0, "count", "seed of sampled alternatives and of simulated worlds", "随机种子",
                       allowed="[0, 9007199254740991]")

    def rules(self) -> Iterator[Broken]:
        """Years are a first and a last one; something is explained."""
        if not self.of:
            yield Broken((("of",),), _("nothing is to be estimated"), _("'arrivals', 'moves' or both"))
        if self.years and (len(self.years) != 2 or self.years[0] > self.years[1]):
            yield Broken((("years",),), _("{years} is not a first and a last year", years=self.years),
                         _("two years, the earlier first"))


class Regressor(Section):
    kind: Literal["industry peers", "all peers", "distance", "column", "series", "term"] = choice(
        ..., "name", "what it is: ln(a + peers) of the same or of any industry, ln(a + km) from the present place, a "
        "column of the places, a dated series, a term of the simulator's utility", "解释变量的类型")
    column: str = choice("", "text", "column of the places, or of the series; the term's name",
                         "地点表或序列中的列；效用项名称")
    file: str = choice("", "text", "series: table of site or jurisdiction, year and value", "序列文件")
    log: bool = choice(False, "switch", "take the logarithm of the column", "取对数")
    offset: float = choice(1.0, "1", "a in ln(a + n) and in ln(a + km)", "对数内的常数 a", allowed="[0, 1000]")
    title: str = choice("", "text", "what readers see instead of its name", "读者所见名称")
    title_zh: str = choice("", "text", "the same in Chinese", "中文名称")
    key: str = choice("", "name", "parameter of scenarios that the coefficient is", "对应的情景参数")
    factor: float = choice(1.0, "1", "parameter = factor x coefficient", "参数 = 系数 × 此倍数",
                           allowed="[-1000, 1000]")


class FurtherModels(Section):
    """A nested and a mixed logit beside the conditional logit."""

    dissimilarity: Literal["one", "by nest"] = choice("one", "name", "one parameter for all nests, or one for each",
                                                      "相异参数：全部分组共用一个，或每组一个")
    mixed: dict[str, Distribution] = choice({}, "names", "regressors whose coefficients vary among deciders, and by "
                                            "which law: a mixed logit is estimated as well",
                                            "系数在决策者间随机变化的解释变量及其分布：同时估计混合 logit")
    draws: int = choice(500, "count", "Halton draws a decider of a mixed logit",
                        "混合 logit 每个决策者的 Halton 抽样数", allowed="[2, 100000]")


class Models(FurtherModels):
    effects: list[Literal["none", "site", "industry x site"]] = choice(
        ["none", "industry x site"], "names", "effects of unobserved quality: estimated without and with", "固定效应")
    cluster: Literal["destination", "firm", "year", "jurisdiction"] = choice(
        "destination", "name", "whose choices may hang together", "标准误聚类方式")
    nests: str = choice("", "text", "column of the places by which a nested logit is estimated as well", "嵌套分组列")
    stay: bool = choice(True, "switch", "whether a firm moves at all is estimated as well", "同时估计是否迁移")
    decay: list[float] = choice([], "km", "between which values the reach of peers is sought; none: no reach beyond "
                                "a place", "同行影响衰减距离的搜索区间")
    worlds: int = choice(10, "count", "simulated worlds without peers by which estimates of peers are judged",
                         "用于评判同行系数的无同行模拟世界数", allowed="[0, 1000]")

    def rules(self) -> Iterator[Broken]:
        """Something is estimated; a reach is sought between two distances."""
        if not self.effects:
            yield Broken((("effects",),), _("nothing is to be estimated"), _("'none', 'site' or 'industry x site'"))
        if self.decay and not (len(self.decay) == 2 and 0.0 < self.decay[0] < self.decay[1]):
            yield Broken((("decay",),), _("{km} is not a smallest and a largest distance", km=self.decay),
                         _("two distances above 0 km, the smaller first"))


class Titled(Section):
    title: str = choice("", "text", "title", "标题")
    title_zh: str = choice("", "text", "Chinese title", "中文标题")
    caveats: list[str] = choice([], "text", "what readers must know of the data", "数据的局限")
    caveats_zh: list[str] = choice([], "text", "the same in Chinese", "数据的局限（中文）")


class SpecFile(Titled):
    carries: list[str] = choice([], "names", "regressors whose coefficients go into the scenario fragment",
                                "写入情景片段的解释变量")
    firms: Firms
    places: Places
    industries: Industries = Industries()
    choices: Choosing = Choosing()
    models: Models = Models()
    regressors: dict[str, Regressor] = choice({}, "names", "regressors by name", "解释变量")


Values = TypeVar("Values", bound=Section)


@dataclass(frozen=True)
class Spec(Generic[Values]):
    """A spec that is understood."""

    values: Values
    layers: Layers
    path: str
    text: str

    def problem(self, key: Key, wrong: str, expected: str = "", remedy: str = "") -> Problem:
        """A Problem at a key."""
        return problem(self.layers, key, wrong, expected, remedy)

    def where(self, key: Key) -> str:
        """The place of a key."""
        return self.layers.where(key)

    def beside(self, name: str) -> str:
        """Path of a file that the spec names, from its own folder."""
        return os.path.join(os.path.dirname(self.path), name)


def read(path: str | Path) -> Spec[SpecFile]:
    """The Spec of a list of firms in a file; InputError with every problem at once."""
    spec = checked(path, SpecFile)
    wrong = [*_regressor_problems(spec), *unknown_regressors(spec, spec.values.models.mixed, ("models", "mixed"))]
    if wrong:
        raise InputError(wrong)
    return spec


def checked(path: str | Path, model: type[Values]) -> Spec[Values]:
    """The file as what a Section says it is; InputError with every problem at once."""
    source = toml_file.read(path)
    layers = Layers([source])
    values, problems = check(model, source.data, layers)
    problems = unprintable(source.data, layers) | problems
    if problems or values is None:
        raise InputError(problems.values())
    return Spec(values, layers, str(path), source.text)


def unknown_regressors(spec: Spec[Values], names: Iterable[str], key: Key) -> Iterator[Problem]:
    """A Problem for each of the names at a key that is no regressor."""
    known = getattr(spec.values, "regressors", {})
    return (spec.problem(key, _("there is no regressor {name}", name=repr(name)), "", near_miss(name, known))
            for name in names if name not in known)


def _regressor_problems(spec):
    """What regressors lack, told at their tables."""
    if not spec.values.regressors:
        yield spec.problem(("regressors",), _("there is no regressor"), _("a table [regressors.NAME] for each"))
    for name, each in spec.values.regressors.items():
        if each.kind in ("column", "series", "term") and not each.column:
            yield spec.problem(("regressors", name), _("its column or term is not named"), _("column = \"...\""))
        if each.kind == "series" and not each.file:
            yield spec.problem(("regressors", name), _("a series has a file"), _("file = \"...\""))
        if (each.kind == "term") != bool(spec.values.places.scenario) and each.kind in ("term", "column", "series"):
            yield spec.problem(("regressors", name, "kind"),
                               _("terms go with places.scenario, columns with places.file"))
    yield from unknown_regressors(spec, spec.values.carries, ("carries",))
