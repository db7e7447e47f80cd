"""Names in a scenario that do not exist, stand in the wrong table or cannot be written out."""

import pytest

from sim.scenario import schema
from tests.samples.scenario_texts import CORE, POLICY, assignment, dotted, place, problems, scenario


def misspelt(word):
    """The word with its last two letters swapped, doubled, without its middle, and in capitals."""
    middle = len(word) // 2
    return {word + word[-1], word[:middle] + word[middle + 1:] if len(word) > 3 else word + "_", word.upper()}


@pytest.mark.parametrize("path", CORE | POLICY, ids=dotted(CORE | POLICY))
def test_a_misspelt_key_is_answered_with_the_right_one(path):
    for wrong in misspelt(path[-1]):
        lines = problems(assignment((*path[:-1], wrong), "1"))
        told = [line for line in lines if line.startswith(place((*path[:-1], wrong)))]
        assert len(told) == 1, (wrong, lines)
        assert f"unknown key; did you mean '{path[-1]}'?" in told[0]


SECTIONS = sorted({path[:depth] for path in CORE for depth in range(1, len(path))}) + [("policies",)]


@pytest.mark.parametrize("path", SECTIONS, ids=dotted(SECTIONS))
def test_a_misspelt_table_is_answered_with_the_right_one(path):
    for wrong in misspelt(path[-1]):
        (line,) = problems(f"[{'.'.join((*path[:-1], wrong))}]\nx = 1")
        assert f"did you mean '{path[-1]}'?" in line


CHOICES = [(path, kind.strip("'")) for path, row in (CORE | POLICY).items() for kind in row.kind.split(" | ")
           if kind[0] == "'"]


@pytest.mark.parametrize("path, choice", CHOICES)
def test_a_misspelt_choice_is_answered_with_the_right_one(path, choice):
    (line,) = problems(assignment(path, f"'{choice}{choice[-1]}'"))
    assert line.startswith(place(path)) and f"did you mean '{choice}'?" in line


@pytest.mark.parametrize("form", ["instrument", "regime"])
def test_a_misspelt_instrument_or_regime_is_answered_with_the_right_one(form):
    for name in schema.policy_models() if form == "instrument" else schema.regimes():
        (line,) = problems(f"[policies.p]\n{form} = '{name}s'")
        assert line.startswith(f"x.toml:2:1: policies.p.{form}: ") and f"did you mean '{name}'?" in line
        (line,) = problems(f"[policies.p]\n{form}s = '{name}'")
        assert line.startswith(f"x.toml:2:1: policies.p.{form}s: ") and f"did you mean '{form}'?" in line


def test_a_key_in_the_wrong_table_is_answered_with_its_place():
    (line,) = problems("[run]\ndissimilarity = 0.5")
    assert "did you mean 'choice.dissimilarity'?" in line


@pytest.mark.parametrize("text, said", [
    ("[policies]\np = 1", "policies.p: 1 is a number; expected a table"),
    ("policies = []", "policies: [] is a list; expected a table"),
    ("time = 2021-01-01", "time: 2021-01-01 is a date; expected a table"),
    ("[policies.p]", "policies.p.instrument: neither instrument nor regime is set; expected instrument = "),
    ("[policies.p]\ninstrument = 'grant'\nregime = 'shanghai-ftz'",
     "policies.p.regime: both instrument and regime are set; expected one of them"),
    ("[policies.p]\ninstrument = ['grant']", "policies.p.instrument: [\"grant\"] is unknown; expected one of "),
    ("[policies.p]\ninstrument = 'grant'", "policies.p.amount: missing, and it has no default; expected a number in"),
    ("[policies.p]\nregime = 'shanghai-ftz'\n[policies.p-tax]\ninstrument = 'grant'\namount = 1",
     "x.toml:3:2: policies.p-tax: there is a policy 'p-tax' already; choose another name"),
    ("[policies.p]\nregime = 'shanghai-ftz'\nsites = 3", "policies.p.sites: 3 is a number; expected text in quotes"),
    ("[policies.p]\nregime = 'shanghai-ftz'\ntax = 3", "policies.p.tax: 3 is a number; expected a table"),
    ("[policies.p]\nregime = 'shanghai-ftz'\ntax.rat = 3", "policies.p.tax.rat: unknown key; did"),
    ("[policies.p]\nregime = 'shanghai-ftz'\ntaxx.rate = 3", "policies.p.taxx: unknown key; did"),
])
def test_a_table_that_is_wrong_as_a_whole_is_told_once(text, said):
    (line,) = problems(text)
    assert said in line


@pytest.mark.parametrize("name, said", [
    ("ftz", "did you mean 'shanghai-ftz'?"), ("gant", "did you mean 'grant'?"),
    ("park", "expected one of shanghai-ftz, grant; for a new policy set its instrument or regime too")])
def test_a_setting_of_an_unknown_policy_is_answered_with_those_that_there_are(name, said):
    text = "[policies.shanghai-ftz]\nregime = 'shanghai-ftz'\n[policies.grant]\ninstrument = 'grant'\namount = 1"
    typed = f"policies.{name}.start=2028-01-01"
    assert problems(text, [typed]) == [f"--set {typed}: policies.{name}: the scenario has no policy '{name}'; {said}"]
    assert "park" in scenario(text, ["policies.park={instrument = 'ecology', change = 0.1}"]).values.policies


@pytest.mark.parametrize("text, place", [
    ('title = "a\\u001b[31mb"', "x.toml:1:1: title"), ('title_zh = "\\u0085"', "x.toml:1:1: title_zh"),
    ("title = \"\"\"a\nb\"\"\"", "x.toml:1:1: title"), ('description = "\\u0007"', "x.toml:1:1: description"),
    ('[policies."\\u001bp"]\ninstrument = "ecology"\nchange = 0.1', 'x.toml:2:1: policies."\\u001bp".instrument')])
def test_texts_that_tables_and_drawings_cannot_hold_are_refused(text, place):
    line = problems(text)[0]
    assert line.startswith(place)
    assert line.endswith("holds control characters; expected text on one line without control characters")


def test_a_description_may_have_lines_and_any_text_may_be_chinese():
    text = 'title = "示范区　一"\ndescription = """one\n\ttwo"""'
    assert scenario(text).values.description == "one\n\ttwo"


def test_all_problems_come_at_once_in_the_order_of_the_lines():
    lines = problems("""titel = "x"
[run]
seed = 1.5
replicates = 0
[terms.acces]
[policies.a]
instrument = "tax"
[policies.b]
instrument = "grant"
amount = "5"
strat = 2020-01-01
""", ["time.end=never"])
    places = [line.split(": ")[0] for line in lines]
    assert places == ["--set time.end=never", "x.toml:1:1", "x.toml:3:1", "x.toml:4:1", "x.toml:5:2",
                      "x.toml:7:1", "x.toml:10:1", "x.toml:11:1"]


def test_a_file_of_a_hundred_thousand_unknown_keys_is_refused_soon_and_briefly():
    lines = problems("\n".join(f"k{n} = {n}" for n in range(100_000)))
    assert len(lines) == 100


def test_what_a_file_says_cannot_steer_the_terminal():
    for line in problems('"\\u001b[2J\\u202e" = 1\nregion = ["\\u001b]0;x\\u0007"]\n[policies."\\n"]\nx = 1'):
        assert line.isprintable()
