"""What the sources of parameters and of published figures say around their citations, in Chinese.

Authors and years stay as published. A source that is a citation and nothing else has no entry.
"""

SOURCES = {
    "the user": "用户", "the scenario": "由情景给定",
    "no source found": "未找到来源", "no estimate found": "未找到估计", "no count found": "未找到统计数",
    "no share published": "未见公布的比例", "no causal estimate found": "未找到因果估计",
    "no estimate for headquarters found": "未找到针对总部的估计",
    "no elasticity for headquarters found": "未找到针对总部的弹性",
    "no elasticity for headquarters grants found": "未找到总部补贴的弹性",
    "no estimate for industrial alliances found": "未找到产业联盟的估计",
    "no estimate for head enterprises found": "未找到头部企业的估计",
    "no estimate for enclave parks found": "未找到飞地园区的估计",
    "no supplier multiplier for headquarters found": "未找到总部带动供应商的乘数",
    "no distribution of tax sensitivity for headquarters found": "未找到总部税收敏感度的分布",
    "no estimate of what a platform does to the decay of spillovers found": "未找到平台对溢出衰减影响的估计",
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
    "Lin 2017: market-access elasticity 2-2.5": "Lin 2017：市场可达性弹性 2–2.5",
    "Lin 2017, scaled to towns": "Lin 2017，按镇的尺度换算",
    "Ellison, Glaeser & Kerr 2010: all Marshall channels, input-output strongest":
        "Ellison, Glaeser & Kerr 2010：马歇尔三种渠道均有，投入产出联系最强",
    "Cai, Xin & Zhou 2021: +1.2-1.8 points of growth": "Cai, Xin & Zhou 2021：增长率提高 1.2–1.8 个百分点",
    "Davis & Henderson 2008; Strauss-Kahn & Vives 2009: positive, diminishing; size from memory":
        "Davis & Henderson 2008；Strauss-Kahn & Vives 2009：为正且递减；大小凭记忆",
    "Davis & Henderson 2008; Strauss-Kahn & Vives 2009: sign; size from memory":
        "Davis & Henderson 2008；Strauss-Kahn & Vives 2009：方向；大小凭记忆",
    "Head, Ries & Swenson 1995: agglomeration supported; size 0.5-0.7 from memory":
        "Head, Ries & Swenson 1995：支持集聚；大小 0.5–0.7 凭记忆",
    "floor share 0.10 x profit multiplier 2 x 1.9 (arithmetic from cited numbers)":
        "楼面成本占比 0.10 × 利润乘数 2 × 1.9（由引用数字推算）",
    "Feng, Wang & Huang 2025: +53.8 % new service enterprises in Beijing cells":
        "Feng, Wang & Huang 2025：北京网格内新设服务企业 +53.8%",
    "Feng, Wang & Huang 2025: effect after 2-3 years": "Feng, Wang & Huang 2025：2–3 年后见效",
    "de Mooij & Ederveen 2003 (mean -3.3); Feld & Heckemeyer 2011 (median -2.49); Giroud & Rauh 2019":
        "de Mooij & Ederveen 2003（均值 −3.3）；Feld & Heckemeyer 2011（中位数 −2.49）；Giroud & Rauh 2019",
    "Alder, Shao & Zilibotti 2016: GDP level about +20 %": "Alder, Shao & Zilibotti 2016：国内生产总值约 +20%",
    "head enterprises build campuses of their own": "头部企业自建园区",
    "Greenstone, Hornbeck & Moretti 2010: productivity of neighbours +12 % in 5 years; weight of that order":
        "Greenstone, Hornbeck & Moretti 2010：邻近企业生产率 5 年内 +12%；权重取该量级",
    "urban express road, junctions included": "城市快速路，含交叉口延误",
    "urban express roads in China, from memory": "中国城市快速路，凭记忆",
    "the user; General Plan 2019 asks for sharing of new local tax and publishes no ratio":
        "用户；2019 年总体方案要求分享新增地方税收，未公布比例",
    "model specification: buildings lag permits by two to three years": "模型设定：建成比许可晚两到三年",
    "Shanghai MNC regional-HQ fund: 5; Hongqiao CBD caps: 30 and 15":
        "上海跨国公司地区总部专项资金：5；虹桥商务区上限：30 与 15",
    "Hongqiao CBD caps: 30 (comprehensive) and 15 (functional); Shanghai MNC regional-HQ fund: 5":
        "虹桥商务区上限：30（综合型）与 15（职能型）；上海跨国公司地区总部专项资金：5",
    "Shanghai innovative-enterprise HQ measures: new or moved": "上海创新型企业总部办法：新设或迁入",
    "of the order of a long commute; no estimate found": "长通勤的量级；未找到估计",
    "Lingang Overall Plan 2019: 15 instead of 25": "2019 年临港总体方案：15% 而非 25%",
    "Lingang Overall Plan 2019: five years": "2019 年临港总体方案：五年",
    "Caishui [2020] 38, condition 1": "财税〔2020〕38 号，第一项条件",
    "medium-capacity transit": "中运量轨道交通", "medium-capacity transit, stops included": "中运量轨道交通，含停站",
    "medium-capacity transit in China, from memory": "中国中运量轨道交通，凭记忆",
    "Muendler, Rauch & Tocoian 2012: 1/6-1/3": "Muendler, Rauch & Tocoian 2012：1/6–1/3",
    "Bartik 2018: 2-25 % of incented firms": "Bartik 2018：受激励企业的 2–25%",
    "Suarez Serrato & Zidar 2016: 0.25-0.30 to landowners": "Suarez Serrato & Zidar 2016：0.25–0.30 归土地所有者",
}
