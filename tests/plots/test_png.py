"""Pictures in a palette: exact where 256 colours suffice, close where they do not, full where they are transparent."""

import io

import numpy as np
from PIL import Image

from sim.plots.common import png

WHITE, SIDE = (255, 255, 255), 64


def opened(pixels):
    """(mode, pixels) of the file of pixels (row, column, 4)."""
    with Image.open(io.BytesIO(png.png(pixels.tobytes(), pixels.shape[1], 150))) as found:
        assert round(found.info["dpi"][0]) == 150
        return found.mode, np.asarray(found.convert("RGBA"))


def picture(colours):
    """Half white, and then the colours one after another."""
    pixels = np.full((2 * SIDE, SIDE, 4), 255, np.uint8)
    pixels[SIDE:, :, :3] = np.resize(np.asarray(colours, np.uint8), (SIDE, SIDE, 3))
    return pixels


def test_as_many_colours_as_a_palette_has_are_kept_to_the_bit():
    pixels = picture([(k, 255 - k, k // 2) for k in range(png.COLOURS - 1)])
    mode, found = opened(pixels)
    assert mode == "P"
    np.testing.assert_array_equal(found, pixels)


def test_of_more_colours_the_commonest_are_kept_to_the_bit_and_the_others_nearly():
    ramps = [(k, k, k) for k in range(255)] + [(255, k, 0) for k in range(255)] + [(0, k, 255) for k in range(255)]
    pixels = picture(ramps)
    mode, found = opened(pixels)
    assert mode == "P"
    assert (found[:SIDE] == 255).all()
    assert 0 < abs(found[SIDE:].astype(int) - pixels[SIDE:]).max() <= 4


def test_what_is_transparent_keeps_its_opacity_and_a_photograph_its_colours():
    clear = picture([(9, 9, 9)])
    clear[0, 0, 3] = 100
    several = np.random.default_rng(1).integers(0, 256, (300, 300, 4), np.uint8)
    several[..., 3] = 255
    for pixels in (clear, several):
        mode, found = opened(pixels)
        assert mode == "RGBA"
        np.testing.assert_array_equal(found, pixels)
