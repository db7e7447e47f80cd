"""What stands along the axes of the accounts in the results, in English and Chinese."""

from sim import policies
from sim.model.public_accounts import BASES, FUND, LEVELS, PAYERS, TAXES
from sim.model.public_accounts.record import years

WORDS = {
    "vat": ("VAT", "增值税"), "corporate": ("corporate income tax", "企业所得税"),
    "personal": ("personal income tax", "个人所得税"), "central": ("central government", "中央"),
    "province": ("province", "省级（直辖市）"), "local": ("jurisdiction", "区县"),
    "fund": ("joint fund", "共同基金"),
    "value_added": ("value added", "增加值"), "profit": ("taxable profit at 25 %", "应税利润（25%）"),
    "profit_high_tech": ("taxable profit of high-tech enterprises", "高新技术企业应税利润（15%）"),
    "wages": ("wages", "工资"), "relief": ("tax relief forgone", "减免税"), "grant": ("grants paid", "补贴"),
    "spending": ("spending", "支出")}
COORDINATES = {
    "year": ("calendar year", "年度"), "authority": ("jurisdiction", "辖区"), "tax": ("tax", "税种"),
    "level": ("who receives it", "入库级次"), "base": ("tax base", "税基"), "policy": ("policy", "政策"),
    "payer": ("who pays", "出资方"), "giver": ("who gives", "转出方"), "receiver": ("who receives", "转入方"),
    "province": ("province of the jurisdiction", "所属省（直辖市）"),
    "instrument": ("instrument of the policy", "政策工具"),
    "cost_kind": ("relief forgone, grants paid or spending", "成本类型：减免税、补贴或支出")}
COORDINATES |= {f"{name}_{lang}": (f"{word} name: {COORDINATES[name][0]}", f"{COORDINATES[name][1]}{word_zh}")
                for name in ("authority", "tax", "level", "base", "policy", "payer")
                for lang, word, word_zh in (("en", "English", "（英文）"), ("zh", "Chinese", "（中文）"))}


def account_coords(region, scenario, calendar):
    """Coordinates of the axes of the accounts."""
    places = region.jurisdictions
    coords = {"year": years(calendar), "authority": list(places.index),
              "authority_en": ("authority", list(places["name_en"].astype(str))),
              "authority_zh": ("authority", list(places["name_zh"].astype(str))),
              "province": ("authority", list(places["province"].astype(str))),
              "giver": [*places.index, FUND], "receiver": [*places.index, FUND]}
    for axis, names in (("tax", TAXES), ("level", LEVELS), ("base", BASES), ("payer", PAYERS)):
        coords |= {axis: list(names), f"{axis}_en": (axis, [WORDS[name][0] for name in names]),
                   f"{axis}_zh": (axis, [WORDS[name][1] for name in names])}
    return coords | _policies(scenario)


def _policies(scenario):
    given = scenario.values.policies
    titles = [(policy.title or name, policy.title_zh or policy.title or name)
              for name, policy in given.items()]
    used = [scenario.instruments[name] for name in given]
    return {"policy": list(given), "policy_en": ("policy", [title for title, _ in titles]),
            "policy_zh": ("policy", [title for _, title in titles]), "instrument": ("policy", used),
            "cost_kind": ("policy", [kind(policies.registry.get(name)) for name in used])}


def kind(instrument):
    """What an instrument costs: relief, grant or spending."""
    if instrument.relieves:
        return "relief"
    return "grant" if instrument.pays else "spending"
