"""The Chinese characters of a page, cut out of the embedded font, so that no reader sees boxes.

Decision 26 (docs/decisions.md).
"""

import base64
import io
import re

from sim.base.package_data import font_file

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
RANGE = "U+2E80-9FFF,U+F900-FAFF,U+FE30-FE4F,U+FF00-FFEF"
BOLD = re.compile(r"<(h[1-4]|b|strong|caption|summary|thead)\b.*?</\1>", re.DOTALL)      # what is set in bold


def face(text: str) -> str:
    """The @font-face rules with the Chinese characters of a page, or nothing where it has none.

    The family is "Sim Chinese" and speaks for Chinese alone; Latin letters stay the reader's own. The bold weight
    has the characters of headings and the like.
    """
    wanted = {400: text, 700: "".join(found[0] for found in BOLD.finditer(text))}
    return "".join(_rule(weight, "".join(sorted(set(CHINESE.findall(part))))) for weight, part in wanted.items())


def _rule(weight, characters):
    """The rule of one weight; none without characters."""
    if not characters:
        return ""
    uri = f"data:font/woff;base64,{base64.b64encode(_subset(weight, characters)).decode()}"
    return (f'@font-face{{font-family:"Sim Chinese";font-weight:{weight};unicode-range:{RANGE};'
            f'src:url({uri}) format("woff")}}\n')


def _subset(weight, characters):
    """The glyphs of the characters as WOFF; the same characters give the same bytes."""
    from fontTools import subset

    options = subset.Options(flavor="woff", hinting=False, layout_features=[], recalc_timestamp=False)
    cutter, file = subset.Subsetter(options), io.BytesIO()
    cutter.populate(text=characters)
    with subset.load_font(font_file(weight), options) as font:
        cutter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()
