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


def money(million: float, lang: str, sign: bool = False, error: float = math.nan) -> str:
    """An amount of RMB million in words, to three figures; `error`, if it is known, to as many places.

    >>> money(1661.9, "en"), money(1661.9, "zh"), money(-8.1, "zh"), money(43.2, "en", sign=True)
    ('RMB 1.66 billion', '16.6 亿元', '−810 万元', 'RMB +43.2 million')
    >>> money(365.2, "en", error=152.0), money(365.2, "zh", error=152.0)
    ('RMB 365 ± 152 million', '3.65 ± 1.52 亿元')
    """
    large = abs(million) >= LARGE[str(lang)]
    if str(lang) == "zh":
        unit, name = 0.01 if large else 100.0, "亿元" if large else "万元"
    else:
        unit, name = 0.001 if large else 1.0, "billion" if large else "million"
    number = _number(million * unit, sign)
    if math.isfinite(error):
        number += f" ± {error * unit:,.{_places(million * unit)}f}"
    return f"{number} {name}" if str(lang) == "zh" else f"RMB {number} {name}"


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
    places = _places(value)
    return f"{round(value, places):{'+' if sign else ''},.{places}f}".replace("-", "−")


def _places(value):
    """Decimals of a number that is told to three figures."""
    places = 0 if not value else max(0, FIGURES - 1 - math.floor(math.log10(abs(value))))
    return min(places, 2)
