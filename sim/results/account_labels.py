"""What stands along the axes of the accounts in the results, in English and Chinese."""

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
