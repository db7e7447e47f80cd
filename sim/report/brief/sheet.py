"""What a brief is made of, whatever it is written as."""

from dataclasses import dataclass, field
from pathlib import Path

from sim.report.findings import Card
from sim.report.tables import Table

MOST_SCENARIOS, MOST_COLUMNS = 7, 5          # rows and columns that there is room for
MOST_SENTENCE, MOST_FACT = 400, 200          # letters


@dataclass(frozen=True)
class Block:
    """A heading with sentences, tables and maybe a figure under it."""

    heading: str
    sentences: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figure: Path | None = None
    figure_alt: str = ""


@dataclass(frozen=True)
class Sheet:
    """A brief: its name as a file, what stands at its head, and its pages, each a list of blocks."""

    name: str
    kicker: str
    title: str
    answer: str
    doubts: str
    cards: list[Card]
    pages: list[list[Block]]
    foot: str


def shortened(table: Table, rows: int = 10 ** 6, columns: int = 10 ** 6) -> Table:
    """A table without its last rows and columns, as far as there are more than these numbers.

    >>> shortened(Table("t", ["a", "b", "c"], [["x", 1, 2], ["y", 3, 4]]), rows=1, columns=1).rows
    [['x', 1]]
    """
    return Table(table.title, table.head[:columns + 1], [row[:columns + 1] for row in table.rows[:rows]])


def clipped(text: str, most: int = MOST_SENTENCE) -> str:
    """A text that is not too long for a page, cut behind a whole item of its list where it has one.

    >>> clipped("a long sentence", 6), clipped("Huawei, Xicen from 2024, Xicen", 26), clipped("青浦、吴江、嘉善", 7)
    ('a lon…', 'Huawei, Xicen from 2024 …', '青浦、吴江……')
    """
    if len(text) <= most:
        return text
    cut = max(text.rfind(mark, most // 2, most - 1) for mark in (", ", "; ", "，", "；", "、"))
    if cut < 0:
        return text[:most - 1] + "…"
    return text[:cut] + (" …" if text[cut].isascii() else "……")
