"""Drawer of metrics: every file adds one registered entry.

A metric is a function (dataset, ...) -> xarray.DataArray of the results dataset. Its unit, its names
in both languages, the value to expect if nothing were going on (`null`) and the convention it
follows are declared once, where it is registered, and come back as attributes of the array. A metric that
was asked for another convention names that one itself.
"""

import functools
from typing import Any

from sim.base.registry import Registry

registry: Registry[Any] = Registry("metric", "sim.metrics", "metrics")


def register(name, *, units, long_name, long_name_zh, null="", convention=""):
    """File a metric; what it returns is named and carries the declared attributes."""
    declared = dict(units=units, long_name=long_name, long_name_zh=long_name_zh, null=null,
                    convention=convention)

    def file(function):
        @functools.wraps(function)
        def metric(dataset, *arguments, **options):
            array = function(dataset, *arguments, **options)
            followed = {"convention": array.attrs["convention"]} if "convention" in array.attrs else {}
            return array.rename(name).assign_attrs({**declared, **followed})
        return registry.register(name, **declared)(metric)
    return file
