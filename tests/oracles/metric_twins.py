"""Cluster metrics in plain loops, and small results to try them on."""

import math

import numpy as np
import xarray as xr

RINGS = ["core", "linkage", "radiation"]


def dataset(counts, lon=None, lat=None):
    """Results with counts (member, site, industry) at one quarter; sites cycle through the rings."""
    counts = np.asarray(counts)
    sites = counts.shape[1]
    full = (("member", "quarter", "site", "industry", "hq_type"), counts[:, None, :, :, None])
    columns = {"ring": [RINGS[k % 3] for k in range(sites)],
               "jurisdiction": [f"j{k % 2}" for k in range(sites)],
               "in_zone": [k % 3 < 2 for k in range(sites)], "order": list(range(sites)),
               "lon": np.linspace(120.0, 122.0, sites) if lon is None else lon,
               "lat": np.linspace(31.5, 30.5, sites) ** 1.01 if lat is None else lat}
    return xr.Dataset({"headquarters": full, "enterprises": full},
                      coords={"site": [f"s{k:02d}" for k in range(sites)], "quarter": ["2020-Q4"],
                              **{key: ("site", value) for key, value in columns.items()}})


def divide(a, b):
    return a / b if b else math.nan


def column(e, i):
    return [row[i] for row in e]


def total(e):
    return sum(map(sum, e))


def naive_lq(e, j, i):
    return divide(divide(e[j][i], sum(e[j])), divide(sum(column(e, i)), total(e)))


def naive_hhi(e, i):
    n = sum(column(e, i))
    return sum((c / n) ** 2 for c in column(e, i)) if n else math.nan


def naive_plants_glaeser(plants, i, x):
    """The same of (site, industry, size) plants against given shares x by site."""
    mine = [(site, size) for site, industry, size in plants if industry == i]
    if len(mine) < 2:
        return math.nan
    whole = sum(size for _, size in mine)
    h = sum((size / whole) ** 2 for _, size in mine)
    g = sum((sum(size for at, size in mine if at == site) / whole - share) ** 2 for site, share in x.items())
    spread = 1 - sum(v * v for v in x.values())
    return divide(g - spread * h, spread * (1 - h))


def naive_ellison_glaeser(e, i):
    n, everything = sum(column(e, i)), total(e)
    if n < 2:
        return math.nan
    x = [sum(row) / everything for row in e]
    g = sum((row[i] / n - x[j]) ** 2 for j, row in enumerate(e))
    spread = 1 - sum(v * v for v in x)
    return divide(g - spread / n, spread * (1 - 1 / n))


def naive_coagglomeration(e, i, k):
    n, m, everything = sum(column(e, i)), sum(column(e, k)), total(e)
    if i == k or not n or not m:
        return math.nan
    x = [sum(row) / everything for row in e]
    joint = sum((row[i] / n - x[j]) * (row[k] / m - x[j]) for j, row in enumerate(e))
    return divide(joint, 1 - sum(v * v for v in x))


def naive_krugman(e, j, weighted=True, own=True):
    rows = [row for k, row in enumerate(e) if sum(row) and (own or k != j)]
    if not sum(e[j]) or not rows:
        return math.nan
    if weighted:
        mix = [sum(column(rows, i)) / total(rows) for i in range(len(e[j]))]
    else:
        mix = [sum(row[i] / sum(row) for row in rows) / len(rows) for i in range(len(e[j]))]
    return sum(abs(e[j][i] / sum(e[j]) - mix[i]) for i in range(len(e[j])))


def naive_gini(e, i, weighted=True, own=True):
    """Twice the area between the diagonal and the Lorenz curve, trapezoid by trapezoid."""
    n, others = sum(column(e, i)), [sum(row) - (0 if own else row[i]) for row in e]
    if not n or not sum(others):
        return math.nan
    if weighted:
        points = [(row[i] / n, other / sum(others)) for row, other in zip(e, others, strict=True)]
    elif any(row[i] and not other for row, other in zip(e, others, strict=True)):
        return math.nan
    else:
        quotients = [row[i] / n * sum(others) / other for row, other in zip(e, others, strict=True) if other]
        points = [(q / sum(quotients), 1 / len(quotients)) for q in quotients]
    area, height = 0.0, 0.0
    for s, x in sorted(points, key=lambda point: point[0] / point[1] if point[1] else math.inf):
        area += x * (height + height + s) / 2
        height += s
    return 1 - 2 * area


def naive_theil(e, rings):
    n = total(e)
    if not n:
        return [math.nan] * 3
    s = [sum(row) / n for row in e]
    whole = sum(v * math.log(v * len(s)) for v in s if v)
    between = within = 0.0
    for ring in set(rings):
        mine = [v for v, r in zip(s, rings, strict=True) if r == ring]
        if sum(mine):
            between += sum(mine) * math.log(sum(mine) * len(s) / len(mine))
            within += sum(v * math.log(v / sum(mine) * len(mine)) for v in mine if v)
    return [whole, between, within]


def naive_entropy(e):
    n = total(e)
    return -sum(sum(r) / n * math.log(sum(r) / n) for r in e if sum(r)) if n else math.nan
