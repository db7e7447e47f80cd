"""The words of figures of analyses, in English and Chinese."""

from sim.base.own_words import fill
from sim.base.word_tables import LANGUAGES, read
from sim.plots.common.words import moment, words_of

TABLE = read("analysis_figures")
STOCKS = {"headquarters": ("headquarters", "总部数"), "enterprises": ("candidate enterprises", "候选企业数"),
          "employment": ("employment", "就业人数")}
PLACES = {"in_zone": ("in the zone", "{zone}"), "in_towns": ("in {towns}", "{towns}"),
          "in_core": ("in the core ring", "核心圈层"), "in_linkage": ("in the linkage ring", "联动圈层"),
          "in_radiation": ("in the radiation ring", "辐射圈层"), "everywhere": ("everywhere", "全部地点")}
OTHERS = {"rent_in_zone": ("rent index of the zone", "{zone}租金指数"), "r_dyn": ("R_dyn", "R_dyn"),
          "entries_in_zone": ("entrants in the zone", "{zone}新进入企业数"),
          "exits_in_zone": ("exits in the zone", "{zone}退出企业数"),
          "moves_into_zone": ("moves into the zone", "迁入{zone}企业数"),
          "moves_out_of_zone": ("moves out of the zone", "迁出{zone}企业数"),
          "declined": ("entrants that stayed outside", "未进入的潜在企业数"),
          "moving_cost": ("moving cost", "迁移成本"), "base_residual": ("base-year residual", "基年残差")}


word = words_of(TABLE)


def scalar(column, lang):
    """A scalar of a sweep in words, with its quarter.

    >>> scalar("headquarters_in_zone@2030-Q4", "en"), scalar("headquarters_in_core", "zh")
    ('headquarters in the zone at the end of 2030', '核心圈层总部数（期末）')
    """
    name, _, quarter = column.partition("@")
    when = word("at", lang, moment=moment(quarter, lang)) if quarter else word("at_close", lang)
    if name in OTHERS:
        return fill(OTHERS[name][LANGUAGES.index(lang)], lang) + when
    stock, _, place = name.partition("_")
    where = _where(place, lang)
    if stock not in STOCKS or not where:
        return name + when
    what = STOCKS[stock][LANGUAGES.index(lang)]
    return (f"{what} {where}" if lang == "en" else f"{where}{what}") + when


def _where(place, lang):
    """A place of scalars in words: one of ours, or a jurisdiction by its name in the region; "" for another."""
    if place in PLACES:
        return fill(PLACES[place][LANGUAGES.index(lang)], lang)
    names = getattr(lang, "words", {}).get("jurisdictions", {}).get(place.removeprefix("in_"))
    return ("in {}" if lang == "en" else "{}").format(names[LANGUAGES.index(lang)]) if names else ""
