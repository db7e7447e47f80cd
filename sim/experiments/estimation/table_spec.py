"""The spec of an estimation from a table of choices: what stands in which column, and what is to be estimated.

    spec.toml with [table]  ->  Spec[TableFile]

A table of choices has the shapes in which choice data are published: long, a row a chooser and alternative, or wide, a
row a chooser with a column for each alternative.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pydantic

from sim.base.errors import InputError
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.config.parameters import Broken, Section, choice
from sim.experiments.estimation.spec import FurtherModels, Spec, Titled, checked, unknown_regressors

TABLE = "table"                # the section that tells such a spec
PLACE = "{alternative}"        # what stands for the alternative in the name of a column
FEWEST = 2


class _Cells(Section):
    """A Section whose tables of cells may be written as texts or as numbers."""

    @pydantic.field_validator("rows", "where", mode="before", check_fields=False)
    @classmethod
    def _as_texts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: [f"{each:g}" if type(each) in (int, float) else each for each in cells]
                if isinstance(cells, list) else cells for key, cells in value.items()}


class ChoiceTable(_Cells):
    sheet: str = choice("", "text", "sheet of a workbook; by default the first", "工作表，默认为第一张")
    shape: Literal["long", "wide"] = choice(
        ..., "name", "long: a row a chooser and alternative; wide: a row a chooser, a column an alternative",
        "long：每个选择者每个备选一行；wide：每个选择者一行，各备选各占一列")
    alternatives: list[str] = choice([], "names", "the alternatives; in the long shape those of the file by default, "
                                     "and without a column of choosers the order in which they follow each other",
                                     "备选方案；长表默认取自文件")
    codes: list[str] = choice([], "names", "how the cells of the file call the alternatives, in the same order; by "
                              "default by their names", "文件中各备选方案的代码，次序与 alternatives 相同")
    chooser: str = choice("", "text", "long: column that tells choosers (choice situations) apart; without one rows "
                          "come in blocks of one chooser", "长表：区分选择者（选择情境）的列；不填则按行块划分")
    alternative: str = choice("", "text", "long: column with the alternative of the row", "长表：该行备选方案所在列")
    chosen: str = choice(..., "text", "column with the choice: the alternative, or in the long shape yes and no, 1 "
                         "and 0", "选择结果所在列：备选方案名称；长表也可为 1/0、是/否")
    available: str = choice("", "text", "column that is 0 where an alternative is not available; wide: a pattern such "
                            "as \"{alternative}_AV\"",
                            "可选性列，0 表示不可选；宽表用 \"{alternative}_AV\" 之类的列名模式")
    decider: str = choice("", "text", "column that tells apart who chose, where deciders chose several times: errors "
                          "are clustered by it", "决策者所在列（同一决策者多次选择时）：标准误按其聚类")
    constants: bool = choice(True, "switch", "estimate alternative-specific constants", "估计各备选方案的常数项")
    reference: str = choice("", "text", "alternative without a constant; by default the first",
                            "不设常数项的参照备选方案，默认为第一个")
    rows: dict[str, list[str]] = choice({}, "names", "rows that are kept: column = [cells]", "保留的行：列名 = [取值]")

    def rules(self) -> Iterator[Broken]:
        """Each shape says its alternatives in its own way; codes go with them."""
        if self.shape == "wide" and len(self.alternatives) < FEWEST:
            yield Broken((("alternatives",),), _("the alternatives of the wide table are not named"),
                         _("two names or more"))
        if self.shape == "long" and not self.alternative and len(self.alternatives) < FEWEST:
            yield Broken((("alternative",), ("alternatives",)), _("the column of the alternative is not named"),
                         _("a header of the table, or alternatives = [...] in the order of the rows"))
        if self.shape == "long" and bool(self.chooser) != bool(self.alternative):
            yield Broken((("chooser",), ("alternative",)), _("choosers and alternatives of the long shape go together"),
                         _("both columns, or neither where rows come in blocks"))
        if self.codes and len(self.codes) != len(self.alternatives):
            yield Broken((("codes",), ("alternatives",)), _("there are {codes} codes of {names} alternatives",
                                                            codes=len(self.codes), names=len(self.alternatives)),
                         _("one code for each"))
        again = [name for k, name in enumerate(self.alternatives) if name in self.alternatives[:k]]
        if again:
            yield Broken((("alternatives",),), _("{name} occurs twice", name=repr(again[0])), _("each name once"))
        if self.reference and self.alternatives and self.reference not in self.alternatives:
            yield Broken((("reference",), ("alternatives",)), _("{name} is not one of the alternatives",
                                                                    name=repr(self.reference)))


class TableRegressor(_Cells):
    column: str = choice(..., "text", "column of the table; wide: of the chooser, or a pattern such as "
                         "\"price.{alternative}\"",
                         "表中的列；宽表可用 \"price.{alternative}\" 之类的列名模式")
    of: list[str] = choice([], "names", "alternatives whose utility it is in; by default all",
                           "所属备选方案，默认为全部")
    by_alternative: bool = choice(False, "switch", "a coefficient for each alternative but the reference: for what is "
                                  "of the chooser, such as income",
                                  "除参照外每个备选方案各一个系数（用于收入等选择者属性）")
    shares: str = choice("", "text", "regressor whose coefficient it has too: the two are added up",
                         "与之共用一个系数的解释变量：两者相加")
    where: dict[str, list[str]] = choice({}, "names", "it is 0 in rows other than these: column = [cells]",
                                         "仅在这些行取值，其余为 0：列名 = [取值]")
    unit: float = choice(1.0, "1", "what the column is divided by", "该列除以此数", allowed="[-1000000000, 1000000000]")
    log: bool = choice(False, "switch", "take the logarithm of the column", "取对数")
    title: str = choice("", "text", "what readers see instead of its name", "读者所见名称")
    title_zh: str = choice("", "text", "the same in Chinese", "中文名称")

    def rules(self) -> Iterator[Broken]:
        """Nothing is divided by 0; one coefficient is shared, or there is one for each alternative."""
        if self.shares and self.by_alternative:
            yield Broken((("shares",), ("by_alternative",)), _("a coefficient is shared, or there is one for each "
                                                               "alternative"), _("one of the two"))
        if self.unit == 0.0:
            yield Broken((("unit",),), _("the column cannot be divided by 0"), _("a number other than 0"))


class TableModels(FurtherModels):
    nests: dict[str, list[str]] = choice({}, "names", "alternatives by nest: a nested logit is estimated as well",
                                         "嵌套分组：组名 = [备选方案]，同时估计嵌套 logit")
    ratios: dict[str, list[str]] = choice({}, "names", "ratios of coefficients, such as a value of time: name = "
                                          "[regressor, regressor that it is divided by]",
                                          "系数之比（如时间价值）：名称 = [解释变量, 作除数的解释变量]")


class TableFile(Titled):
    table: ChoiceTable
    models: TableModels = TableModels()
    regressors: dict[str, TableRegressor] = choice({}, "names", "regressors by name", "解释变量")


def read(path: str | Path) -> Spec[TableFile]:
    """The Spec in a file; InputError with every problem at once."""
    spec = checked(path, TableFile)
    asked = spec.values
    wrong = [*unknown_regressors(spec, asked.models.mixed, ("models", "mixed")), *_unknown_alternatives(spec),
             *_shares_nothing(spec), *_no_ratio(spec)]
    if not asked.regressors and not asked.table.constants:
        wrong.append(spec.problem(("regressors",), _("there is no regressor"), _("a table [regressors.NAME] for each")))
    wrong += [spec.problem(("regressors", name), _("a name has no colon")) for name in asked.regressors if ":" in name]
    if wrong:
        raise InputError(wrong)
    return spec


def _shares_nothing(spec):
    """A Problem for each regressor that shares a coefficient with one that has none of its own."""
    of = spec.values.regressors
    for name, each in of.items():
        if each.shares and (each.shares not in of or of[each.shares].shares or of[each.shares].by_alternative):
            yield spec.problem(("regressors", name, "shares"),
                               _("{name} is not a regressor with one coefficient of its own",
                                 name=repr(each.shares)), "", near_miss(each.shares, of))


def _no_ratio(spec):
    """A Problem for each ratio that is not of two regressors with one coefficient each."""
    of = spec.values.regressors
    own = [name for name, each in of.items() if not each.shares and not each.by_alternative]
    for name, pair in spec.values.models.ratios.items():
        if len(pair) != FEWEST or pair[0] == pair[1]:
            yield spec.problem(("models", "ratios", name), _("it is not a pair of regressors"),
                               _("two names, e.g. [\"time\", \"cost\"]"))
            continue
        for each in pair:
            if each not in own:
                yield spec.problem(("models", "ratios", name),
                                   _("{name} is not a regressor with one coefficient of its own", name=repr(each)),
                                   one_of(own), near_miss(each, own))


def _unknown_alternatives(spec):
    """A Problem for each alternative that nests or regressors name and the table's list has not, or has twice."""
    asked, known = spec.values, spec.values.table.alternatives
    named = [(("models", "nests", nest), name) for nest, names in asked.models.nests.items() for name in names]
    of = [(("regressors", regressor, "of"), name) for regressor, each in asked.regressors.items() for name in each.of]
    for key, name in [*named, *of]:
        if known and name not in known:
            yield spec.problem(key, _("{name} is not one of the alternatives", name=repr(name)))
    seen: set[str] = set()
    for key, name in named:
        if name in seen:
            yield spec.problem(key, _("{name} is in two nests", name=repr(name)), _("each alternative in one"))
        seen.add(name)
