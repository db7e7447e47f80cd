"""A TOML text: where its keys stand, what is refused before parsing, and values written back."""

import datetime
import os
import random
import time

import pytest

from sim.base.errors import InputError
from sim.config.toml_file import MAX_BYTES, dotted, format_key, format_value, parse, read
from sim.config.toml_positions import MAX_DEPTH, MAX_LENGTH

TEXT = '''# a comment with [brackets] and key = 1
title = "a # no comment, no [table]"
[time] # after a header
  start = 2021-01-01
rent.share."of floor" = {x = 1, "y z" = [ {w = 1}, {w = 2} ]}
[[links]]
from = "]"
text = """ over
[time]
several = "lines" \\""" """
[[links]]
from = 'b'
[links.sub]
deep = [1, [2, 3],   # a list over lines
  {u = 4}]
[ "quoted . \\u0061" . b ]
'key' = 1
'''

PLACES = {
    ("title",): (2, 1),
    ("time",): (3, 2),
    ("time", "start"): (4, 3),
    ("time", "rent", "share", "of floor"): (5, 1),
    ("time", "rent", "share", "of floor", "x"): (5, 26),
    ("time", "rent", "share", "of floor", "y z"): (5, 33),
    ("time", "rent", "share", "of floor", "y z", 1, "w"): (5, 53),
    ("links",): (6, 3),
    ("links", 0, "from"): (7, 1),
    ("links", 0, "text"): (8, 1),
    ("links", 1): (11, 3),
    ("links", 1, "from"): (12, 1),
    ("links", 1, "sub"): (13, 2),
    ("links", 1, "sub", "deep"): (14, 1),
    ("links", 1, "sub", "deep", 2, "u"): (15, 4),
    ("quoted . a", "b", "key"): (17, 1),
}


@pytest.mark.parametrize("key, place", PLACES.items(), ids=map(dotted, PLACES))
def test_every_way_to_write_a_key_is_located(key, place):
    assert parse(TEXT, "x.toml").locate(key) == place


def test_a_key_that_is_not_there_is_located_at_the_nearest_table_above():
    source = parse(TEXT, "x.toml")
    assert source.where(("time", "end")) == "x.toml:3:2"
    assert source.where(("links", 1, "sub", "deep", 0)) == "x.toml:14:1"
    assert source.where(("nowhere",)) == "x.toml:1:1"


def written(rng):
    """A random table; who writes it to a text knows where its keys stand."""
    names = rng.sample(["a", "b c", "d.e", "f-1", "é", '"', "#", "="], rng.randint(1, 4))
    values = [1, 2.5, True, "[x]\n#", datetime.date(2021, 1, 2), ["]", {"k": "}"}], {"p q": {"r": ","}}]
    return {name: rng.choice(values) for name in names}


@pytest.mark.parametrize("seed", range(50))
def test_keys_are_located_where_a_writer_put_them(seed):
    rng = random.Random(seed)
    lines, places, data = [], {}, {}
    for table in range(rng.randint(1, 5)):
        head = (f"t{table}", rng.choice(["x", "y z"]))
        lines.append(" " * rng.randint(0, 3) + f"[ {head[0]} . {format_key(head[1])} ] # [no]")
        data[head[0]] = {head[1]: written(rng)}
        for name, value in data[head[0]][head[1]].items():
            indent = rng.randint(0, 5)
            lines.append(" " * indent + f"{format_key(name)} ={' ' * rng.randint(0, 2)}{format_value(value)}")
            places[(*head, name)] = (len(lines), indent + 1)
    ending = rng.choice(["\n", "\r\n"])
    source = parse(ending.join(lines), "x.toml")
    assert source.data == data
    assert {key: source.locate(key) for key in places} == places


@pytest.mark.parametrize("value", [
    True, -3, 1e-7, 5e-324, 1e308, -0.0, 2**63 - 1, "", 'a"\\\n\x1b\x7f', "上海", datetime.date(2030, 2, 3),
    [], {}, [[1.5], []], {"a b": {"c": [1, "x"]}}])
def test_a_written_value_reads_back_as_itself(value):
    again = parse(f"key = {format_value(value)}", "x.toml").data["key"]
    assert again == value and type(again) is type(value)


REFUSED = {
    "deep list": ("a = " + "[" * 50, "x.toml:1:1: a: tables and lists are nested more than 16 levels deep"),
    "deep tables": ("a = " + "{b=" * 50, "nested more than 16 levels"),
    "dotted key": ("a." * 16_000 + "b = 1", "nested more than 16 levels"),
    "dotted header": ("[" + "a." * 16_000 + "b]", "nested more than 16 levels"),
    "long key": ("\n" + "k" * 129 + " = 1", "x.toml:2:1: "),
    "long quoted key": ('"' + "k" * 129 + '" = 1', "the key is longer than 128 characters"),
    "huge integer": ("n = " + "1" * 5000, "x.toml:1:5: n: a value without quotes of 5000 characters is too long"),
    "list that never ends": ("a = [1, 2", "not valid TOML"),
    "text that never ends": ('a = "b', "x.toml:1:7: a: not valid TOML"),
    "long text that never ends": ('a = """' + 'b\\"""' * 10_000, "not valid TOML"),
    "repeated key": ("[t]\na = 1\nb = 2\na = 3", "x.toml:4:1: t.a: duplicate key; "
                     "it is set on line 2 already; remove one of the two"),
    "repeated table": ("[a]\n[a]", "x.toml:2:3: not valid TOML (Cannot declare ('a',) twice)"),
    "key inside a value": ("a.b = 1\na.b.c = 2", "x.toml:2:10: a.b.c: not valid TOML (Cannot overwrite"),
    "bare name in Chinese": ("[regressors.费用]\ncolumn = 'x'", "put names with other than plain letters in quotes: "
                             "[regressors.\"费用\"]"),
    "bare text": ("\na = hello", "x.toml:2:5: a: not valid TOML (Invalid value); put text in quotes"),
    "no name, twice": ('= "b"\n= "b"', "x.toml:1:1: not valid TOML"),
    "no name in a table, twice": ("[a]\n= 1\n= 2", "x.toml:2:1: not valid TOML"),
    "no name inside a value, twice": ("a = {= 1, = 2}", "x.toml:1:6: a: not valid TOML"),
    "a dot for a name, twice": (". = 1\n. = 2", "x.toml:1:1: not valid TOML"),
    "no value": ("a =", "x.toml:1:4: a: not valid TOML"),
    "impossible date": ("a = 2021-02-30", "x.toml:1:5: a: '2021-02-30' is not a date"),
    "NUL": ("\0", "x.toml:1:1: not valid TOML"),
    "surrogate": ('a = "\\ud800"', "x.toml:1:12: a: not valid TOML"),
    "escape sequence": ("\x1b[31m = 1", "x.toml:1:1: not valid TOML"),
}


@pytest.mark.parametrize("text, said", REFUSED.values(), ids=REFUSED)
def test_a_broken_text_is_refused_quickly_in_one_line_with_its_place(text, said):
    begin = time.process_time()
    with pytest.raises(InputError) as caught:
        parse(text, "x.toml")
    assert time.process_time() - begin < 0.5
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_what_is_just_within_the_limits_is_read():
    deepest = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert parse(f"{'k' * MAX_LENGTH} = {deepest}", "x.toml").data
    with pytest.raises(InputError):
        parse(f"k = [{deepest}]", "x.toml")


def test_byte_order_mark_and_windows_lines_are_tolerated(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf# \xe4\xb8\x8a\r\na = 1\r\n[t]\r\nb = '''\r\n'''\r\n")
    source = read(path)
    assert source.data == {"a": 1, "t": {"b": ""}}
    assert source.where(("t", "b")) == f"{path}:4:1"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_named_with_the_place_of_its_first_byte(tmp_path, encoding):
    path = tmp_path / "x.toml"
    path.write_bytes(b"# fine\n" + "title = '上海'".encode(encoding))
    with pytest.raises(InputError, match=r"x\.toml:2:\d+: the byte 0x.. is not UTF-8; save the file"):
        read(path)


def unreadable(folder):
    """Kind -> path of things that are no scenario file."""
    os.mkfifo(folder / "fifo.toml")
    (folder / "big.toml").write_bytes(b"#" * (MAX_BYTES + 1))
    (folder / "loop.toml").symlink_to(folder / "loop.toml")
    return {"folder": folder, "fifo": folder / "fifo.toml", "device": "/dev/zero",
            "too big": folder / "big.toml", "NUL": f"{folder}/a\0b.toml", "loop": folder / "loop.toml",
            "missing": folder / "none" / "x.toml", "long": folder / ("x" * 300), "empty name": ""}


@pytest.mark.parametrize("kind", ["folder", "fifo", "device", "too big", "NUL", "loop", "missing", "long",
                                  "empty name"])
def test_only_regular_files_of_sensible_size_are_read(tmp_path, kind):
    with pytest.raises(InputError) as caught:
        read(unreadable(tmp_path)[kind])
    assert len(caught.value.problems) == 1
    assert str(caught.value).isprintable()


def test_a_misspelt_file_is_answered_with_its_neighbour(tmp_path):
    (tmp_path / "baseline.toml").write_text("")
    with pytest.raises(InputError, match="did you mean 'baseline.toml'"):
        read(tmp_path / "base_line.toml")
