"""The simulator from Python: `check`, `run`, `compare`, `sweep`, `estimate`, `explore`. Commands call and print."""

from sim.front_door.answers import Checked, Comparison, Estimation, Run, Sweep
from sim.front_door.calls import check, compare, estimate, explore, explored, run, sweep

__all__ = ["Checked", "Comparison", "Estimation", "Run", "Sweep", "check", "compare", "estimate", "explore", "explored",
           "run", "sweep"]
