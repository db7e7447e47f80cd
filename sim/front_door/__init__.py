"""The simulator from Python: `check`, `run`, `compare`, `sweep`, `estimate`. Commands are such calls and printing."""

from sim.front_door.answers import Checked, Comparison, Estimation, Run, Sweep
from sim.front_door.calls import check, compare, estimate, run, sweep

__all__ = ["Checked", "Comparison", "Estimation", "Run", "Sweep", "check", "compare", "estimate", "run", "sweep"]
