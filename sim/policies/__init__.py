"""Policy instruments: every file adds one registered entry.

An instrument is a pure function (levers, policy, world, intensity) -> levers. `policy` holds the
instrument's own keys as (member,) arrays, `policy.where` the sites (site,) it applies to and
`policy.since` the quarters since its start (member,); `intensity` (member,) is how much of it
enterprises perceive in the quarter, 0 before and 1 long after its start. Instruments that change the
railway network have `network=True` and are called once, (links, policy) -> links, before travel
times are computed. Common keys that mean nothing to an instrument are `unused`.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any, Literal, Protocol, TypeVar

from sim.base.calendar import quarter_of
from sim.base.messages import _
from sim.base.registry import Registry
from sim.config.parameters import Broken, Section, assumed, choice
from sim.policies.effects import AtSites, ThroughPeers, at_its_sites

Function = TypeVar("Function", bound=Callable[..., Any])


class Instrument(Protocol):
    """A registered instrument; see `register` and PROPERTIES for what its attributes say."""

    name: str
    title: str
    title_zh: str
    schema: "type[Policy]"
    example: dict[str, Any]
    neutral: dict[str, Any] | None
    sign: int
    check: Callable[..., Any] | None
    doubt: Callable[..., Any] | None
    direct_effect: Callable[..., Iterable[AtSites | ThroughPeers]]
    overlap: str
    apart: bool
    subject: str
    unused: tuple[str, ...]
    network: bool
    nearer: bool
    stations: bool
    floor: Callable[..., Any] | None
    joined: bool
    settles: bool
    spends: Callable[..., Any] | None
    pays: Callable[..., Any] | None
    relieves: Callable[..., Any] | None
    pays_in: Callable[..., Any] | None
    shares: Callable[..., Any] | None

    def __call__(self, *given: Any) -> Any: ...


registry: Registry[Instrument] = Registry("policy instrument", "sim.policies", "policies")


class Policy(Section):
    """Keys that every policy has."""

    enabled: bool = choice(True, "switch", "false switches an inherited policy off", "设为 false 可关闭继承的政策")
    title: str = choice("", "text", "name shown in figures", "图中显示的名称", agree=False)
    title_zh: str = choice("", "text", "Chinese name shown in figures", "图中显示的中文名称", agree=False)
    sites: str | list[str] = choice(
        "zone", "names", "site ids, or one of zone, towns, startup, core, linkage, radiation, all, or a jurisdiction",
        "适用地点：地点代码列表，或 zone、towns、startup、core、linkage、radiation、all、辖区代码")
    start: datetime.date = choice(datetime.date(2026, 1, 1), "date", "day it takes effect", "生效日期")
    end: datetime.date | None = choice(None, "date", "day it is withdrawn, if ever", "退出日期（可无）")
    announced: datetime.date | None = choice(None, "date", "day it is announced, if before the start",
                                             "宣布日期（可早于生效）")
    credibility: float = assumed(0.3, "share", "[0, 1]", "[0, 0.8]", "weight of an announced policy before its start",
                                 "宣布后、生效前的可信度权重", _("no estimate found"))
    lag: float = assumed(1.0, "year", "[0, 30]", "[0, 3]", "mean lag until enterprises perceive it (Erlang)",
                         "企业感知政策的平均滞后（爱尔朗分布）", _("no estimate found"))
    lag_shape: int = assumed(2, "1", "[1, 20]", "[1, 4]", "shape of the Erlang lag", "爱尔朗滞后的形状参数",
                             _("no estimate found"), agree=False)

    payer: Literal["local", "province", "central", "fund"] = choice(
        "local", "name",
        "who pays: the jurisdictions of its sites or of the registration, their provinces, the central government, or "
        "the joint fund", "出资方：地点或登记所在区县、省级、中央或共同基金", agree=True)

    def rules(self) -> Iterable[Broken]:
        """Announced, then started, then ended; an end in the quarter of the start leaves nothing."""
        if self.end and quarter_of(self.end) <= quarter_of(self.start):
            yield Broken((("end",), ("start",)),
                         _("it ends on {end} and starts on {start}", end=self.end, start=self.start),
                         _("an end in a later quarter than the start"),
                         _("to switch a policy off, set enabled = false"))
        if self.announced and self.announced > self.start:
            yield Broken((("announced",), ("start",)),
                         _("it is announced on {announced} and starts on {start}", announced=self.announced,
                           start=self.start), _("an announcement before the start"))


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


def register(name: str, *, title: str, title_zh: str, schema: type[Policy], example: dict[str, Any],
             neutral: dict[str, Any] | None, **properties: Any) -> Callable[[Function], Function]:
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


def gives_money(instrument: str) -> bool:
    """Whether an instrument gives money or relief to enterprises."""
    entry = registry.get(instrument)
    return bool(entry.pays or entry.relieves)
