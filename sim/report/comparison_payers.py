"""Who pays and who loses: public accounts and headquarters of every jurisdiction."""

from sim.metrics.counting import groups
from sim.plots.common.money import cell, money
from sim.plots.common.words import names
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import distinct, gain
from sim.plots.comparison.ledger import balances
from sim.report.comparison_findings import costs_of, losers
from sim.report.tables import Faint, Table
from sim.report.words import word


def sentences(compared: Compared, lang: str) -> list[str]:
    """Of the scenario with the largest effect: its cost, who is worse off and better off, who loses headquarters."""
    name = compared.names[0]
    if not compared.has(["fiscal"]):
        return [word("not_costed", lang), *_losers(compared, name, lang)]
    spent = costs_of(compared).get(name)
    said = [word("paid_is", lang, name=compared.title(name, lang), cost=money(spent["cost"], lang))] if spent else []
    worse, better = ([row for _, row in balances(compared, name) if distinct(row) and (row["mean"] < 0) == loss]
                     for loss in (True, False))
    said.append(_balanced("worse", worse, lang))
    said.append(_balanced("better", better, lang))
    return said + _losers(compared, name, lang)


def _balanced(key, rows, lang):
    """Whose balance changes for worse or better, the largest change first, each with its amount; or nobody's."""
    if not rows:
        return word(f"{key}_none", lang)
    listed = [f"{row[f'authority_{lang}']} {money(row['mean'], lang, sign=True)}"
              for row in sorted(rows, key=lambda row: -abs(row["mean"]))]
    return word(f"{key}_are", lang, names=word("comma", lang).join(listed))


def _losers(compared, name, lang):
    """The jurisdictions outside the zone that lose headquarters, in a list of one sentence."""
    lost = losers(compared, name, lang)
    return [word("lost_are", lang, names=word("comma", lang).join(lost))] if lost else []


def tables(compared: Compared, lang: str) -> list[Table]:
    """The balance and the headquarters of every jurisdiction, a column a scenario; noise is faint."""
    found = [_accounts(compared, lang)] if compared.has(["fiscal"]) else []
    return [*found, _headquarters(compared, lang)]


def _accounts(compared, lang):
    of = {name: [row for _, row in balances(compared, name)] for name in compared.names}
    whose = [row[f"authority_{lang}"] for row in of[compared.names[0]]]
    rows = [[who, *(_noted(cell(of[name][k]["mean"], lang), of[name][k]) for name in compared.names)]
            for k, who in enumerate(whose)]
    return Table(word("t_balance", lang), _head(compared, lang), rows)


def _headquarters(compared, lang):
    known = names(compared.places, "jurisdiction", lang)
    of = {name: compared.effects("jurisdiction", scenario=name).set_index("place") for name in compared.names}
    rows = [[known[place], *(_noted(gain(of[name].loc[place, "mean"]), of[name].loc[place]) for name in compared.names)]
            for place in _order(compared) if all(place in one.index for one in of.values())]
    net = {name: compared.effects("modelled", scenario=name).iloc[0] for name in compared.names}
    rows.append([word("all_modelled", lang), *(_noted(gain(row["mean"]), row) for row in net.values())])
    return Table(word("t_whose", lang), _head(compared, lang), rows)


def _order(compared):
    """Jurisdictions as in the accounts, where there are any: the two tables stand below one another."""
    accounts = [after.name for _, after in balances(compared, compared.names[0])] if compared.has(["fiscal"]) else []
    return dict.fromkeys([*accounts, *groups(compared.places, "jurisdiction")])


def _head(compared, lang):
    return [word("of_whom", lang), *(compared.title(name, lang) for name in compared.names)]


def _noted(text, row):
    """The text of a change, faint where it is within two standard errors of zero."""
    return text if distinct(row) else Faint(text)
