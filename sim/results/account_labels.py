"""What stands along the axes of the accounts in the results, in English and Chinese."""

from sim.base.messages import _, both

WORDS = {
    "vat": both(_("VAT")), "corporate": both(_("corporate income tax")),
    "personal": both(_("personal income tax")), "central": both(_("central government")),
    "province": both(_("province")), "local": ("jurisdiction", "区县"),
    "fund": both(_("joint fund")),
    "value_added": both(_("value added")), "profit": both(_("taxable profit at 25 %")),
    "profit_high_tech": both(_("taxable profit of high-tech enterprises")),
    "wages": both(_("wages")), "relief": both(_("tax relief forgone")), "grant": both(_("grants paid")),
    "spending": both(_("spending"))}
COORDINATES = {
    "year": both(_("calendar year")), "authority": both(_("jurisdiction")), "tax": both(_("tax")),
    "level": both(_("who receives it")), "base": both(_("tax base")), "policy": both(_("policy")),
    "payer": both(_("who pays")), "giver": both(_("who gives")), "receiver": both(_("who receives")),
    "province": both(_("province of the jurisdiction")),
    "instrument": both(_("instrument of the policy")),
    "cost_kind": both(_("relief forgone, grants paid or spending"))}
for _name in ("authority", "tax", "level", "base", "policy", "payer"):
    COORDINATES[f"{_name}_en"] = both(_("English name: {what}", what=_(COORDINATES[_name][0])))
    COORDINATES[f"{_name}_zh"] = both(_("Chinese name: {what}", what=_(COORDINATES[_name][0])))
