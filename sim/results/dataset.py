"""Results of a run: one labelled dataset, what stands in it, and how it is read. No engine is imported here."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr

from sim.base import memory, netcdf
from sim.base.errors import CorruptError
from sim.base.lazy_arrays import Unread
from sim.base.messages import _
from sim.results import earlier
from sim.results.account_labels import COORDINATES as ACCOUNTS

TYPE_NAMES = {"comprehensive": ("comprehensive", "综合型"), "functional": ("functional", "职能型"),
              "growth": ("growth", "成长型"), "regional": ("regional", "区域型")}
CUBE = ("member", "quarter", "site", "industry", "hq_type")
PLACE = ("member", "quarter", "site")
CENSUS = ("member", "quarter", "generation", "age")
GENERATIONS = ("initial", "entrant", "spin-off")
VARIABLES = {            # name: (dimensions, unit, long name, Chinese long name)
    "enterprises": (CUBE, "enterprises", "candidate enterprises at the close of the quarter",
                    "季末候选企业数"),
    "headquarters": (CUBE, "enterprises", "headquarters by the base-year criteria",
                     "按基年标准衡量的总部企业数"),
    "entries": (CUBE, "enterprises", "entrants that chose the site, spin-offs included",
                "新进入企业数（含衍生企业）"),
    "exits": (CUBE, "enterprises", "enterprises that closed", "退出企业数"),
    "spinoffs": (CUBE, "enterprises", "spin-offs among the entrants", "衍生企业数"),
    "flows": (("member", "quarter", "industry", "origin", "destination"), "enterprises",
              "moves between sites", "迁移企业数"),
    "declined": (("member", "quarter"), "enterprises", "potential entrants that stayed outside",
                 "未进入的潜在企业数"),
    "headquarters_entries": (PLACE, "enterprises", "headquarters among the entrants, spin-offs included",
                             "新进入企业中的总部数（含衍生企业）"),
    "headquarters_spinoffs": (PLACE, "enterprises", "headquarters among the spin-offs", "衍生企业中的总部数"),
    "headquarters_exits": (PLACE, "enterprises", "headquarters that closed", "退出的总部数"),
    "headquarters_growth": (PLACE, "enterprises", "enterprises that grew past the base-year criteria less those "
                            "that fell below them", "成长越过基年标准的企业数减跌破者"),
    "headquarters_flows": (("member", "quarter", "origin", "destination"), "enterprises",
                           "moves of headquarters between sites", "总部迁移数"),
    "potential_entrants": (("member", "quarter"), "enterprises", "potential entrants from outside that could come",
              "可能进入的外部潜在企业数"),
    "entrant_value": (("member", "quarter"), "1", "log-sum of the mean potential entrant, staying out worth 0, "
                      "in the last quarter of every year", "潜在进入企业的平均对数和（不进入为 0，每年末季）"),
    "employment": (PLACE, "employees", "employment of modelled enterprises", "模型企业就业人数"),
    "rent": (PLACE, "1", "rent index, base year = 1", "租金指数（基年=1）"),
    "floor": (PLACE, "1", "floor in use relative to the base year", "使用楼面（基年=1）"),
    "access": (PLACE, "1", "log gravity accessibility of hubs, airports counted like other hubs",
               "到枢纽的可达性（对数，机场与其他枢纽同权）"),
    "at_risk": (CENSUS, "enterprises", "enterprises that could close in the quarter", "季内可能退出的企业数"),
    "closed": (CENSUS, "enterprises", "enterprises that closed, by age", "按年龄统计的退出企业数"),
    "unmet_demand": (PLACE, "RMB million a year at base-year rents",
                     "floor demanded at base-year rents less floor demanded at the clearing rent",
                     "未满足的楼面需求（基年租金下的需求减出清租金下的需求，按基年租金计）"),
    "red_line_premium": (PLACE, "share", "rent that red lines cause: rent over the rent without them, less 1",
                         "生态红线造成的租金溢价"),
    "registered": (PLACE, "enterprises", "enterprises that are registered at the site, wherever they work",
                   "登记在该地点的企业数（不论经营地）"),
    "registered_headquarters": (PLACE, "enterprises", "headquarters by the base-year criteria that are registered "
                                "at the site", "登记在该地点的总部企业数（基年标准）"),
    "registered_elsewhere": (PLACE, "enterprises", "enterprises that work at the site and are registered at another",
              "在该地点经营而登记在别处的企业数"),
    "headquarters_registered_elsewhere": (PLACE, "enterprises", "headquarters that work at the site and are registered "
                                          "at another", "在该地点经营而登记在别处的总部企业数"),
    "recognised": (PLACE, "enterprises", "headquarters that are registered at the site and recognised by a rule of "
                   "the scenario; not the headline", "按情景自身标准认定、登记在该地点的总部企业数（非主要指标）"),
    "tax_base": (("member", "quarter", "authority", "base"), "RMB", "tax base of the quarter, by jurisdiction of "
                 "registration", "季度税基（按登记辖区）"),
    "taxes": (("member", "quarter", "authority", "tax", "level"), "RMB", "taxes of the quarter by jurisdiction of "
              "registration and by who receives them, before sharing",
              "季度税收（按登记辖区、税种和入库级次，共享前）"),
    "eligible": (("member", "year", "policy", "authority"), "enterprises", "registrations that a policy's money or "
                 "relief is for, whether enterprises know of it or not",
                 "政策补贴或减免所适用的新登记企业数（不论企业是否知晓）"),
    "cost": (("member", "year", "policy", "authority", "payer"), "RMB", "what a policy costs: relief forgone, grants, "
             "spending", "政策成本：减免税、补贴与支出"),
    "transfers": (("member", "year", "giver", "receiver"), "RMB", "transfers between jurisdictions and the joint fund",
                  "区县之间及与共同基金之间的转移支付"),
    "r_choice": (("member", "quarter"), "1", "feedback of the entrants' map, R_choice", "进入选择的反馈强度 R_choice"),
    "r_dyn": (("member", "quarter"), "1", "feedback of the quarterly map, R_dyn", "季度动态的反馈强度 R_dyn"),
    "half_life": (("member", "quarter"), "year", "half-life of the slowest mode", "最慢模态的半衰期"),
    "rivalness": (("member", "quarter"), "1", "rivalness of the zone among entrants", "区内对新进入企业的竞争性"),
    "arrived": (("member", "quarter"), "share", "share of the long-run effect of a lasting gain of the zone "
                "that the length of the run brings", "区内持久优势的长期效应在模拟期内实现的比例"),
    "constant": (("member", "site"), "1", "alternative-specific constant", "地点常数"),
    "allocated_share": (("member", "site"), "share", "allocated share of candidates in the base year",
                        "基年候选企业分配比例"),
    "moving_cost": (("member",), "1", "constant of the moving cost", "迁移成本常数"),
    "base_residual": (("member",), "share", "largest error of a base-year equation", "基年方程最大误差"),
}
SITE_COLUMNS = {
    "name_en": ("English name", "英文名称"), "name_zh": ("Chinese name", "中文名称"),
    "short_en": ("short English name", "英文简称"), "short_zh": ("short Chinese name", "中文简称"),
    "lon": ("longitude", "经度"), "lat": ("latitude", "纬度"), "ring": ("ring", "圈层"),
    "jurisdiction": ("jurisdiction", "辖区"), "nest": ("nest of the choice model", "选择模型的嵌套"),
    "district": ("district", "区县"), "in_zone": ("whether in the zone", "是否在区内"),
    "is_town": ("whether one of the towns that policies name together", "是否属于政策统称的各镇"),
    "order": ("order of display", "显示顺序"), "confidence": ("confidence in the position", "位置的可信度")}
DEGREES = {"lon": {"units": "degrees_east"}, "lat": {"units": "degrees_north"}}
COORDINATES = {
    "member": ("replicate", "重复模拟"), "quarter": ("quarter, at its close", "季度（季末）"),
    "date": ("last day of the quarter", "季度末日"), "site": ("site", "地点"),
    "origin": ("site moved from", "迁出地"), "destination": ("site moved to", "迁入地"),
    "generation": ("opening stock, entrants from outside, or spin-offs", "企业来源：期初、外来新企业或衍生企业"),
    "age": ("years of age, the last for all older", "企业年龄（末项含更老企业）"),
    "industry": ("industry", "行业"), "industry_en": ("English name of the industry", "行业英文名称"),
    "industry_zh": ("Chinese name of the industry", "行业中文名称"),
    "hq_type": ("headquarters type", "总部类型"), "hq_type_en": ("English name of the type", "类型英文名称"),
    "hq_type_zh": ("Chinese name of the type", "类型中文名称"),
    "jurisdiction_en": ("English name of the jurisdiction", "辖区英文名称"),
    "jurisdiction_zh": ("Chinese name of the jurisdiction", "辖区中文名称"), **SITE_COLUMNS, **ACCOUNTS}


def netcdf_of(data: xr.Dataset) -> memoryview:
    """The dataset as bytes of compressed netCDF 4, which any reader opens.

    In memory, because the HDF5 library cannot be told to stop cleanly when the disk is full. A chunk
    of the file is all of one member: it lies together in memory, and is read together. Variables are
    read one after another.
    """
    encoding = {name: _encoding(variable) for name, variable in data.variables.items()}
    later = {name: each.copy(data=Unread(each.variable)) for name, each in data.data_vars.items()}
    return data.assign(later).to_netcdf(engine="h5netcdf", encoding=encoding)


def _encoding(variable: xr.Variable) -> dict[str, Any]:
    """How a variable lies in the file: with a checksum, large ones compressed, texts with a fixed length.

    HDF5 has no checksum for texts of any length.
    """
    if not variable.ndim or not variable.size:
        return {}
    if variable.dtype.kind in "UO":
        return dict(fletcher32=True, dtype="S1")
    if variable.ndim < 3:
        return dict(fletcher32=True, chunksizes=variable.shape)
    return dict(fletcher32=True, zlib=True, complevel=1, shuffle=True, chunksizes=(1, *variable.shape[1:]))


def opened(path: str | Path) -> xr.Dataset:
    """The dataset in a results.nc file, read whenever it is used and not kept; to be closed.

    CorruptError for a file that leads into others or is no netCDF; whose it is, the manifest beside it tells.
    """
    return earlier.variables(netcdf.opened(path))


def load(path: str | Path, variables: Iterable[str] | None = None) -> xr.Dataset:
    """The dataset in a results.nc file, or some variables of it with all coordinates, fully read."""
    with opened(path) as data:
        wanted = data if variables is None else data[[*variables]].assign_coords(data.coords)
        if wanted.nbytes > memory.available():
            raise CorruptError(_("{path}: {size:,.1f} GB are more than the memory that is available",
                                 path=path, size=wanted.nbytes / 1e9))
        with netcdf.reading(path):
            return wanted.load()
