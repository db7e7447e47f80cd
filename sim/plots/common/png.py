"""A drawn figure as a PNG of at most 256 colours, which takes half of the time and of the bytes of one with all.

Figures have few colours but for the rims of letters and lines. Where there are more than 256, the commonest are kept as
they are, and the others become the nearest of a median cut (Heckbert 1982, doi:10.1145/965145.801294) of the rest.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

COLOURS = 256                 # that a palette has room for
KEPT = 64                     # of the commonest
MOST = 1 << 16                # colours of a figure; one with more is a photograph
OFTEN = 12                    # pixels of a colour that count in the median cut, which large areas would take
OPAQUE = 255
LEVEL = 4                     # of zlib's nine: the ninth takes ten times as long for a tenth of the bytes


def png(rgba: bytes, width: int, dpi: float) -> bytes:
    """The file of pixels (red, green, blue, opacity), row by row from the top; the same pixels give the same bytes."""
    full = Image.frombuffer("RGBA", (width, len(rgba) // 4 // width), rgba)
    found: Any = full.getcolors(MOST)                          # of four bands: [(pixels, colour)], or None for more
    opaque = found is not None and all(colour[3] == OPAQUE for _, colour in found)
    picture = _in_a_palette(np.frombuffer(rgba, "<u4").reshape(full.height, width), found) if opaque else full
    picture.save(made := io.BytesIO(), "png", compress_level=LEVEL, dpi=(dpi, dpi))
    return made.getvalue()


def _in_a_palette(pixels: NDArray[np.uint32], found: list[tuple[int, tuple[int, ...]]]) -> Image.Image:
    """Pixels (row, column) as a picture with a palette; `found`: [(how many, colour)]."""
    number, colours = np.array([n for n, _ in found]), np.array([colour[:3] for _, colour in found])
    order = np.lexsort((*colours.T, -number))
    palette = palette_of(colours[order], number[order])
    places = np.zeros(1 << 24, np.uint8)                      # of which a page is in memory where a colour is
    places[colours @ (1, 1 << 8, 1 << 16)] = _nearest(colours, palette)
    picture = Image.fromarray(places[pixels & 0xFFFFFF])
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def palette_of(colours: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most COLOURS (colour, 3) for colours in the order of their pixels, the commonest first."""
    if len(colours) <= COLOURS:
        return colours
    rest = np.repeat(colours[KEPT:], np.minimum(number[KEPT:], OFTEN), axis=0).astype(np.uint8)
    cut = Image.fromarray(rest[np.newaxis]).quantize(COLOURS - KEPT, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return np.concatenate([colours[:KEPT], np.reshape(cut.getpalette() or [], (-1, 3))[:COLOURS - KEPT]])


def _nearest(colours: NDArray[np.int64], palette: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The place in the palette of the nearest of its colours, for each colour."""
    wanted, there = colours.astype(np.float32), palette.astype(np.float32)
    distance = (there ** 2).sum(axis=1) - wanted @ (2 * there.T)
    return distance.argmin(axis=1).astype(np.uint8)
