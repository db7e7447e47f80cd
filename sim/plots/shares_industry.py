"""What the zone's headquarters do."""

from sim.metrics.counting import in_zone
from sim.metrics.share_by_industry import share_by_industry
from sim.plots import register
from sim.plots.page import band_note, page
from sim.plots.shares import bars, finding, moments, ranked
from sim.plots.words import names, word

TITLE = "Headquarters in the zone by industry: start, middle and end"
TITLE_ZH = "示范区总部的产业构成：期初、期中与期末"


@register("shares_industry", title=TITLE, title_zh=TITLE_ZH, size=(9.0, 7.4))
def shares_industry(dataset, figure, lang):
    """Shares of the industries in the headquarters of the zone, largest at the end first.

    Mean of runs with 5-95 % whiskers at the first, middle and last quarter.
    """
    dataset = in_zone(dataset).isel(quarter=moments(dataset))
    shares = ranked(share_by_industry(dataset), "industry")
    known = names(dataset, "industry", lang)
    labels = [known[one] for one in shares["industry"].values.tolist()]
    body = page(figure, dataset, lang, title=TITLE if lang == "en" else TITLE_ZH,
                finding=finding(shares, labels, lang),
                notes=[word("bars", lang), band_note(dataset, lang), word("yardstick", lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(1.9, 0.8, 0.1, 0.1))[0])
    bars(axes, shares, labels, lang)
    body.legend(axes)
