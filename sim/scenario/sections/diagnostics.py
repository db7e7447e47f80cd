"""What a run reports about itself, as a section of a scenario."""

from sim.config.parameters import Section, parameter


class Diagnostics(Section):
    members: int = parameter(
        3, unit="count", mark="choice", source="the user", allowed="[0, 1000]",
        doc="replicates whose feedback is measured, at most one of ten; 0 for none",
        doc_zh="测算反馈强度的模拟次数上限（每十次至多一次；0 为不测）")
    most_pairs: int = parameter(
        1000, unit="count", mark="choice", source="the user", allowed="[0, 100000]", agree=True,
        doc="pairs of kind and site up to which more than the first replicate is measured: the time that it takes "
        "grows with their third power", doc_zh="类别与地点组合数超过此值时只测算首次模拟（计算时间随其三次方增长）")
    years: float = parameter(
        5.0, unit="year", mark="choice", source="the user", allowed="[0.25, 1000]", agree=True,
        doc="time between two measurements of feedback", doc_zh="两次反馈测算的间隔")
    critical_mass: float = parameter(
        100.0, unit="enterprises", mark="assumption", source="no source found", allowed="[1, 1e6]",
        range="[60, 200]", doc="headquarters in the zone that count as a critical mass",
        doc_zh="区内总部的临界规模")
