"""Names that draws and sums depend on: with another name, or another order of names, every run is another run."""

import ast
import pathlib

import sim
from sim import policies, terms
from sim.base.random_streams import PROCESSES
from sim.region.load import load

PACKAGE = pathlib.Path(sim.__file__).parent
TERMS = """\
access access_taste coagglomeration core_taste ecology floor ftz grant headquarters home linkage_taste localisation
partners rent scitech services site_constant station talent tax zone_bundle"""
INSTRUMENTS = """\
alliance anchor ecology enclave express_road fiscal_sharing floor_area_ratio grant joint_fund land_capacity platform
recognition red_line regime_exposure services talent talent_spillover tax_rate tod transit_link"""
SITES = """\
caohejing changning fenhu hongqiao hq_qingpu huangpu hz_binjiang hz_fstc jiading jiashan_future jingan jx_nanhu kunshan
lingang logistics lujiazui ningbo nj_jiangbei origin qingpu_nc shengze shixi sip songjiang taihu_nt wj_dev wuxi
xiangfudang xicen xuhui yangpu zhangjiang zizhu"""
KEYS = {"f'{process}|{seed}|{replicate}'", "f'{purpose}|{seed}|{replicate}'", "f'anchor {anchor.name}'",
        "f'suppliers of {anchor.name}'", "f'alliance {alliance.name}'", "f'nest {name}'",
        "f'design {design}|{seed}'"}
PURPOSES = {"allocation", "opening", "tastes", "opening errors", "origins", "coordinates", "equilibria",
            "parameters", "industries", "randomised PIT", "block bootstrap", "sampled alternatives",
            "wild bootstrap", "value of information", "sizes before the opening"}


def test_processes_have_the_names_that_key_their_draws():
    assert PROCESSES == ("attributes", "choice", "review", "epoch", "order", "register", "exit", "growth", "entry",
                         "spinoff")


def test_terms_and_instruments_are_added_up_in_the_order_of_their_names():
    """One more is a change of this list, never of another's name."""
    assert terms.registry.names() == TERMS.split()
    assert policies.registry.names() == INSTRUMENTS.split()


def test_sites_and_nests_have_the_ids_that_key_their_draws():
    region = load("yrd-zone")
    assert list(region.sites.index) == SITES.split()
    assert list(region.nests.index) == ["zone", "shanghai-core", "shanghai-new-towns", "rest-delta"]


def test_draws_are_keyed_by_these_texts_and_no_others():
    keys, purposes = set(), set()
    for call in (node for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
                 if isinstance(node, ast.Call) and node.args):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in ("key_of", "keys_of"):
            found = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.JoinedStr)]
            keys |= {ast.unparse(node) for node in found}
        if name == "generator" and isinstance(call.args[0], ast.Constant):
            purposes.add(call.args[0].value)
    assert keys == KEYS
    assert purposes == PURPOSES
