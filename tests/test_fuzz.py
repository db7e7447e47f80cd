"""Mutated scenario files: each loads, or is refused with one line per problem, and nothing else."""

import pathlib
import random
import re

import pytest

from sim import template
from sim.errors import InputError
from sim.scenario import build, load
from sim.toml_source import parse

SCENARIOS = pathlib.Path(__file__).parent.parent / "scenarios"
TEXTS = [(SCENARIOS / f"{name}.toml").read_bytes() for name in ("baseline", "dual-regime", "transit-loop")]
TEXTS += [template.baseline("zh").encode(), template.policy("en").encode()]
VALUES = [b"nan", b"-inf", b"1e999", b"9" * 30, b"9" * 5000, b"true", b"'x'", b"[]", b"{}", b"[[[[1]]]]",
          b"{a={b=1}}", b"2021-02-30", b"1979-05-27T07:32:00Z", b"07:32:00", b"'''\n'''", b'"\\u202e"',
          b'"\\ud800"', b"0x1F", b"1_0", b"+1", b"-0.0", b"[" * 100, b"", b"= 1", b"'\x1b[31m'",
          b'"' + b"x" * 999 + b'"', b"[1, 'a', {}]"]
KEYS = [b"extends", b"enabled", b"instrument", b"regime", b"a.b.c", b'""', b"''.x", b"x" * 200,
        b"a." * 50 + b"b", b"time", b"[policies]", b"[[time]]", b"[terms.tax]", b'"\\u0000"',
        "时间".encode(), b"sites"]
PLACE = r"/(mutant|baseline)\.toml:\d+:\d+: .*found "


def change_bytes(rng, text):
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + bytes(rng.choices(range(256), k=rng.randint(0, 3))) + text[at + rng.randint(0, 3):]
    return text


def change_lines(rng, text):
    lines = text.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        half = lines[a][: len(lines[a]) // 2]
        lines[a] = rng.choice([lines[b], b"", lines[a] + lines[b], b"[" + lines[b], half])
    return rng.choice([b"\n", b"\r\n", b"\n\n"]).join(lines)


def change_values(rng, text):
    places = [match.end() for match in re.finditer(rb"(?m)^[^#\n]*= *", text)]
    for at in sorted(rng.sample(places, min(len(places), rng.randint(1, 3))), reverse=True):
        end = text.find(b"\n", at)
        text = text[:at] + rng.choice(VALUES) + text[end:]
    return text


def change_keys(rng, text):
    places = [match.span(1) for match in re.finditer(rb"(?m)^([\w.]+) *=", text)]
    for start, end in sorted(rng.sample(places, min(len(places), rng.randint(1, 3))), reverse=True):
        key = text[start:end]
        swapped = key[1:2] + key[:1] + key[2:]
        wrong = rng.choice([rng.choice(KEYS), key[:-1], key + b"x", key.upper(), swapped])
        text = text[:start] + wrong + text[end:]
    return text


def splice(rng, text):
    other = rng.choice(TEXTS)
    a, b = rng.randrange(len(text)), rng.randrange(len(other))
    return text[:a] + rng.choice([other[b:], b"", other[b:b + 50] + text[a:], text[a // 2:]])


def uncomment(rng, text):
    return change_values(rng, re.sub(rb"(?m)^# (?=[\w\[# ])", b"", text))


MUTATIONS = [change_bytes, change_lines, change_values, change_keys, splice, uncomment]


def outcome(path):
    """What loading says: the scenario, or the lines that refuse it."""
    try:
        return load(path)
    except InputError as error:
        lines = str(error).split("\n")
        assert len(lines) == len(error.problems) > 0
        return lines


@pytest.mark.parametrize("block", range(20))
def test_a_mutated_file_loads_or_is_refused_line_by_line(tmp_path, block):
    for name in ("baseline", "shanghai-ftz"):
        (tmp_path / f"{name}.toml").write_bytes((SCENARIOS / f"{name}.toml").read_bytes())
    path = tmp_path / "mutant.toml"
    loaded = 0
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(seed)
        path.write_bytes(rng.choice(MUTATIONS)(rng, rng.choice(TEXTS)))
        said = outcome(path)
        if isinstance(said, list):
            assert all(line.isprintable() and re.search(PLACE, line) for line in said), said
        else:
            loaded += 1
            assert build(parse(said.resolved_toml(), "resolved.toml")).digest == said.digest
    assert 0 < loaded < 100
