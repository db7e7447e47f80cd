"""Agent-based simulator of how headquarters clusters form.

    check(scenario) -> Checked        a scenario file and its region, every mistake at once
    run(scenario) -> Run              simulate: folder, data (xarray), summary (pandas)
    compare(*scenarios) -> Comparison effects under the same draws: Dataset over scenario and member, tables
    sweep(file) -> Sweep              every point of a sweep file: Dataset with the axes as dimensions
    estimate(firms, spec=...) -> Estimation  coefficients of the choice model from a list of firms
    backtest(scenario) -> Backtest    a forecast of observed series, scored beside simple rivals
    targets(scenario) -> Targets      runs beside targets, patterns observed elsewhere and held-out series
    explore(*scenarios)               the explorer in a browser; explored(..., save=file) one page of it
    load(folder) -> xarray.Dataset    what a run, a comparison or a sweep left
    ClusterModel                      the simulator as a mesa model
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments.load import load
    from sim.front_door import backtest, check, compare, estimate, explore, explored, run, sweep, targets
    from sim.front_door.mesa_model import ClusterModel

__all__ = ["ClusterModel", "backtest", "check", "compare", "estimate", "explore", "explored", "load", "run", "sweep",
           "targets"]
_PUBLIC = {"ClusterModel": "sim.front_door.mesa_model", "load": "sim.experiments.load",
           **dict.fromkeys(("backtest", "check", "compare", "estimate", "explore", "explored", "run", "sweep",
                            "targets"), "sim.front_door")}


def __getattr__(name: str) -> Any:
    """Public names, imported when first used, so that `import sim` costs nothing."""
    if name in _PUBLIC:
        import importlib
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
