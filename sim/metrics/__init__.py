"""Metrics: every file adds one registered entry.

A metric is a function (dataset, ...) -> xarray.DataArray of the results dataset. Its unit, its names
in both languages, the value to expect if nothing were going on (`null`) and the convention it
follows are declared once, where it is registered, and come back as attributes of the array. A metric that
was asked for another convention names that one itself.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sim.base.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr

registry: Registry[Any] = Registry("metric", "sim.metrics", "metrics")


def register(name: str, *, units: str, long_name: str, long_name_zh: str, null: str = "",
             convention: str = "") -> Callable[[Callable[..., xr.DataArray]], Callable[..., xr.DataArray]]:
    """File a metric; what it returns is named and carries the declared attributes."""
    declared = dict(units=units, long_name=long_name, long_name_zh=long_name_zh, null=null, convention=convention)

    def file(function):
        @functools.wraps(function)
        def metric(dataset, *arguments, **options):
            array = function(dataset, *arguments, **options)
            followed = {"convention": array.attrs["convention"]} if "convention" in array.attrs else {}
            return array.rename(name).assign_attrs({**declared, **followed})
        return registry.register(name, **declared)(metric)
    return file
