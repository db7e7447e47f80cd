"""Tables as Markdown."""

from collections.abc import Iterable, Sequence

from sim.base.messages import translate


def table(head: Sequence[str], rows: Iterable[Sequence[str]], lang: str = "en") -> str:
    """A table whose head is translated, a line a row, with a line break at its end.

    >>> table(["a", "b"], [["1", "2"]])
    '| a | b |\\n| --- | --- |\\n| 1 | 2 |\\n'
    """
    lines = [[translate(each, lang) for each in head], ["---"] * len(head), *rows]
    clean = [[" ".join(str(cell).split()).replace("|", "\\|") for cell in line] for line in lines]
    return "".join("| " + " | ".join(line) + " |\n" for line in clean)
