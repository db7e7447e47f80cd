"""Figures of a folder, put inside a page.

Decision 52 (docs/decisions.md).
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.base import stored
from sim.plots.common.entry import Entry
from sim.plots.common.words import title_of
from sim.report.render import png_uri, svg_uri

LARGEST = 280_000             # bytes of an SVG; a larger one goes in as PNG, so that the page is small and quick
MOST_GLYPHS = 1_100           # of an SVG; a browser builds each anew before the page is there, in 0.05 to 0.1 ms

FINDING = re.compile(rb"<dc:description>(.*?)</dc:description>", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A figure inside a page: its name, its title, what it finds, its content."""

    name: str
    title: str
    finding: str
    uri: str


def pictures(folder: Path, entries: Iterable[Entry], lang: str, first: Sequence[str] = ()) -> list[Picture]:
    """The figures of registered plots that the folder has: those named `first`, then the others in their order.

    An image is inert: a browser runs no script and loads nothing on its behalf.
    """
    order = sorted(entries, key=lambda one: first.index(one.name) if one.name in first else len(first))
    return [picture(path, entry.name, title_of(entry, lang)) for entry in order
            if (path := folder / f"{entry.name}.{lang}.svg").exists()]


def picture(path: Path, name: str, title: str) -> Picture:
    """A figure of a folder, which has an SVG and perhaps a PNG beside it, for a page.

    The SVG, or the PNG where the SVG would make the page heavy or slow.
    """
    drawing, image = stored.content(path), path.with_suffix(".png")
    heavy = len(drawing) > LARGEST or drawing.count(b"<use ") > MOST_GLYPHS
    said = FINDING.search(drawing)
    uri = picture_uri(image) if heavy and image.exists() else svg_uri(drawing)
    return Picture(name, title, html.unescape(said[1].decode("utf-8")) if said else "", uri)


def picture_uri(image: Path) -> str:
    """A PNG of a folder as an address that holds it."""
    return png_uri(stored.content(image))
