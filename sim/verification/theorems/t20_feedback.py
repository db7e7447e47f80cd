"""T20."""

from sim.base.messages import _
from sim.verification import laboratory as lab
from sim.verification.theorems import theorem
from sim.verification.theorems.fields import churning, field_of, moving_eigenvalue, quarterly
from sim.verification.theorems.rows import Rows, close

REPORTED = 1e-5


@theorem("T20", "Reported feedback is the analytic one", "Derivation in the model description",
         title_zh="报告的反馈强度等于解析值",
         cases={"free moves": {"sites": 3, "g": 0.3, "review": 0.25, "entry": 0.02},
                "dear moves": {"sites": 7, "g": 0.85, "review": 0.25, "entry": 0.02, "cost": 3.0},
                "busy": {"sites": 2, "g": 1.2, "review": 0.9, "entry": 0.005, "cost": 1.0},
                "errors kept": {"sites": 4, "g": 0.6, "review": 0.4, "entry": 0.05, "cost": -0.5,
                                "keep_errors": 0.75},
                "in a nest": {"sites": 4, "g": 0.4, "review": 0.25, "entry": 0.02, "cost": 1.0,
                              "dissimilarity": 0.7},
                "movers alone": {"sites": 4, "g": 0.4, "review": 0.3, "entry": 0.0, "cost": 2.0}},
         more={"many": {"sites": 25, "g": 0.9, "review": 0.5, "entry": 0.03, "cost": 4.0}})
def feedback(sites: int, g: float, review: float, entry: float, cost: float = 0.0, keep_errors: float = 0.0,
             dissimilarity: float = 1.0) -> Rows:
    """R_choice = g, R_dyn = g [h (1 - p^2) + x] / [h (1 - p) + x], on uniform sites with peers' exponent g.

    h is the quarterly chance of a review with new errors, x the entrants of a quarter per enterprise (as many
    close), p the second eigenvalue of the movers' map without peers. Within a nest g is the exponent over l,
    and costs count 1/l times. To 1e-5.
    """
    from sim.model.mean_field.feedback import measure

    rules = {"choice": {"keep_errors": keep_errors, "dissimilarity": dissimilarity}}
    if entry:
        field = churning(sites, g, review, entry, cost, rules)
    else:
        field = field_of([0.0] * sites, lab.localised(g, form="log", offset=0.0), rules,
                         {"choice": {"review": review}, "moving": {"cost": cost}}, number=500 * sites)
    found = measure(field)
    h, p = quarterly(review) * (1 - keep_errors), moving_eigenvalue(sites, cost / dissimilarity)
    g /= dissimilarity
    yield close(_("R_choice"), found.r_choice, g, REPORTED)
    yield close(_("R_dyn"), found.r_dyn, g * (h * (1 - p ** 2) + entry) / (h * (1 - p) + entry), REPORTED)
