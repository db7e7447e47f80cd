"""Drawer of policy instruments: every file adds one registered entry.

An instrument is a pure function (levers, policy, world, intensity) -> levers. `policy` holds the
instrument's own keys as (member,) arrays, `policy.where` the sites (site,) it applies to and
`policy.since` the quarters since its start (member,); `intensity` (member,) is how much of it
enterprises perceive in the quarter, 0 before and 1 long after its start. Instruments that change the
railway network have `network=True` and are called once, (links, policy) -> links, before travel
times are computed. Common keys that mean nothing to an instrument are `unused`.
"""

import datetime
from typing import Literal

from sim.base.calendar import quarter_of
from sim.base.registry import Registry
from sim.config.parameters import Broken, Section, parameter
from sim.policies.effects import at_its_sites

registry = Registry("policy instrument", "sim.policies", "policies")


class Policy(Section):
    """Keys that every policy has."""

    enabled: bool = parameter(True, unit="switch", mark="choice", source="the user",
                              doc="false switches an inherited policy off",
                              doc_zh="设为 false 可关闭继承的政策")
    title: str = parameter("", unit="text", mark="choice", source="the user",
                           doc="name shown in figures", doc_zh="图中显示的名称", agree=False)
    title_zh: str = parameter("", unit="text", mark="choice", source="the user",
                              doc="Chinese name shown in figures", doc_zh="图中显示的中文名称", agree=False)
    sites: str | list[str] = parameter(
        "zone", unit="names", mark="choice", source="the user",
        doc="site ids, or one of zone, towns, startup, core, linkage, radiation, all, or a jurisdiction",
        doc_zh="适用地点：地点代码列表，或 zone、towns、startup、core、linkage、radiation、all、辖区代码")
    start: datetime.date = parameter(datetime.date(2026, 1, 1), unit="date", mark="choice",
                                     source="the user", doc="day it takes effect", doc_zh="生效日期")
    end: datetime.date | None = parameter(None, unit="date", mark="choice", source="the user",
                                          doc="day it is withdrawn, if ever", doc_zh="退出日期（可无）")
    announced: datetime.date | None = parameter(
        None, unit="date", mark="choice", source="the user",
        doc="day it is announced, if before the start", doc_zh="宣布日期（可早于生效）")
    credibility: float = parameter(
        0.3, unit="share", allowed="[0, 1]", range="[0, 0.8]", mark="assumption",
        source="no estimate found", doc="weight of an announced policy before its start",
        doc_zh="宣布后、生效前的可信度权重")
    lag: float = parameter(
        1.0, unit="year", allowed="[0, 30]", range="[0, 3]", mark="assumption",
        source="no estimate found", doc="mean lag until enterprises perceive it (Erlang)",
        doc_zh="企业感知政策的平均滞后（爱尔朗分布）")
    lag_shape: int = parameter(
        2, unit="1", allowed="[1, 20]", range="[1, 4]", mark="assumption", source="no estimate found",
        doc="shape of the Erlang lag", doc_zh="爱尔朗滞后的形状参数", agree=False)

    payer: Literal["local", "province", "central", "fund"] = parameter(
        "local", unit="name", mark="choice", source="the user",
        doc="who pays: the jurisdictions of its sites or of the registration, their provinces, the central "
        "government, or the joint fund",
        doc_zh="出资方：地点或登记所在区县、省级、中央或共同基金", agree=True)

    def rules(self):
        """Announced, then started, then ended; an end in the quarter of the start leaves nothing."""
        if self.end and quarter_of(self.end) <= quarter_of(self.start):
            yield Broken((("end",), ("start",)), f"an end on {self.end}, a start on {self.start}",
                         "an end in a later quarter than the start", "enabled = false switches a policy off")
        if self.announced and self.announced > self.start:
            yield Broken((("announced",), ("start",)),
                         f"an announcement on {self.announced}, a start on {self.start}",
                         "an announcement before the start")


PROPERTIES = dict(
    sign=+1,                   # of its direct effect; 0 acts on the public accounts alone
    check=None,                # (name, policy, scenario, region) -> what is wrong, see `checks`
    doubt=None,                # the same, what is probably not meant
    direct_effect=at_its_sites,    # (policy, world, opening) -> what is to be compared, see `effects`
    overlap="",                # what counts where several of it act on one site at one time
    apart=False,               # several of it at a site leave each other alone
    subject="",                # its key that says on which of several levers it acts
    unused=(),                 # common keys that mean nothing to it
    network=False,             # it changes the railway network
    nearer=False,              # it changes the distance that peers feel
    stations=False,            # it acts where a station is open
    floor=None,                # (policy) -> factor of a site's floor in the end
    joined=False,              # enterprises belong to it
    settles=False,             # it is an enterprise that comes
    spends=None, pays=None, relieves=None,     # what it costs the public purse, see `costs`
    pays_in=None, shares=None)     # what it moves between jurisdictions, see `model.public_accounts.sharing`


def register(name, *, title, title_zh, schema, example, neutral, **properties):
    """File an instrument: its name for readers in both languages, the Section of its keys, and an example.

    `example` has values for its own keys at which it acts, those without a default at least. Names in it are
    those of a synthetic region (site-0, industry-0, district-0, station-0); `sim new` prints those of the
    embedded one. `neutral` has the keys that make the example a policy of size zero, or is None where there is no
    such size. Everything else that others ask of an instrument is in PROPERTIES.
    """
    unknown = properties.keys() - PROPERTIES
    if unknown:
        raise ValueError(f"policy instrument {name!r} has no property {', '.join(sorted(unknown))}")
    return registry.register(name, title=title, title_zh=title_zh, schema=schema, example=example,
                             neutral=neutral, **PROPERTIES | properties)
