"""Tables of the columns of a region, in both languages."""

import pathlib
import tomllib

from generated_tables.markdown import code, table, unit_zh
from sim.region import columns

CELLS_ZH = {"id": "代码", "text": "文本", "number": "数值", "0 or 1": "0 或 1", "date": "日期", "count": "整数",
            "list of ids": "代码列表", "list of numbers": "数值列表", "class of evidence": "证据类别",
            "one of the words": "限定词"}


def english():
    """Every column of a region's tables: unit, allowed values, meaning."""
    said, parts = _said_of_columns(), []
    for file, sheet in columns.TABLES.items():
        lines = [(code(name), _kind_of_cells(column), said[file][name][0], column.allowed,
                  "" if column.required else "optional", said[file][name][1])
                 for name, column in sheet.columns.items()]
        optional = "" if sheet.required else " (optional)"
        head = ("column", "kind", "unit", "allowed", "", "what it is")
        parts += [f"### {file}{optional}", "", table(head, lines), ""]
    return "\n".join(parts).rstrip()


def chinese():
    """The same in Chinese."""
    said, parts = _said_of_columns(), []
    for file, sheet in columns.TABLES.items():
        lines = [(code(name), CELLS_ZH[_kind_of_cells(column)], unit_zh(said[file][name][0]), column.allowed,
                  "" if column.required else "可默认", said[file][name][2]) for name, column in sheet.columns.items()]
        optional = "" if sheet.required else "（可默认）"
        parts += [f"### {file}{optional}", "", table(("列", "类型", "单位", "允许的值", "", "含义"), lines), ""]
    return "\n".join(parts).rstrip()


def _said_of_columns():
    return tomllib.loads((pathlib.Path(__file__).parents[1] / "region-columns.toml").read_text("utf-8"))


def _kind_of_cells(column):
    """What a cell holds, in words."""
    return {"ids": "list of ids", "numbers": "list of numbers", "flag": "0 or 1", "evidence": "class of evidence",
            "word": "one of the words"}.get(column.kind, column.kind)
