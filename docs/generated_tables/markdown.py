"""How a table is written in Markdown, and the words that several tables share."""

from sim.base.messages import known


def table(head, lines):
    """A Markdown table."""
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in [head, rule, *lines])


def _cell(value):
    return " ".join(str(value).split()).replace("|", "\\|") or "–"


def code(text):
    return f"`{text}`" if text else ""


def first_line(entry):
    """What an entry says of itself: the first paragraph of its docstring."""
    return entry.__doc__.strip().split("\n\n")[0]


def unit_zh(unit):
    """A unit in Chinese, nothing for a pure number."""
    return "" if unit == "1" else known(unit, "zh")
