"""What sources say around their citations, in Chinese: of parameters outside the drawers, and what several say.

Terms and instruments bring the Chinese of their own sources along (`source_zh`). Authors and years stay as
published; a source that is a citation and nothing else has no entry.
"""

SOURCES = {
    "the user": "用户", "the scenario": "由情景给定",
    "no source found": "未找到来源", "no estimate found": "未找到估计",
    "no estimate for headquarters found": "未找到针对总部的估计",
    "no elasticity for headquarters found": "未找到针对总部的弹性",
    "no budget published; an order of magnitude": "未见公布的预算；仅为数量级",
    "leases and plans": "按租约与规划周期",
    "Axtell 2001: the law; the exponent from memory": "Axtell 2001：分布形式；指数凭记忆",
    "without an end, single establishments of several hundred thousand employees would set a town's rent":
        "若无上限，单个数十万人的机构会决定一个镇的租金",
    "target rivalness 0.8: Bruelhart & Schmidheiny 2015; Mayer et al. 2015":
        "以竞争性 0.8 为目标：Bruelhart & Schmidheiny 2015；Mayer et al. 2015",
    "SAIC 2013 survival report: first three; the rest interpolated":
        "国家工商总局 2013 年企业生存报告：前三个值；其余插值",
    "World Bank review 4-5 %; China 0.19 (Chauvin et al. 2017)": "世界银行综述 4–5%；中国 0.19（Chauvin et al. 2017）",
    "Stanley et al. 1996 (from memory)": "Stanley et al. 1996（凭记忆）",
    "China, cross-jurisdiction; US 0.05 (Strauss-Kahn & Vives 2009)":
        "中国跨辖区迁移；美国 0.05（Strauss-Kahn & Vives 2009）",
    "Duranton & Overman 2005: mostly below 50 km": "Duranton & Overman 2005：多在 50 公里以内",
    "Bel & Fageda 2008: large; +10 % flights -> +4 % headquarters from memory":
        "Bel & Fageda 2008：影响大；航班 +10% 对应总部 +4%，凭记忆",
    "China 0.75-1.09; 2.8-5.6": "中国 0.75–1.09；2.8–5.6",
    "about one third of listed Chinese firms register and operate in different places":
        "约三分之一的中国上市公司登记地与经营地不同",
    "substance rules ask for management, staff or assets at the legal place; no share is published":
        "实质性运营规则要求管理、人员或资产在登记地；未公布比例",
    "rates are 13, 9 and 6 % (services); from memory": "税率为 13%、9%、6%（服务业）；凭记忆",
    "statutory split, from memory; to be verified": "法定分成，凭记忆；有待核实",
    "Shanghai innovative-enterprise HQ measures: new or moved": "上海创新型企业总部办法：新设或迁入",
    "Muendler, Rauch & Tocoian 2012: 1/6-1/3": "Muendler, Rauch & Tocoian 2012：1/6–1/3",
    "Bartik 2018: 2-25 % of incented firms": "Bartik 2018：受激励企业的 2–25%",
    "Suarez Serrato & Zidar 2016: 0.25-0.30 to landowners": "Suarez Serrato & Zidar 2016：0.25–0.30 归土地所有者",
}
