"""The evidence class of a parameter follows from its source: a value is literature only if the source has it."""

import re

import pytest

from sim import policies
from sim.config.parameters import BELIEVED, EVIDENCE, interval, parameter, rows
from sim.config.toml_file import parse
from sim.experiments.compare import uncertainty
from sim.scenario import schema
from sim.scenario.load import build

CORE = [row for row in rows(schema.build()) if row.key != "policies"]
OWN = [row for entry in policies.registry.entries() for row in rows(entry.schema)]
YEAR = re.compile(r"\b(19|20)\d\d\b")
SIZES = ["terms.ftz.beta", "terms.localisation.gamma", "terms.coagglomeration.gamma", "terms.zone_bundle.beta",
         "terms.access.between_cities", "terms.access.within_city", "terms.station.beta", "terms.headquarters.gamma",
         "terms.services.business", "growth.density", "spinoff.hazard_factor", "access.airport"]
ASSUMED = ["terms.rent.beta", "spinoff.stay", "moving.rate", "registration.share", "peers.decay", "land.elasticity"]


def of(kind):
    return [row for row in CORE + OWN if row.evidence == kind]


def test_every_parameter_says_what_it_is_in_both_languages():
    assert [row.key for row in CORE + OWN if not row.doc or row.doc_zh.isascii()] == []


@pytest.mark.parametrize("row", of("literature"), ids=lambda row: row.key)
def test_literature_reports_the_default_in_this_unit_and_the_source_says_the_number(row):
    assert row.default in interval(row.reported) and row.unit
    assert YEAR.search(row.source)
    assert re.search(r"\d", YEAR.sub("", row.source))


@pytest.mark.parametrize("row", of("sign only"), ids=lambda row: row.key)
def test_a_sign_has_a_source_and_its_size_a_range_and_no_reported_value(row):
    assert YEAR.search(row.source)
    assert row.range and not row.reported
    assert row.default > 0


def test_a_source_of_another_quantity_gives_the_sign_alone_and_none_an_assumption():
    found = {row.key: row.evidence for row in CORE}
    assert {found[key] for key in SIZES} == {"sign only"}
    assert {found[key] for key in ASSUMED} == {"assumption"}


def test_data_are_settings_of_policies_alone():
    assert [row.key for row in CORE if row.evidence == "data"] == []
    assert of("data")


@pytest.mark.parametrize("reported", [None, "[1, 2]"])
def test_literature_without_its_value_cannot_be_declared(reported):
    with pytest.raises(ValueError, match="reports"):
        parameter(0.5, unit="1", evidence="literature", source="X 2001", doc="", allowed="[0, 3]", reported=reported)


def test_uncertainty_is_about_all_that_is_believed():
    drawn = {key for key, *_ in uncertainty.priors(build(parse("", "empty.toml")).values)}
    assert {"terms.ftz.beta", "terms.tax.beta", "terms.rent.beta"} <= drawn
    assert set(BELIEVED) == set(EVIDENCE) - {"data", "choice", "estimated"}
