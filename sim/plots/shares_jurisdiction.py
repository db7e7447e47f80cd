"""Whose territory the zone's headquarters sit in."""

from sim.metrics.counting import in_zone
from sim.metrics.share_by_jurisdiction import share_by_jurisdiction
from sim.plots import register
from sim.plots.page import band_note, page
from sim.plots.shares import bars, finding, moments, ranked
from sim.plots.words import names, word

TITLE = "Headquarters in the zone by jurisdiction: start, middle and end"
TITLE_ZH = "示范区总部的辖区分布：期初、期中与期末"


@register("shares_jurisdiction", title=TITLE, title_zh=TITLE_ZH, size=(9.0, 5.2))
def shares_jurisdiction(dataset, figure, lang):
    """Shares of the jurisdictions in the headquarters of the zone.

    Mean of runs with 5-95 % whiskers at the first, middle and last quarter.
    """
    dataset = in_zone(dataset).isel(quarter=moments(dataset))
    shares = ranked(share_by_jurisdiction(dataset), "jurisdiction")
    known = names(dataset, "jurisdiction", lang)
    labels = [known[one] for one in shares["jurisdiction"].values.tolist()]
    body = page(figure, dataset, lang, title=TITLE if lang == "en" else TITLE_ZH,
                finding=finding(shares, labels, lang),
                notes=[word("bars", lang), band_note(dataset, lang), word("yardstick", lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(1.9, 0.8, 0.1, 0.1))[0])
    bars(axes, shares, labels, lang)
    body.legend(axes)
