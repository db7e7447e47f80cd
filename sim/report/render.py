"""From a template and what it says to the bytes of a page that needs nothing beside itself.

Decision 49 (docs/decisions.md).
"""

import base64
import functools
import hashlib
import pathlib
import re
import string
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.base.errors import printable
from sim.base.messages import LANGUAGES
from sim.base.own_words import Language, own
from sim.plots.common.words import moment
from sim.report import fonts
from sim.report.tables import Faint
from sim.report.words import known, unit, word

TEMPLATES = pathlib.Path(__file__).parent / "templates"
NUMBER = re.compile(r"[+−-]?\d[\d,]*(\.\d+)?%?")
WITH_ERROR = re.compile(r"[+−-]?[\d.,]+ \([\d.,]+\)")            # a number and its standard error: nothing to run
SHEET, POLICY = "\0sheet\0", "\0policy\0"      # where they will stand; no text of a page has such characters
PLAIN = f"{string.ascii_letters}{string.digits} /:;,=.()-_!*+@~".encode()      # stands for itself in an address
NAMES = {"en": "report.html", "zh": "report.zh.html"}


def render(template: str, lang: str, content: Mapping[str, Any], linked: Sequence[str] = LANGUAGES,
           style: str = "report.css") -> bytes:
    """The page as UTF-8 bytes; `linked` are the languages that have a page, `style` is the style sheet.

    Every text is escaped and stripped of characters that steer: what a scenario file says is shown
    and never obeyed. The policy allows pictures and fonts that are inside the page and the one style
    sheet by its hash; scripts, style attributes, frames, forms and requests are refused.
    """
    other = next((NAMES[one] for one in linked if one != lang), "")
    page = _environment().get_template(template)
    said = dict(lang=lang, t=functools.partial(word, lang=lang), known=functools.partial(known, lang=lang),
                unit=functools.partial(unit, lang=lang),
                moment=functools.partial(moment, lang=lang),
                other=other, note=own(lang, "note"), **content)
    made = page.render(said, style=_safe(SHEET), policy=_safe(POLICY))
    sheet = fonts.face(made) + (TEMPLATES / style).read_text("utf-8")
    policy = f"default-src &#39;none&#39;; img-src data:; font-src data:; style-src &#39;{_digest(sheet)}&#39;"
    return made.replace(SHEET, sheet, 1).replace(POLICY, policy, 1).encode("utf-8", "backslashreplace")


def written_in(folder: Path, languages: Sequence[str], words: Mapping[str, Any] | None = None) -> list[Language]:
    """Languages of the pages that are written where those in some are wanted; `words` are the region's own.

    A page links to the other one, so that one that is there in another language is written again.
    """
    return [Language(lang, dict(words or {})) for lang in LANGUAGES
            if lang in languages or (folder / NAMES[lang]).exists()]


def write_all(folder: Path, template: str, content: Callable[[str], Mapping[str, Any]], languages: Sequence[str],
              words: Mapping[str, Any] | None = None, processes: int = 1) -> list[Path]:
    """Write a page per language into the folder; their paths. `content` of a language is what its page says.

    `words` are the region's own. Another process makes one of the pages, if there may be more than this one.
    """
    from sim.base import files, forked

    there = written_in(folder, languages, words)
    pages = forked.mapped(lambda lang: render(template, lang, content(lang), there), there, processes)
    for lang, page in zip(there, pages, strict=True):
        files.write_checked(folder / NAMES[lang], page)
    return [folder / NAMES[lang] for lang in languages]


@functools.cache
def _environment():
    import jinja2

    made = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, finalize=_inert,
                              undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["cell"] = cell
    made.tests["faint"] = lambda value: isinstance(value, Faint)
    return made


def cell(value: str, paper: bool = False) -> str:
    """What a table shows, so that it can be pasted: a number has the minus sign that spreadsheets know, and on `paper`
    that of sentences and figures; a text that a spreadsheet would run as a formula gets a '.

    >>> cell("=1+1"), cell("Xicen"), cell("−0.3"), cell("+0.53 (0.22)"), cell("-0.3", paper=True)
    ("'=1+1", 'Xicen', '-0.3', '+0.53 (0.22)', '−0.3')
    """
    text = " ".join(str(value).split())
    if is_number(text):
        return text.replace("-", "−") if paper else text.replace("−", "-")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not WITH_ERROR.fullmatch(text) else text


def is_number(value: str) -> bool:
    """Whether a cell holds a number, thousands apart or not, or a percentage.

    >>> is_number("+1,234.5"), is_number("−3%"), is_number("2040-Q4")
    (True, True, False)
    """
    return bool(NUMBER.fullmatch(str(value)))


def _inert(value):
    """What is printed on a page: one line, no control or direction characters."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return printable(re.sub(r"\s+", " ", value))


def _safe(text):
    from markupsafe import Markup

    return Markup(text)


def _digest(style):
    """Name of a style sheet in a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def png_uri(content: bytes) -> Markup:
    """A PNG as an address that holds it; its letters need no escape, so that no page looks at each."""
    return _safe(f"data:image/png;base64,{base64.b64encode(content).decode()}")


def svg_uri(drawing: bytes) -> Markup:
    """An SVG as an address that holds it, as text: a quarter shorter than in base64; no letter of it needs an escape.

    >>> svg_uri(b'<svg>  <path d="M 1 2"/></svg>')
    Markup('data:image/svg+xml,%3Csvg%3E %3Cpath d=%22M 1 2%22/%3E%3C/svg%3E')
    """
    text = b" ".join(drawing.split())
    for letter in sorted(set(text.translate(None, PLAIN)), key=lambda each: each != ord("%")):       # which comes first
        text = text.replace(bytes([letter]), b"%%%02X" % letter)
    return _safe(f"data:image/svg+xml,{text.decode('ascii')}")
