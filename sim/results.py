"""Results: one labelled dataset with units, and how it is saved and loaded."""

import json

import numpy as np
import pandas as pd
import xarray as xr

from sim.calendar import Calendar
from sim.world import TYPES

TYPE_NAMES = {"comprehensive": ("comprehensive", "综合型"), "functional": ("functional", "职能型"),
              "growth": ("growth", "成长型"), "regional": ("regional", "区域型")}
CUBE = ("member", "quarter", "site", "industry", "hq_type")
PLACE = ("member", "quarter", "site")
VARIABLES = {            # name: (dimensions, unit, long name, Chinese long name)
    "enterprises": (CUBE, "enterprises", "candidate enterprises at the close of the quarter", "季末候选企业数"),
    "headquarters": (CUBE, "enterprises", "headquarters by the fixed yardstick", "按固定标准衡量的总部企业数"),
    "entries": (CUBE, "enterprises", "entrants that chose the site, spin-offs included", "新进入企业数（含衍生企业）"),
    "exits": (CUBE, "enterprises", "enterprises that closed", "退出企业数"),
    "spinoffs": (CUBE, "enterprises", "spin-offs among the entrants", "衍生企业数"),
    "flows": (("member", "quarter", "industry", "origin", "destination"), "enterprises",
              "moves between sites", "迁移企业数"),
    "declined": (("member", "quarter"), "enterprises", "potential entrants that stayed outside", "未进入的潜在企业数"),
    "employment": (PLACE, "employees", "employment of modelled enterprises", "模型企业就业人数"),
    "rent": (PLACE, "1", "rent index, base year = 1", "租金指数（基年=1）"),
    "floor": (PLACE, "1", "floor in use relative to the base year", "使用楼面（基年=1）"),
    "r_choice": (("member", "quarter"), "1", "feedback of the entrants' map, R_choice", "进入选择的反馈强度 R_choice"),
    "r_dyn": (("member", "quarter"), "1", "feedback of the quarterly map, R_dyn", "季度动态的反馈强度 R_dyn"),
    "half_life": (("member", "quarter"), "year", "half-life of the slowest mode", "最慢模态的半衰期"),
    "rivalness": (("member", "quarter"), "1", "rivalness of the zone among entrants", "示范区对新进入企业的竞争性"),
    "arrived": (("member", "quarter"), "share", "share of the long-run effect of a lasting gain of the zone "
                "that the length of the run brings", "示范区持久优势的长期效应在模拟期内实现的比例"),
    "constant": (("member", "site"), "1", "alternative-specific constant", "地点常数"),
    "allocated_share": (("member", "site"), "share", "allocated share of candidates in the base year",
                        "基年候选企业分配比例"),
    "moving_cost": (("member",), "1", "constant of the moving cost", "迁移成本常数"),
    "base_residual": (("member",), "share", "largest error of a base-year equation", "基年方程最大误差"),
}
SITE_COLUMNS = ("name_en", "name_zh", "short_en", "short_zh", "lon", "lat", "ring", "jurisdiction",
                "nest", "district", "in_zone", "is_town", "order", "confidence")


def dataset(region, scenario, outcomes, replicates):
    """The labelled dataset of a run from its chunks, in the order of the replicates."""
    arrays = {name: _joined([outcome.arrays[name] for outcome in outcomes])
              for name in outcomes[0].arrays}
    arrays |= {"constant": _joined([o.constant for o in outcomes]),
               "allocated_share": _joined([o.shares for o in outcomes]),
               "moving_cost": _joined([o.cost for o in outcomes]),
               "base_residual": _joined([o.residual for o in outcomes])}
    calendar = Calendar.between(scenario.values.time.start, scenario.values.time.end)
    variables = {name: (dims, arrays[name], dict(units=unit, long_name=text, long_name_zh=text_zh))
                 for name, (dims, unit, text, text_zh) in VARIABLES.items()}
    return xr.Dataset(variables, coords=_coords(region, calendar, replicates),
                      attrs=_attributes(region, scenario))


def save(data, path):
    """Write the dataset as compressed netCDF4 that any reader opens."""
    encoding = {name: dict(zlib=True, complevel=1, shuffle=True) for name in data.data_vars
                if data[name].ndim > 2}
    data.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def load(path):
    """The dataset in a results.nc file, fully read."""
    with xr.open_dataset(path, engine="h5netcdf") as data:
        return data.load()


def _joined(parts):
    """Parts along the member axis, whole numbers in the smallest signed type that holds them."""
    whole = np.concatenate(parts)
    if whole.dtype.kind == "i":
        small = whole.size == 0 or abs(int(whole.max(initial=0))) < 2**15
        return whole.astype(np.int16 if small else np.int32)
    return whole


def _coords(region, calendar, replicates):
    sites = region.sites
    closes = [pd.Period(label.replace("-", ""), freq="Q").end_time.normalize()
              for label in calendar.labels()]
    coords = {"member": ("member", np.asarray(replicates), {"long_name": "replicate"}),
              "quarter": calendar.labels(), "date": ("quarter", pd.DatetimeIndex(closes)),
              "site": list(sites.index), "origin": list(sites.index),
              "destination": [*sites.index, "outside"],
              "industry": list(region.industries.index),
              "industry_en": ("industry", list(region.industries["name_en"])),
              "industry_zh": ("industry", list(region.industries["name_zh"])),
              "hq_type": list(TYPES),
              "hq_type_en": ("hq_type", [TYPE_NAMES[name][0] for name in TYPES]),
              "hq_type_zh": ("hq_type", [TYPE_NAMES[name][1] for name in TYPES])}
    for name in SITE_COLUMNS:
        values = sites[name].to_numpy()
        coords[name] = ("site", values.astype(str) if values.dtype == object else values)
    return coords


def _attributes(region, scenario):
    values = scenario.values
    return {"title": values.title or scenario.name, "title_zh": values.title_zh or values.title or scenario.name,
            "scenario": scenario.name, "scenario_digest": scenario.digest, "region": region.name,
            "region_title": region.title, "region_title_zh": region.title_zh,
            "region_digest": region.digest, "seed": values.run.seed,
            "critical_mass": values.diagnostics.critical_mass,
            "basemap": json.dumps(_basemap(region), ensure_ascii=False, sort_keys=True),
            "events": json.dumps(_events(scenario), ensure_ascii=False)}


def _basemap(region):
    return {"origin": list(region.origin), **region.basemap, "lines": _lines(region),
            "core_km": list(region.core_km), "linkage_km": list(region.linkage_km)}


def _lines(region):
    """Straight segments between stations with the day they open; schematic, no geometry is known."""
    stations = region.stations
    point = lambda name: [float(stations.at[name, "lon"]), float(stations.at[name, "lat"])]  # noqa: E731
    return [{"line": link["line"], "name_en": link["line_en"], "from": point(link["from"]),
             "to": point(link["to"]), "opened": str(link["opened"])[:10]}
            for link in region.links.to_dict("records")]


def _events(scenario):
    """Starts and ends of policies within the horizon, for the figures."""
    time, found = scenario.values.time, {}
    for name, policy in scenario.values.policies.items():
        for date, word, word_zh in ((policy.start, "starts", "开始"), (policy.end, "ends", "结束")):
            if date and time.start <= date <= time.end:
                label, label_zh = policy.title or name, policy.title_zh or policy.title or name
                found[(str(date), label)] = {"date": str(date), "label": f"{label} {word}",
                                             "label_zh": f"{label_zh}{word_zh}"}
    return [found[key] for key in sorted(found)]
