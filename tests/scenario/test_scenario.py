"""A scenario: what it inherits, what it refuses and how, where its values come from."""

import pathlib
import random

import pytest

from sim import policies
from sim.base.errors import InputError
from sim.config.parameters import interval, rows_by_path
from sim.config.toml_file import format_value, parse
from sim.scenario import schema
from sim.scenario.load import build, load

SHIPPED = sorted((pathlib.Path(__file__).parents[2] / "scenarios").glob("*.toml"))
CORE = {path: row for path, row in rows_by_path(schema.build()).items() if path != ("policies",)}
POLICY = {("policies", name, *path): row for name, model in schema.policy_models().items()
          for path, row in rows_by_path(model).items()}


def scenario(text, settings=()):
    return build(parse(text, "x.toml"), settings)


def unsolved(path):
    """Settings under which the base year needs no solution, unless they are what is tested."""
    given = {"moving.cost": 1, "choice.outside": "false"}
    if path == ("population", "largest"):
        given |= {"population.median_size": 1, "population.size_sd": 0}      # a tail that begins below it
    if path[0] == "population":
        given.setdefault("population.largest", 1e11)
    return [f"{key}={value}" for key, value in given.items() if key != ".".join(path)]


def problems(text, settings=()):
    """The lines with which a text is refused; a text that loads is a failure."""
    with pytest.raises(InputError) as caught:
        scenario(text, settings)
    return str(caught.value).split("\n")


def assignment(path, value):
    """A scenario text with one key at line 2 (line 3 in a policy); `value` is TOML."""
    if path[0] != "policies":
        return f"[{'.'.join(path[:-1])}]\n{path[-1]} = {value}" if path[1:] else f"\n{path[0]} = {value}"
    others = {key: other for key, other in policies.registry.get(path[1]).example.items() if key != path[2]}
    lines = [f"{key} = {format_value(other)}" for key, other in others.items()]
    return "\n".join([f"[{'.'.join(path[:2])}]", f"instrument = '{path[1]}'", f"{path[2]} = {value}", *lines])


def place(path):
    """Where `assignment` puts the key."""
    return f"x.toml:{3 if path[0] == 'policies' else 2}:1: {'.'.join(path)}: "


# -- wrong values -----------------------------------------------------------------------------------

SCALARS = {path: row for path, row in (CORE | POLICY).items() if row.kind.split(" | ")[0] in ("float", "int")}
HOSTILE = ("nan", "inf", "-inf", "1e400", "true", '"1"', "2021-01-01", "07:30:00", "[]", "{}", "1" * 40,
           str(2**64), f"-{2**63 + 1}")


def dotted(paths):
    return [".".join(path) for path in paths]


@pytest.mark.parametrize("path", SCALARS, ids=dotted(SCALARS))
def test_a_number_that_is_none_is_refused_by_key_line_and_column(path):
    for value in HOSTILE:
        lines = problems(assignment(path, value))
        assert len(lines) == 1 and lines[0].startswith(place(path)[:-2]), (value, lines)
        assert "; expected a" in lines[0]


INSIDE = {"list[float]": "[{}]", "list[list[float]]": "[[{}]]", "dict[str, float]": "{{x = {}}}",
          "dict[str, int]": "{{x = {}}}"}
NESTED = {path: INSIDE[kind] for path, row in CORE.items() for kind in INSIDE if kind in row.kind}


@pytest.mark.parametrize("path", NESTED, ids=dotted(NESTED))
def test_a_number_inside_a_list_or_table_is_refused_too(path):
    for value in HOSTILE:
        lines = problems(assignment(path, NESTED[path].format(value)))
        assert len(lines) == 1 and lines[0].startswith("x.toml:2:"), (value, lines)
        assert ".".join(path) in lines[0]


BOUNDED = {path: row for path, row in SCALARS.items() if row.allowed}


@pytest.mark.parametrize("path", BOUNDED, ids=dotted(BOUNDED))
def test_a_number_outside_its_allowed_values_is_refused_with_them(path):
    row = BOUNDED[path]
    bounds = interval(row.allowed)
    beyond = [bounds.low - 1, bounds.high + 1]
    beyond += [] if bounds.closed_low else [bounds.low]
    beyond += [] if bounds.closed_high else [bounds.high]
    for value in beyond:
        (line,) = problems(assignment(path, int(value) if row.kind == "int" else value))
        assert line.startswith(place(path)) and row.allowed in line


def test_every_number_has_allowed_values():
    assert [path for path, row in SCALARS.items() if not row.allowed and "|" not in row.kind] == []


RANGED = {path: row for path, row in SCALARS.items() if row.range and row.range != row.allowed}


@pytest.mark.parametrize("path", RANGED, ids=dotted(RANGED))
def test_a_number_outside_its_prior_range_is_accepted_with_a_warning(path):
    row = RANGED[path]
    allowed, usual = interval(row.allowed), interval(row.range)
    value = (usual.high + allowed.high) / 2 if allowed.high > usual.high else (usual.low + allowed.low) / 2
    accepted = scenario(assignment(path, int(value) if row.kind == "int" else value), unsolved(path))
    (line,) = [line for line in map(str, accepted.warnings) if line.startswith(place(path))]
    assert f"is outside its prior range {row.range} " in line


def test_defaults_lie_within_their_allowed_values_and_prior_ranges():
    for row in (CORE | POLICY).values():
        if isinstance(row.default, (int, float)):
            assert not row.range or row.default in interval(row.range), row.key
            assert not row.allowed or row.default in interval(row.allowed), row.key


WHOLE = {path: [n for n in (0, 1, 15) if n in interval(row.allowed)] for path, row in BOUNDED.items()}


@pytest.mark.parametrize("path", WHOLE, ids=dotted(WHOLE))
def test_a_whole_number_will_do_for_any_number(path):
    for number in WHOLE[path]:
        assert scenario(assignment(path, number), unsolved(path))


OTHERS = {path: row for path, row in (CORE | POLICY).items()
          if path not in SCALARS and path not in NESTED and not row.kind.startswith("dict")}


@pytest.mark.parametrize("path", OTHERS, ids=dotted(OTHERS))
def test_a_value_of_another_kind_is_refused(path):
    for value in ("1.5", "[1]", "{a = 1}", "1979-05-27T07:32:00"):
        lines = problems(assignment(path, value))
        assert len(lines) == 1 and lines[0].startswith(place(path)[:-2]), (value, lines)


# -- wrong names ------------------------------------------------------------------------------------

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


# -- inheritance and settings -----------------------------------------------------------------------

def folder_with(tmp_path, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


def test_a_child_wins_key_by_key_and_every_value_is_traced(tmp_path):
    (tmp_path / "sub").mkdir()
    folder_with(tmp_path, base="title = 'base'\n[run]\nseed = 1\nreplicates = 2\n[policies.p]\n"
                               "instrument = 'grant'\namount = 1\nsites = 'zone'")
    folder_with(tmp_path, middle="extends = 'base'\n[run]\nseed = 3\n[policies.p]\namount = 2")
    folder_with(tmp_path / "sub", top="extends = '../middle.toml'\n[policies.q]\nregime = 'shanghai-ftz'\n"
                                      "tax.years = 2")
    top = load(tmp_path / "sub" / "top.toml", ["run.replicates=9"])
    values = top.values
    assert (values.title, values.run.seed, values.run.replicates) == ("Join the Shanghai FTZ from 2026", 3, 9)
    assert (values.policies["p"].amount, values.policies["p"].sites) == (2, "zone")
    assert {key: top.origin[key] for key in (
        "title", "run.seed", "run.replicates", "time.end", "policies.p.amount", "policies.p.sites",
        "policies.p.start", "policies.q-tax.years", "policies.q-tax.rate", "policies.q-tax.lag")} == {
        "title": "policies", "run.seed": "../middle.toml:3", "run.replicates": "--set",
        "time.end": "default", "policies.p.amount": "../middle.toml:5",
        "policies.p.sites": "../base.toml:8", "policies.p.start": "default",
        "policies.q-tax.years": "top.toml:4", "policies.q-tax.rate": "regime",
        "policies.q-tax.lag": "default"}
    assert [name for name, _ in top.files] == ["top.toml", "../middle.toml", "../base.toml"]
    assert top.text == (tmp_path / "sub" / "top.toml").read_text()


def test_a_fault_in_a_parent_is_told_in_the_parent(tmp_path):
    folder_with(tmp_path, base="[run]\nseed = 'x'", child="extends = 'base.toml'\n[run]\nreplicates = 5")
    with pytest.raises(InputError, match=r"base\.toml:2:1: run\.seed: 'x' is text; expected a whole number"):
        load(tmp_path / "child.toml")


def test_a_value_that_replaced_a_table_is_told_where_it_stands(tmp_path):
    folder_with(tmp_path, base="[run]\nseed = 1", child="extends = 'base.toml'\nrun = 5")
    with pytest.raises(InputError, match=r"child\.toml:2:1: run: 5 is a number; expected a table"):
        load(tmp_path / "child.toml")


@pytest.mark.parametrize("name", ["/etc/passwd", "~/x.toml", "$HOME/x.toml", "%TEMP%", "..\\x.toml", "C:x",
                                  "", "a\0b", "a\nb", "\u202ex", 5, ["base"]])
def test_a_path_that_is_not_plainly_relative_is_refused(name):
    text = f"extends = {format_value(name)}"
    (line,) = problems(text)
    assert line.startswith("x.toml:1:1: extends: ") and "is not a relative path; expected a relative path" in line


def test_a_missing_parent_is_told_at_the_line_that_names_it(tmp_path):
    folder_with(tmp_path, baseline="", child="\nextends = 'basline'")
    told = r"child\.toml:2:1: extends: there is no file .*basline.*; did you mean 'baseline\.toml'"
    with pytest.raises(InputError, match=told):
        load(tmp_path / "child.toml")


def test_cycles_and_endless_chains_are_refused(tmp_path):
    folder_with(tmp_path, a="extends = 'b'", b="extends = 'a'", me="extends = './me.toml'")
    folder_with(tmp_path, **{f"c{n}": f"extends = 'c{n + 1}'" for n in range(20)})
    for name, said in (("a", "b.toml:1:1: extends: the files extend each other in a circle"), ("me", "in a circle"),
                       ("c0", "more than 16 files")):
        with pytest.raises(InputError, match=said):
            load(tmp_path / f"{name}.toml")


def test_a_policy_switched_off_is_no_policy(tmp_path):
    folder_with(tmp_path, base="[policies.p]\nregime = 'shanghai-ftz'", none="",
                off="extends = 'base'\n[policies.p]\nenabled = false")
    assert load(tmp_path / "base.toml").values.policies
    assert load(tmp_path / "off.toml").values == load(tmp_path / "none.toml").values
    assert load(tmp_path / "off.toml").digest == load(tmp_path / "none.toml").digest


@pytest.mark.parametrize("setting, key, value", [
    ("run.seed=7", "run.seed", 7), ("peers.form=linear", "peers.form", "linear"),
    ("title=two words", "title", "two words"), ("title = \"quoted\" ", "title", "quoted"),
    ("title=", "title", ""), ("access.delays={\"line 17\" = 4}", "access.delays", {"line 17": 4}),
    ("choice.outside=false", "choice.outside", False), ("title=a=b", "title", "a=b")])
def test_a_setting_is_toml_or_a_bare_word(setting, key, value):
    changed = scenario("", [setting])
    found = changed.values
    for part in key.split("."):
        found = getattr(found, part)
    assert found == value and changed.origin[key] == "--set"


def test_the_last_setting_wins_over_the_others_and_the_file():
    assert scenario("[run]\nseed = 1", ["run.seed=2", "run.seed=3"]).values.run.seed == 3


@pytest.mark.parametrize("setting", [
    "", "seed", "a b=1", "=1", "[t]\na=1", "title=1\nregion=2", "extends=base", "run.sed=1", "run.seed=x",
    "a." * 20 + "b=1", "run=5"])
def test_a_setting_that_is_wrong_is_told_as_such(setting):
    (line,) = problems("", [setting])
    assert line.startswith("--set")


# -- the resolved file ------------------------------------------------------------------------------

def random_scenario(seed):
    """A valid scenario text with random values at a third of the numbers."""
    rng = random.Random(seed)
    tails = ("population", "largest"), ("spinoff", "share")            # as free as rules leave them
    paths = [path for path in BOUNDED if rng.random() < 0.3 and path[0] != "policies" and path not in tails]
    settings = ["population.largest=1e11"]
    for path in paths:
        bounds = interval(BOUNDED[path].allowed)
        value = rng.uniform(bounds.low, bounds.high)
        settings.append(f"{'.'.join(path)}={int(value) if BOUNDED[path].kind == 'int' else value}")
    return scenario("title = '上海 \"x\" \\\\'\n[policies.'a b']\nregime = 'shanghai-ftz'\n"
                    "sites = ['x', '园']\n[access.delays]\n'17号线' = 4\n[moving]\ncost = 3", settings)


@pytest.mark.parametrize(("make", "given"), [*((load, path) for path in SHIPPED),
                                             *((random_scenario, seed) for seed in range(20))],
                         ids=[str(path)[-30:] for path in SHIPPED] + 20 * ["x.toml"])
def test_a_resolved_file_loads_as_the_same_scenario(make, given):
    again = make(given)
    resolved = build(parse(again.resolved_toml(), "resolved.toml"))
    assert resolved.values == again.values
    assert resolved.digest == again.digest
    assert resolved.instruments == again.instruments
    assert len(resolved.files) == 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_load_without_warnings_and_name_the_setter_of_every_value(path):
    shipped = load(path)
    assert shipped.warnings == ()
    text = shipped.resolved_toml()
    for entry in shipped.entries():
        assert f"{entry.row.evidence}: {entry.row.source}; {entry.origin}" in text


def test_the_digest_sees_every_value_and_nothing_else():
    base = scenario("")
    assert scenario("# comment\n[run]\nseed = 20191025").digest == base.digest
    changed = {scenario("", [setting]).digest for setting in (
        "run.seed=1", "time.end=2030-12-31", "terms.access.within_city=0.31",
        "policies.p={regime='shanghai-ftz'}", "policies.q={regime='shanghai-ftz'}",
        "policies.p={regime='shanghai-ftz', start=2027-01-01}")}
    assert len(changed | {base.digest}) == 7
