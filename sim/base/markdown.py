"""Tables as Markdown."""

from collections.abc import Iterable, Sequence

from sim.base.messages import _, translate


def table(head: Sequence[str], rows: Iterable[Sequence[str]], lang: str = "en") -> str:
    """A table whose head is translated, a line a row, with a line break at its end.

    >>> table(["a", "b"], [["1", "2"]])
    '| a | b |\\n| --- | --- |\\n| 1 | 2 |\\n'
    """
    lines = [[translate(each, lang) for each in head], ["---"] * len(head), *rows]
    clean = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in line] for line in lines]
    return "".join("| " + " | ".join(line) + " |\n" for line in clean)


def span(low: object, high: object, lang: str = "en") -> str:
    """A range in a cell.

    >>> span("0.1", "0.2"), span("0.1", "0.2", "zh")
    ('0.1 to 0.2', '0.1～0.2')
    """
    return translate(_("{low} to {high}", low=low, high=high), lang)
