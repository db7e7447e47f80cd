"""The simulator from Python: `sim.check`, `run`, `compare`, `sweep`, `explore`. A command is a call and printing."""

from sim.front_door.answers import Checked, Comparison, Run, Sweep
from sim.front_door.calls import check, compare, explore, explored, run, sweep

__all__ = ["Checked", "Comparison", "Run", "Sweep", "check", "compare", "explore", "explored", "run", "sweep"]
