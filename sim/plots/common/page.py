"""What every figure has around its axes: what is shown, what it says, how to read it, the source."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from sim.base.messages import LANGUAGES
from sim.base.own_words import fill
from sim.plots.common import theme
from sim.plots.common.words import period, titled, word

MARGIN = 0.35                 # inches left and right
SMALL = 7.0                   # points of small print
# widths in em: a Chinese character, capitals and figures of DejaVu Sans, spaces, the rest
WIDE_EM, CAPITAL_EM, SPACE_EM, SMALL_EM = 1.03, 0.66, 0.32, 0.58


@dataclass(frozen=True)
class Body:
    """The part of a figure that is left for axes, as fractions of the figure."""

    left: float
    bottom: float
    right: float
    top: float
    figure: Figure

    def grid(self, rows: int, columns: int, *, inset: Sequence[float] = (0, 0, 0, 0), **options: Any) -> GridSpec:
        """A GridSpec inside the body; inset = left, bottom, right, top in inches."""
        width, height = self.figure.get_size_inches()
        left, bottom, right, top = inset
        return self.figure.add_gridspec(rows, columns, left=self.left + left / width,
                                        bottom=self.bottom + bottom / height,
                                        right=self.right - right / width,
                                        top=self.top - top / height, **options)


    def legend(self, axes: Axes) -> None:
        """The legend of `axes` in one row at the bottom of the body."""
        handles, labels = axes.get_legend_handles_labels()
        self.figure.legend(handles, labels, loc="lower center", ncols=max(1, len(labels)),
                           bbox_to_anchor=((self.left + self.right) / 2, self.bottom))


def page(figure: Figure, dataset: xr.Dataset, lang: str, *, titles: tuple[str, str], finding: str,
         notes: Sequence[str]) -> Body:
    """Write header and footer on the figure and return the Body between them.

    `titles` are in the order of LANGUAGES; `finding` is the sentence below the title.
    """
    kicker = word("scenario", lang, title=titled(dataset, lang), **period(dataset, lang))
    source = word("source", lang, scenario=dataset.attrs.get("scenario", ""), region=dataset.attrs.get("region", ""))
    return framed(figure, lang, kicker=kicker, title=fill(titles[LANGUAGES.index(lang)], lang), finding=finding,
                  notes=[*notes, source])


def framed(figure: Figure, lang: str, *, kicker: str, title: str, finding: str, notes: Sequence[str]) -> Body:
    """Write the lines of header and footer as they are and return the Body between them.

    The figure's label is its finding, which a saved SVG carries for those who cannot see it.
    """
    figure.set_label(finding)
    top = _downwards(figure, [(kicker, 8.5, theme.MUTED, "normal"), (title, 15, theme.INK, "bold"),
                              (finding, 10.5, theme.INK, "normal")])
    gap = " " if lang == "en" else ""
    bottom = _upwards(figure, gap.join(notes))
    width, height = figure.get_size_inches()
    return Body(MARGIN / width, bottom / height, 1 - MARGIN / width, 1 - top / height, figure)


def band_note(dataset: xr.Dataset, lang: str) -> str:
    """What the band means, with the number of runs."""
    n = dataset.sizes["member"]
    return word("band", lang, n=n) if n > 1 else word("no_band", lang)


def _downwards(figure, lines):
    """Write lines from the top edge; return the inches used."""
    width, height = figure.get_size_inches()
    used = 0.22
    for text, size, colour, weight in lines:
        folded = fold(text, (width - 2 * MARGIN) * 72 / size * (0.92 if weight == "bold" else 1))
        figure.text(MARGIN / width, 1 - used / height, folded, size=size, color=colour,
                    weight=weight, va="top", linespacing=1.25)
        used += (folded.count("\n") + 1) * size * 1.3 / 72 + 0.07
    return used


def _upwards(figure, text):
    """Write small print at the bottom edge; return the inches used."""
    width, height = figure.get_size_inches()
    folded = fold(text, (width - 2 * MARGIN) * 72 / SMALL)
    figure.text(MARGIN / width, 0.12 / height, folded, size=SMALL, color=theme.MUTED, va="bottom", linespacing=1.35)
    return 0.12 + (folded.count("\n") + 1) * SMALL * 1.45 / 72 + 0.12


def fold(text: str, ems: float) -> str:
    """Break a text into lines at most `ems` wide; Chinese breaks anywhere but before a stop.

    >>> fold("one two three", 5)
    'one two\\nthree'
    """
    lines, width = [""], 0.0
    for token in re.findall(r"[^\S\n]+|[⺀-￯][、。，；：）”～]*|[^\s⺀-￯]+[、。，；：）”～]*", text):
        wide = ems_of(token)
        if lines[-1] and width + wide > ems and not token.isspace():
            lines, width = [*lines, ""], 0.0
        if lines[-1] or not token.isspace():
            lines[-1], width = lines[-1] + token, width + wide
    return "\n".join(line.rstrip() for line in lines)


def fold_to(text: str, ems: float, lines: int) -> str:
    """Fold a text; of one that takes more lines the middle is left out.

    >>> fold_to("one two three four five six", 5, 2)
    'one two\\n… ive six'
    """
    if len(fold(text, ems).split("\n")) <= lines:
        return fold(text, ems)
    first, rest = fold(text, ems).split("\n")[:lines - 1], text
    while rest and ems_of(f"… {rest}") > ems:
        rest = rest[1:]
    return "\n".join([*first, f"… {rest.lstrip(' …，,')}"])


def ems_of(text: str) -> float:
    """Estimated width of a text in em."""
    return sum(_width(c) for c in text)


def _width(character):
    if unicodedata.east_asian_width(character) in "WF":
        return WIDE_EM
    if character.isspace():
        return SPACE_EM
    return CAPITAL_EM if character.isupper() or character.isdigit() else SMALL_EM
