"""The words of figures of analyses."""

from sim.base.messages import LANGUAGES
from sim.base.word_tables import Words
from sim.plots.common import words
from sim.plots.common.words import moment

word = Words("analysis_figures", below=words.word)
_stock, _place, _other = (Words("analysis_figures", section) for section in ("stocks", "places", "others"))


def scalar(column, lang):
    """A scalar of a sweep in words, with its quarter.

    >>> scalar("headquarters_in_zone@2030-Q4", "en"), scalar("headquarters_in_core", "zh")
    ('headquarters in the zone at the end of 2030', '核心圈层总部数（期末）')
    """
    name, _, quarter = column.partition("@")
    when = word("at", lang, moment=moment(quarter, lang)) if quarter else word("at_close", lang)
    if name in _other:
        return _other(name, lang) + when
    stock, _, place = name.partition("_")
    where = _where(place, lang)
    if stock not in _stock or not where:
        return name + when
    return word("stock_where", lang, stock=_stock(stock, lang), where=where) + when


def _where(place, lang):
    """A place of scalars in words: one of ours, or a jurisdiction by its name in the region; "" for another."""
    if place in _place:
        return _place(place, lang)
    names = getattr(lang, "words", {}).get("jurisdictions", {}).get(place.removeprefix("in_"))
    return word("in_named", lang, name=names[LANGUAGES.index(lang)]) if names else ""
