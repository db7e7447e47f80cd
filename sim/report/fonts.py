"""The Chinese characters of a page, cut out of the embedded font, so that no reader sees boxes.

Decision 26 (docs/decisions.md).
"""

import base64
import io
import re

from sim.plots.common.theme import FONT_FOLDER

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
RANGE = "U+2E80-9FFF,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF"


def face(text: str) -> str:
    """An @font-face rule with the Chinese characters of a text, or nothing where it has none.

    The family is "Sim Chinese" and speaks for Chinese alone; Latin letters stay the reader's own. One
    weight ships; browsers thicken it for headings.
    """
    wanted = "".join(sorted(set(CHINESE.findall(text))))
    if not wanted:
        return ""
    uri = f"data:font/woff;base64,{base64.b64encode(_subset(wanted)).decode()}"
    return (f'@font-face{{font-family:"Sim Chinese";unicode-range:{RANGE};'
            f'src:url({uri}) format("woff")}}\n')


def _subset(characters):
    """The glyphs of the characters as WOFF; the same characters give the same bytes."""
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, layout_features=[], recalc_timestamp=False)
    cutter, file = subset.Subsetter(options), io.BytesIO()
    cutter.populate(text=characters)
    with subset.load_font(next(FONT_FOLDER.glob("NotoSansSC*.ttf")), options) as font:
        cutter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()
