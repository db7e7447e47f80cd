"""The section of a scenario on taxes and how governments split them."""

from sim.base.messages import _
from sim.config.parameters import Section, assumed

SPLIT = _("statutory split, from memory; to be verified")


class Fiscal(Section):
    vat: float = assumed(0.06, "share", "[0, 1]", "[0.03, 0.13]", "effective rate of VAT on value added",
                         "增值税对增加值的实际税率", _("rates are 13, 9 and 6 % (services); from memory"))
    value_added: float = assumed(0.3, "share", "[0, 1]", "[0.15, 0.5]", "value added as a share of revenue",
                                 "增加值占收入比例")
    wage: float = assumed(0.12, "RMB million per employee", "[0, 100]", "[0.05, 0.4]", "yearly wage per employee",
                          "人均年工资")
    personal: float = assumed(0.05, "share", "[0, 1]", "[0.02, 0.15]", "effective rate of personal income tax on wages",
                              "个人所得税对工资的实际税率")
    central_vat: float = assumed(0.5, "share", "[0, 1]", "[0.4, 0.6]", "central government's share of VAT",
                                 "增值税中央分成比例", SPLIT)
    central_corporate: float = assumed(0.6, "share", "[0, 1]", "[0.5, 0.7]",
                                       "central government's share of corporate income tax", "企业所得税中央分成比例",
                                       SPLIT)
    central_personal: float = assumed(0.6, "share", "[0, 1]", "[0.5, 0.7]",
                                      "central government's share of personal income tax", "个人所得税中央分成比例",
                                      SPLIT)
    province: float = assumed(0.4, "share", "[0, 1]", "[0, 0.7]",
                              "province's share of what the central government leaves; the rest is the jurisdiction's",
                              "地方部分中省级（直辖市）分成比例，其余归区县")
