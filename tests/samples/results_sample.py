"""A synthetic results dataset of the real sites, in the layout the recorder writes.

Enterprises enter, leave, spin off and move at random; every stock follows from the flows, so the
accounting identities hold. The numbers are made up, the shape is not. The base map is schematic.
"""

import json

import numpy as np
import pandas as pd
import xarray as xr

SITES = pd.DataFrame([line.split("|") for line in """\
origin|Parlour|水乡客厅|120.8972|31.0198|青浦区/吴江区/嘉善县|joint|core|zone|1|0|3
xicen|Xicen|西岑|120.9596|31.0724|青浦区|qingpu|core|zone|1|1|6
xiangfudang|Xiangfudang|祥符荡|120.9260|30.9520|嘉善县|jiashan|core|zone|1|1|5
fenhu|Fenhu|汾湖|120.8320|31.0220|吴江区|wujiang|core|zone|1|1|7
hq_qingpu|Hongqiao-Qingpu|虹桥青浦|121.2739|31.1884|青浦区|qingpu|linkage|zone|1|1|9
shixi|Shixi|市西|121.2130|31.1610|青浦区|qingpu|linkage|zone|1|1|5
logistics|Logistics|智慧物流|121.2250|31.2320|青浦区|qingpu|linkage|zone|1|1|4
taihu_nt|East Taihu|东太湖|120.6170|31.1350|吴江区|wujiang|linkage|zone|1|1|7
jiashan_future|Jiashan|嘉善新城|120.9310|30.8060|嘉善县|jiashan|linkage|zone|1|1|6
wj_dev|Wujiang Dev.|吴江开发区|120.6900|31.1600|吴江区|wujiang|linkage|zone|1|1|7
shengze|Shengze|盛泽|120.6540|30.9050|吴江区|wujiang|linkage|zone|1|1|5
zhangjiang|Zhangjiang|张江|121.5900|31.2040|Pudong|rest-shanghai|radiation|shanghai-core|0|0|140
lujiazui|Lujiazui|陆家嘴|121.4995|31.2385|Pudong|rest-shanghai|radiation|shanghai-core|0|0|160
lingang|Lingang|临港|121.9290|30.9050|Pudong|rest-shanghai|radiation|shanghai-new-towns|0|0|84
zizhu|Zizhu|紫竹|121.4520|31.0220|Minhang|rest-shanghai|radiation|shanghai-core|0|0|30
yangpu|Yangpu|杨浦|121.5140|31.3030|Yangpu|rest-shanghai|radiation|shanghai-core|0|0|40
caohejing|Caohejing|漕河泾|121.4000|31.1700|Xuhui|rest-shanghai|radiation|shanghai-core|0|0|60
jiading|Jiading|嘉定|121.2500|31.3350|Jiading|rest-shanghai|radiation|shanghai-new-towns|0|0|25
hongqiao|Hongqiao|虹桥|121.3160|31.1920|Minhang|rest-shanghai|radiation|shanghai-core|0|0|60
songjiang|Songjiang|松江|121.2230|31.0300|Songjiang|rest-shanghai|radiation|shanghai-new-towns|0|0|20
qingpu_nc|Qingpu New City|青浦新城|121.1160|31.1500|青浦区|qingpu|linkage|zone|1|0|6
sip|Suzhou IP|苏州园区|120.7150|31.3180|Wuzhong|rest-jiangsu|radiation|rest-delta|0|0|136
kunshan|Kunshan|昆山|120.9850|31.3850|Kunshan|rest-jiangsu|radiation|rest-delta|0|0|40
hz_fstc|Hangzhou West|杭州未来|120.0100|30.2830|Yuhang|rest-zhejiang|radiation|rest-delta|0|0|60
hz_binjiang|Binjiang|杭州滨江|120.2000|30.1900|Binjiang|rest-zhejiang|radiation|rest-delta|0|0|70
ningbo|Ningbo|宁波|121.6200|29.8720|Yinzhou|rest-zhejiang|radiation|rest-delta|0|0|40
nj_jiangbei|Nanjing|南京江北|118.6900|32.0600|Pukou|rest-jiangsu|radiation|rest-delta|0|0|50
wuxi|Wuxi|无锡|120.3650|31.5500|Xinwu|rest-jiangsu|radiation|rest-delta|0|0|40
jx_nanhu|Jiaxing|嘉兴南湖|120.7800|30.7150|Nanhu|rest-zhejiang|radiation|rest-delta|0|0|20
""".splitlines()], columns=["id", "short_en", "short_zh", "lon", "lat", "district", "jurisdiction",
                            "ring", "nest", "in_zone", "is_town", "stock"])
INDUSTRIES = {"integrated_circuits": ("Integrated circuits", "集成电路"),
              "intelligent_connectivity": ("Intelligent connectivity", "智能网联"),
              "intelligent_manufacturing": ("Intelligent manufacturing", "智能制造"),
              "new_materials": ("New materials", "新材料"), "new_energy": ("New energy", "新能源"),
              "life_health": ("Life and health", "生命健康"),
              "software": ("Software and information", "软件和信息服务"),
              "cultural_creativity": ("Cultural creativity", "文化创意"),
              "producer_services": ("Producer services", "生产性服务业")}
TYPES = {"comprehensive": ("Comprehensive", "综合型"), "functional": ("Functional", "职能型"),
         "growth": ("Growth", "成长型"), "regional": ("Regional", "区域型")}
EVENTS = [{"date": "2024-08-15", "label": "FTZ linkage zones open", "label_zh": "自贸区联动创新区设立"},
          {"date": "2028-01-01", "label": "Zone joins the Shanghai FTZ", "label_zh": "示范区纳入上海自贸区"},
          {"date": "2028-01-01", "label": "Sci-tech centre status", "label_zh": "纳入科创中心承载区"},
          {"date": "2033-01-01", "label": "Tax rate for movers ends", "label_zh": "迁入企业税率优惠结束"}]
STATIONS = {"SH_HQ": (121.3206, 31.1944), "QPXC": (121.122, 31.151), "ORL": (121.012, 31.097),
            "XC": (120.9596, 31.0724), "SXKT": (120.903, 31.024), "SJ": (121.23, 30.985),
            "LT": (121.0248, 30.9983), "SZN": (120.795, 31.0655), "HZH": (120.02, 30.87),
            "JSN": (120.9318, 30.7901), "HGE": (120.213, 30.2908), "SZB": (120.6395, 31.4217),
            "JXN": (120.78, 30.692)}
LINKS = [("17", "Line 17", "SH_HQ", "QPXC", "2017-12-30"), ("17", "Line 17", "QPXC", "ORL", "2017-12-30"),
         ("17", "Line 17", "ORL", "XC", "2024-11-30"),
         ("HSH", "Shanghai-Suzhou-Huzhou HSR", "SH_HQ", "SJ", "2024-12-26"),
         ("HSH", "Shanghai-Suzhou-Huzhou HSR", "SJ", "LT", "2024-12-26"),
         ("HSH", "Shanghai-Suzhou-Huzhou HSR", "LT", "SZN", "2024-12-26"),
         ("HSH", "Shanghai-Suzhou-Huzhou HSR", "SH_HQ", "SZN", "2024-12-26"),
         ("HSH", "Shanghai-Suzhou-Huzhou HSR", "SZN", "HZH", "2024-12-26"),
         ("HH", "Shanghai-Hangzhou HSR", "SH_HQ", "JSN", "2010-10-26"),
         ("HH", "Shanghai-Hangzhou HSR", "JSN", "HGE", "2010-10-26"),
         ("SFQ", "Demonstration Zone line", "SH_HQ", "QPXC", "2028-12-31"),
         ("SFQ", "Demonstration Zone line", "QPXC", "SXKT", "2028-12-31"),
         ("TSJ", "Nantong-Ningbo HSR", "SZN", "SZB", "2045-12-31"),
         ("TSJ", "Nantong-Ningbo HSR", "SZN", "JXN", None)]


def _feedback(rng, members, quarters):
    """Measured in the first two members, every five years."""
    measured = np.zeros((members, quarters + 1), bool)
    measured[:2, ::20] = True
    level = {"r_choice": 0.85, "r_dyn": 0.9, "half_life": 80.0, "rivalness": 0.8, "arrived": 0.7,
             "capitalised": 0.1, "capitalised_long_run": 0.15}
    drift = 1.0 + 0.02 * rng.standard_normal((members, quarters + 1))
    return {name: (("member", "quarter"), np.where(measured, value * drift, np.nan), {"units": "1"})
            for name, value in level.items()}


WORDS = {"zone_zh": "示范区", "rings": "rings after Guo, Luo & Rong", "rings_zh": "圈层划分依据 Guo, Luo & Rong"}


def build(members=5, quarters=80, seed=1, basemap=None):
    """A results dataset; `basemap` replaces the schematic one."""
    rng = np.random.default_rng(seed)
    sites = _sites()
    stocks = _run(rng, sites, members, quarters)
    variables = {name: (_DIMS[name], values, _ATTRIBUTES[name]) for name, values in stocks.items()}
    dataset = xr.Dataset(variables, coords=_coords(sites, members, quarters))
    return dataset.assign(_feedback(rng, members, quarters)).assign_attrs(
        title="Baseline", title_zh="基准情景", scenario="baseline", region="yrd_zone", critical_mass=100.0,
        words=json.dumps(WORDS),
        basemap=json.dumps(basemap or schematic_basemap()), events=json.dumps(EVENTS))


def without(dataset, name="headquarters"):
    """The dataset with one variable set to zero."""
    return dataset.assign({name: dataset[name] * 0})


def one_site(dataset, site="xicen"):
    """The dataset reduced to a single site."""
    return dataset.sel(site=[site], origin=[site], destination=[site, "outside"])


def schematic_basemap():
    """A base map with rough invented shapes, enough to draw and to test."""
    lines = [{"line": line, "name_en": name, "from": STATIONS[a], "to": STATIONS[b], "opened": opened}
             for line, name, a, b, opened in LINKS]
    box = [[[120.85, 31.06], [121.0, 31.07], [121.0, 31.16], [120.9, 31.17], [120.85, 31.06]]]
    return {"origin": [120.8972, 31.0198], "core_km": [5.0, 10.0], "linkage_km": [10.0, 30.0],
            "districts": _features("青浦区", [
                [[120.9, 31.02], [121.3, 31.05], [121.3, 31.28], [120.95, 31.15], [120.9, 31.02]]]),
            "lakes": _features("Dianshan", box), "lines": lines,
            "stations": [{"id": key, "name_en": key, "name_zh": key, "lon": lon, "lat": lat,
                          "opened": "2017-12-30"} for key, (lon, lat) in STATIONS.items()],
            "attributions": ["Invented shapes."], "attributions_zh": ["虚构轮廓。"]}


def _features(name, rings):
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name},
         "geometry": {"type": "Polygon", "coordinates": rings}}]}


def _sites():
    sites = SITES.assign(order=range(len(SITES))).set_index("id").sort_index()
    return sites.astype({"lon": float, "lat": float, "stock": float}).assign(
        in_zone=sites["in_zone"] == "1", is_town=sites["is_town"] == "1")


def _coords(sites, members, quarters):
    close = pd.period_range("2020Q4", periods=quarters + 1, freq="Q")
    dates = close.to_timestamp(how="end").normalize().to_numpy().astype("datetime64[ns]")
    by_site = {name: ("site", sites[name].to_numpy(object if sites[name].dtype == "str" else None))
               for name in sites.columns if name != "stock"}
    names = {f"name_{lang}": ("site", sites[f"short_{lang}"].to_numpy(object)) for lang in ("en", "zh")}
    names |= {f"jurisdiction_{lang}": ("site", sites["jurisdiction"].to_numpy(object)) for lang in ("en", "zh")}
    return {"member": range(members), "quarter": [f"{p.year}-Q{p.quarter}" for p in close],
            "date": ("quarter", dates), "site": list(sites.index), **by_site, **names,
            "industry": list(INDUSTRIES), **_pair("industry", INDUSTRIES),
            "hq_type": list(TYPES), **_pair("hq_type", TYPES),
            "origin": list(sites.index), "destination": [*sites.index, "outside"]}


def _pair(dim, table):
    return {f"{dim}_{lang}": (dim, [names[k] for names in table.values()])
            for k, lang in enumerate(("en", "zh"))}


def _run(rng, sites, members, quarters):
    """Opening stock and `quarters` quarters of chance -> arrays by variable."""
    mix = np.outer(rng.dirichlet(np.full(9, 8)), [0.15, 0.35, 0.35, 0.15])
    opening = sites["stock"].to_numpy()[:, None, None] * mix
    headquarters = rng.poisson(opening, (members, *opening.shape))
    state = headquarters, headquarters + rng.poisson(3 * opening, headquarters.shape)
    still = [np.zeros_like(state[0])] * 3
    history = [(*state, *still, np.zeros((members, 9, 29, 30), np.int16))]
    rate = np.where(sites["in_zone"], 0.040, 0.022)[:, None, None] * rng.uniform(.7, 1.3, (29, 1, 1))
    for _ in range(quarters):
        history.append(_quarter(rng, *history[-1][:2], rate))
    names = ("headquarters", "enterprises", "entries", "exits", "spinoffs", "flows")
    found = {name: np.stack([h[k] for h in history], axis=1) for k, name in enumerate(names)}
    return {**found, **_by_site(rng, found)}


def _quarter(rng, headquarters, enterprises, rate):
    exits, out = rng.binomial(enterprises, 0.018), rng.binomial(enterprises, 0.002)
    out = np.minimum(out, enterprises - exits)
    entries, spinoffs = rng.poisson(rate * enterprises * .75), rng.poisson(rate * enterprises * .2)
    arrived, flows = _moves(rng, out)
    enterprises = enterprises + entries + spinoffs - exits - out + arrived
    lost = rng.binomial(headquarters, 0.018)
    headquarters = np.minimum(headquarters - lost + rng.poisson(rate * headquarters), enterprises)
    return headquarters, enterprises, entries, exits, spinoffs, flows


def _moves(rng, out):
    """Movers by origin cell -> arrivals by cell and flows (member, industry, origin, destination)."""
    member, origin, industry, kind = np.repeat(np.argwhere(out), out[out > 0], axis=0).T
    destination = rng.integers(0, 30, len(member))
    flows = np.zeros((len(out), 9, 29, 30), np.int16)
    np.add.at(flows, (member, industry, origin, destination), 1)
    arrived = np.zeros((len(out), 30, 9, 4), int)
    np.add.at(arrived, (member, destination, industry, kind), 1)
    return arrived[:, :29], flows


def _by_site(rng, found):
    total = found["enterprises"].sum((3, 4))
    trend = 1 + 0.004 * np.arange(total.shape[1])[:, None] * rng.uniform(.2, 1.8, total.shape[2])
    rent = trend * np.exp(np.cumsum(rng.normal(0, 0.006, total.shape), axis=1) - 0)
    rent = rent / rent[:, :1]
    return {"recognised": (found["headquarters"].sum((3, 4)) * 1.2).astype(int),
            "headquarters_real_criteria": (found["headquarters"].sum((3, 4)) * 1.3).astype(int),
            "headquarters_nominal_criteria": (found["headquarters"].sum((3, 4)) * 1.5).astype(int),
            "declined": rng.poisson(30, total.shape[:2]) * (np.arange(total.shape[1]) > 0),
            "employment": total * 85.0, "rent": rent, "floor": total * 2.5,
            "at_capacity": (rent > 1.5).astype(float),
            "access": np.ones(total.shape) * rng.uniform(.5, 2, total.shape[2])}


_FULL = ("member", "quarter", "site", "industry", "hq_type")
_DIMS = {**dict.fromkeys(("headquarters", "enterprises", "entries", "exits", "spinoffs"), _FULL),
         "flows": ("member", "quarter", "industry", "origin", "destination"),
         **dict.fromkeys(("recognised", "headquarters_real_criteria", "headquarters_nominal_criteria", "employment",
                          "rent", "floor", "at_capacity", "access"), _FULL[:3]),
         "declined": _FULL[:2]}
_UNITS = {"employment": "employees", "rent": "1", "floor": "1000 m2", "at_capacity": "1", "access": "1"}
_ATTRIBUTES = {name: {"units": _UNITS.get(name, "enterprises"), "long_name": name, "long_name_zh": name}
               for name in _DIMS}
