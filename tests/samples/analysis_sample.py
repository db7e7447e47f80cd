"""Datasets of every kind of figure of an analysis, with numbers made up to look odd rather than nice."""

import numpy as np
import xarray as xr

AROUND = {"title": "A made-up sweep", "title_zh": "虚构的扫描", "scenario": "main", "region": "made-up",
          "confidence": 0.95, "notes_en": "64 base points.", "notes_zh": "64 个基础点。",
          "what_en": "effect of “Join the Shanghai FTZ” on headquarters in the zone at the end",
          "what_zh": "“加入上海自贸区”对示范区总部数（期末）的影响", "points": 40, "overall": 3.0, "replicates": 4}
QUARTERS = {"quarter": ["2021-Q1", "2032-Q4"]}
AXES = [("terms.ftz.beta", "weight of full FTZ status for an enterprise of mean trade intensity", "自贸区政策权重"),
        ("entry.outside_share", "share of potential entrants that stay outside", "选择外部的潜在进入者比例"),
        ("peers.decay", "distance at which a peer counts 1/e", "同行集聚衰减距离"), ("x", "x", "x")]


def rows(keys, **columns):
    """A Dataset along rows; keys are (key, English, Chinese)."""
    names = {"row": [key for key, _, _ in keys], "row_en": ("row", [en for _, en, _ in keys]),
             "row_zh": ("row", [zh for _, _, zh in keys])}
    return xr.Dataset({name: ("row", np.array(values, float)) for name, values in columns.items()},
                      coords=QUARTERS | names, attrs=AROUND)


def plane():
    """Cells of two axes with a gap, both signs and a tipping line."""
    y, x = np.arange(4.0), np.arange(5.0)
    mean = y[:, None] * 2.0 - x + 0.5
    mean[3, 4] = np.nan
    r = 0.6 + 0.08 * y[:, None] + 0.09 * x
    phase = np.where(np.isfinite(mean), np.sign(mean) * (np.abs(mean) > 1.0), np.nan)
    return xr.Dataset({"mean": (("y", "x"), mean), "r_dyn": (("y", "x"), r + 0.0 * mean.clip(0, 0)),
                       "error": (("y", "x"), 0.1 * np.ones_like(mean)), "phase": (("y", "x"), phase)},
                      coords=QUARTERS | {"y": 0.25 * y, "x": [f"20{24 + 2 * k}-01-01" for k in range(5)]},
                      attrs=AROUND | {"x_axis": "start", "y_axis": "depth", "x_en": "day it takes effect",
                                      "x_zh": "生效日期", "y_en": "status reached", "y_zh": "达到的政策水平"})


def found():
    """Four values of a key that were looked at, and the smallest that reaches a target."""
    value = [0.0, 0.5, 0.3, 1.0]
    mean, error = np.array([0.1, 5.2, 3.9, 9.7]), np.array([0.3, 0.4, 0.4, 0.6])
    return xr.Dataset({"mean": ("row", mean), "error": ("row", error)},
                      coords=QUARTERS | {"value": ("row", np.array(value))},
                      attrs=AROUND | {"key": "policies.tod.bonus", "target": 5.0, "found": 0.5, "shown": "0.5",
                                      "low": "0.3", "high": "",
                                      "axis_en": "bonus", "axis_zh": "容积率奖励"})


def datasets():
    """Kind of figure -> Dataset."""
    pairs = rows([("a > b", "FTZ over innovation centre", "自贸区 优于 科创中心"),
                  ("a > c", "FTZ over none", "自贸区 优于 无")],
                 agreement=[0.7, 1.0], reversed=[0.2, 0.0], tied=[0.1, 0.0])
    policies = rows([("dual", "Both", "双政策"), ("ftz", "FTZ", "自贸区"),
                     ("innovation", "Innovation centre", "科创中心")],
                    best_share=[0.8, 0.25, 0.0], mean_regret=[0.1, 1.0, 3.0], p90_regret=[0.5, 2.0, 5.0],
                    max_regret=[1.0, 3.0, 7.0])
    ends = {"first_en": ("row", ["FTZ", "FTZ"]), "first_zh": ("row", ["自贸区", "自贸区"]),
            "other_en": ("row", ["innovation centre", "none"]), "other_zh": ("row", ["科创中心", "无"])}
    return {"sobol": rows(AXES, S=[0.5, 0.2, -0.01, 0.0], S_low=[0.4, 0.1, -0.1, 0.0], S_high=[0.6, 0.3, 0.1, 0.0],
                          ST=[0.7, 0.3, 0.05, 0.0], ST_low=[0.6, 0.2, 0.0, 0.0], ST_high=[0.85, 0.4, 0.1, 0.0]),
            "morris": rows(AXES, mu=[5.0, -3.0, 0.1, 0.0], mu_star=[5.0, 3.2, 0.2, 0.0],
                           mu_star_low=[4.0, 2.0, 0.0, 0.0],
                           mu_star_high=[6.0, 4.4, 0.5, 0.0], sigma=[1.0, 2.0, 0.3, 0.0]),
            "tornado": rows(AXES, at_low=[1.0, 4.5, 2.9, 3.0], at_high=[5.0, 1.5, 3.2, 3.0],
                            error_low=[0.2, 0.3, 0.2, 0.2], error_high=[0.3, 0.2, 0.2, 0.2]),
            "heat_map": plane(), "phases": plane(), "persistence": plane(), "regret": policies,
            "ranks": pairs.assign_coords(ends), "search": found()}
