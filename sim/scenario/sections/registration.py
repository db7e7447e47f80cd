"""The section of a scenario on where enterprises register."""

from typing import Literal

from sim.base.messages import _
from sim.config.parameters import Section, assumed, choice


class Registration(Section):
    share: float = assumed(
        0.33, "share", "[0, 0.5)", "[0.2, 0.45]",
        "target share of enterprises that are registered elsewhere than they work, where l_r is solved",
        "登记地与经营地不在同一地点的企业目标比例（l_r 求解时）",
        "about one third of listed Chinese firms register and operate in different places: of listed firms, and no "
        "share between towns",
        source_zh="约三分之一的中国上市公司登记地与经营地不同：仅为上市公司，且非镇际比例")
    dissimilarity: float | Literal["solve"] = choice(
        "solve", "1", "l_r, dissimilarity parameter of legal places, or \"solve\" to meet the share",
        "登记地选择的相异参数 l_r，或 \"solve\" 表示按目标比例求解", each="[0.01, 1]")
    substance: float = assumed(
        0.1, "share", "[0, 1]", "[0, 0.5]",
        "substance rule: least share of its functions that an enterprise must have where it is registered; "
        "1 ties registration to function",
        "实质经营要求：企业在登记地须保留的最低职能比例；1 表示登记地必须与经营地一致",
        _("substance rules ask for management, staff or assets at the legal place; no share is published"))
    distance: float = assumed(
        0.5, "1", "[0, 100]", "[0.1, 2]",
        "cost of functions at a second place: per one there for one at the main place, and ln(1 + km)",
        "在第二地点设置职能的成本（按两地职能之比与距离对数计）")
