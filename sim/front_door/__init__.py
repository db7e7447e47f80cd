"""The simulator from Python: `check`, `run`, `compare`, `sweep`, `backtest`, `explore`, ... Commands call and print.

The simulator as a mesa model is in `mesa_model`, imported when it is used.
"""

from sim.front_door.answers import Backtest, Checked, Comparison, Estimation, Run, Sweep, Targets
from sim.front_door.calls import check, compare, explore, explored, run, sweep
from sim.front_door.data_calls import backtest, estimate, targets

__all__ = ["Backtest", "Checked", "Comparison", "Estimation", "Run", "Sweep", "Targets", "backtest", "check", "compare",
           "estimate", "explore", "explored", "run", "sweep", "targets"]
