"""What a run reports about itself, as a section of a scenario."""

from sim.config.parameters import Section, assumed, choice


class Diagnostics(Section):
    members: int = choice(3, "count", "replicates whose feedback is measured, at most one of ten; 0 for none",
                          "测算反馈强度的模拟次数上限（每十次至多一次；0 为不测）", allowed="[0, 1000]")
    max_pairs: int = choice(1000, "count",
                             "pairs of kind and site up to which more than the first replicate is measured",
                             "类别与地点组合数超过此值时只测算首次模拟",
                             allowed="[0, 100000]", agree=True)
    years: float = choice(5.0, "year", "time between two measurements of feedback", "两次反馈测算的间隔",
                          allowed="[0.25, 1000]", agree=True)
    critical_mass: float = assumed(100.0, "enterprises", "[1, 1e6]", "[60, 200]",
                                   "headquarters in the zone that count as a critical mass", "区内总部的临界规模")
