"""What was assumed beside what was found, as tables: direct gains, published figures, what would reverse a ranking."""

from sim.plots.comparison.frame import gain
from sim.report import said
from sim.report.comparison_findings import half_width
from sim.report.tables import Table
from sim.report.words import word


def beside(compared, lang):
    """A row a scenario: what was assumed of it, what was found."""
    head = ("scenario", "assumed_dv", "total_found", "half_width", "in_percent")
    return _table(head, [_beside(compared, name, lang) for name in compared.names], lang)


def checks(compared, titles, lang):
    """Rows: scenario, check, published range, value here, inside or not, source; none without such a table.

    `titles` are those of the policies, by scenario and name.
    """
    head = ("scenario", "check", "published", "value_is", "inside", "source")
    rows = [[compared.title(row["scenario"], lang),
             word(row["check"], lang, policy=titles[row["scenario"]].get(row["policy"], row["policy"])),
             f"{row['low']:g}–{row['high']:g}", f"{row['value']:.2f}",
             word("yes" if row["inside"] else "no", lang), said.source(row["source"], lang)]
            for _, row in compared.tables["checks"].iterrows()] if compared.has(["checks"]) else []
    return _table(head, rows, lang)


def reversals(compared, lang):
    """Rows of neighbours in the ranking: what factor on the assumed dV would reverse them."""
    head = ("upper", "lower", "assumed_dv", "factor", "se_short", "dv_reversal")
    near = [one for one in compared.content.get("reversals", [])
            if compared.names.index(one["other"]) == compared.names.index(one["scenario"]) + 1]
    known = lambda value, digits=2: "–" if value is None else f"{value:.{digits}f}"                    # noqa: E731
    rows = [[compared.title(one["scenario"], lang), compared.title(one["other"], lang),
             f"{one['assumed_dv']:.3f}", known(one["factor"]), known(one["factor_se"]),
             known(one["dv_at_reversal"], 3)] for one in near]
    return _table(head, rows, lang)


def _beside(compared, name, lang):
    row, assumed = compared.zone(name), compared.about(name).get("assumed_dv")
    error = half_width(compared, name)
    return [compared.title(name, lang), f"{assumed:.3f}" if assumed else word("none", lang),
            gain(row["mean"]), "–" if error is None else f"{error:.1f}",
            f"{100 * row['mean'] / row['baseline']:+.1f}%" if row["baseline"] else "–"]


def _table(head, rows, lang):
    return Table("", [word(key, lang) for key in head], rows)
