"""Tables of coefficients on the page of an estimation: names, numbers and notes as readers see them."""

import math
from collections.abc import Mapping
from typing import Any

from sim.base.messages import known
from sim.experiments.estimation.nested_logit import DISSIMILARITY
from sim.report.words import word

SMALL = 1e-5                               # of a coefficient, below which it has a power of ten


def number(value: float | None, digits: int = 3) -> str:
    """A number of a table, "–" where there is none, with a power of ten where it would be nought.

    >>> number(-0.5), number(0.0000123), number(0.0), number(None)
    ('−0.500', '1.23e−05', '0.000', '–')
    """
    if value is None:
        return "–"
    small = 0.0 < abs(value) < 0.5 * 10.0 ** -digits
    return f"{value:{'.2e' if small else f'.{digits}f'}}".replace("-", "−")


def significant(value: float | None) -> str:
    """A number with three digits behind the point, more where it is small: coefficients have any unit.

    >>> significant(-5.2074), significant(-0.0155014), significant(0.00441), significant(None)
    ('−5.207', '−0.0155', '0.00441', '–')
    """
    if value is None or value == 0.0:
        return number(value)
    return number(value, max(3, 2 - math.floor(math.log10(abs(value)))) if abs(value) >= SMALL else 3)


def coefficient(name: str, titles: Mapping[str, str], lang: str) -> str:
    """The name of a coefficient as readers see it: a regressor's title, with the alternative or the spread it is of.

    >>> coefficient("sd gc", {"gc": "cost"}, "en"), coefficient("constant:bus", {}, "en")
    ('cost, standard deviation', 'constant: bus')
    """
    if name in titles:
        return titles[name]
    if name.startswith(DISSIMILARITY):
        nest = name.removeprefix(DISSIMILARITY).strip()
        return word("est_dissimilarity", lang) + (word("colon", lang) + nest if nest else "")
    if name.startswith("sd "):
        return word("est_spread", lang, name=coefficient(name.removeprefix("sd "), titles, lang))
    head, colon, alternative = name.partition(":")
    if not colon:
        return name
    title = word("est_constant", lang) if head == "constant" else titles.get(head, head)
    return f"{title}{word('colon', lang)}{alternative}"


def table(model: Mapping[str, Any], title: str, lang: str, worth: str = "est_worth") -> dict[str, Any]:
    """A model's rows as texts, and the note below them; `worth` is the sentence of what the fit is worth."""
    note = word(worth, lang, **_worth(model))
    if model["effects_estimated"]:
        more = word("est_with_effects", lang, n=model["effects_estimated"], never=model["never_count"])
        note += more if lang == "zh" else f" {more}"
    rows = [[row["name"], significant(row["value"]),
             *(significant(row[each]) for each in ("plain", "robust", "clustered")),
             _p(row["p"]), _p(row["wild_p"]), number(row["elasticity"], 2)] for row in model["rows"]]
    return {"title": title, "rows": rows, "note": note}


def further(model: Mapping[str, Any], title: str, lang: str, worth: str) -> dict[str, Any]:
    """The table of a nested or of a mixed logit."""
    made = table(model, title, lang, worth)
    if "laws" not in model:
        return made
    laws = word("comma", lang).join(f"{name}{word('colon', lang)}{known(law, lang)}"
                                    for name, law in model["laws"].items())
    return {**made, "note": f"{made['note']} {word('est_mixed_note', lang, laws=laws, n=model['draws'])}"}


def _worth(model):
    return {"count": f"{model['count']:,}", "alternatives": model["alternatives"],
            "likelihood": number(model["likelihood"], 1), "fit": number(model["fit"]), "null": number(model["null"], 1),
            "adjusted": number(model["adjusted"]), "parameters": model["parameters"],
            "shares": number(model["shares"], 1), "aic": number(model["aic"], 1), "bic": number(model["bic"], 1)}


def _p(value):
    """A p value.

    >>> _p(0.0002), _p(0.0213), _p(None)
    ('<0.001', '0.021', '–')
    """
    return "–" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"
