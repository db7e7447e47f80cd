"""Money as people say it: 亿元 and 万元 in Chinese, RMB million and billion in English.

The files have RMB million throughout.
"""

from __future__ import annotations

import math

SCALE = {"en": 1.0, "zh": 0.01}          # from RMB million to the unit of a language's axes and tables
LARGE = {"en": 1000.0, "zh": 100.0}      # RMB million from which the larger unit is said
FIGURES = 3


def in_unit(million: float, lang: str) -> float:
    """RMB million in the unit of a language's axes and tables: RMB million, or 亿元.

    >>> in_unit(250.0, "en"), in_unit(250.0, "zh")
    (250.0, 2.5)
    """
    return million * SCALE[str(lang)]


def money(million: float, lang: str, sign: bool = False) -> str:
    """An amount of RMB million in words, to three figures.

    >>> money(1661.9, "en"), money(1661.9, "zh"), money(-8.1, "zh"), money(43.2, "en", sign=True)
    ('RMB 1.66 billion', '16.6 亿元', '−810 万元', 'RMB +43.2 million')
    """
    large = abs(million) >= LARGE[str(lang)]
    if str(lang) == "zh":
        number = _number(million / 100 if large else million * 100, sign)
        return f"{number} {'亿元' if large else '万元'}"
    return f"RMB {_number(million / 1000 if large else million, sign)} {'billion' if large else 'million'}"


def cell(million: float, lang: str, sign: bool = True) -> str:
    """An amount of RMB million as a number of a table, in the unit of the language.

    亿元 are told to three figures, two decimals at most.

    >>> cell(-436.7, "en"), cell(-436.7, "zh"), cell(-12908.0, "zh"), cell(0.2, "en"), cell(0.2, "zh")
    ('−437', '−4.37', '−129', '0', '0.00')
    """
    unit = in_unit(million, lang)
    text = _number(unit, sign) if str(lang) == "zh" else f"{unit:{'+' if sign else ''},.0f}".replace("-", "−")
    return text.lstrip("+−") if not float(text.replace(",", "").replace("−", "-")) else text


def _number(value, sign):
    """A number to three figures, never with an exponent, thousands apart."""
    places = 0 if not value else max(0, FIGURES - 1 - math.floor(math.log10(abs(value))))
    places = min(places, 2)
    return f"{round(value, places):{'+' if sign else ''},.{places}f}".replace("-", "−")
