"""Ways to change the bytes of a text file: each takes a random.Random and bytes, and gives bytes."""

import json
import re

VALUES = [b"nan", b"-inf", b"1e999", b"9" * 30, b"9" * 5000, b"true", b"'x'", b"[]", b"{}", b"[[[[1]]]]",
          b"{a={b=1}}", b"2021-02-30", b"1979-05-27T07:32:00Z", b"07:32:00", b"'''\n'''", b'"\\u202e"',
          b'"\\ud800"', b"0x1F", b"1_0", b"+1", b"-0.0", b"[" * 100, b"", b"= 1", b"'\x1b[31m'",
          b'"' + b"x" * 999 + b'"', b"[1, 'a', {}]"]
KEYS = [b"extends", b"enabled", b"instrument", b"regime", b"a.b.c", b'""', b"''.x", b"x" * 200,
        b"a." * 50 + b"b", b"time", b"[policies]", b"[[time]]", b"[terms.tax]", b'"\\u0000"',
        "时间".encode(), b"sites"]
PLAIN = [None, True, -1, 0, 10**15, -10**30, 1e308, float("nan"), "", "..", "/", "x" * 999, "\x1b[31m", "\ud800", "1/1",
         [], [[]], [None], {}, {"a": {"": 1}}, [0] * 99]             # that JSON can hold
CELLS = [b"", b"nan", b"1e999", b"-1", b"9" * 400, b"\x1b[31m", b'"', b'"a\nb"', b"=1+1", b"\xff",
         "西岑".encode(), b";;", b"2021-02-30"]


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


def splice(rng, text, others=()):
    """Parts of the text put together anew, with those of another text where there is one."""
    other = rng.choice(others) if others else text
    a, b = rng.randrange(len(text)), rng.randrange(len(other))
    return text[:a] + rng.choice([other[b:], b"", other[b:b + 50] + text[a:], text[a // 2:]])


def uncomment(rng, text):
    return change_values(rng, re.sub(rb"(?m)^# (?=[\w\[# ])", b"", text))


def change_json(rng, text):
    """One value of a JSON document is another, or gone."""
    document = json.loads(text)
    inside, key = rng.choice(list(_places(document)))
    if rng.random() < 0.2:
        del inside[key]
    else:
        inside[key] = rng.choice(PLAIN)
    return json.dumps(document).encode()


def _places(document):
    """(container, key) of every value of a document."""
    for key, value in list(document.items() if isinstance(document, dict) else enumerate(document)):
        yield document, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


def change_cells(rng, text):
    """Some cells of a CSV file are others."""
    lines = text.split(b"\n")
    for _ in range(rng.randint(1, 3)):
        row = rng.randrange(len(lines))
        cells = lines[row].split(b",")
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        lines[row] = b",".join(cells)
    return b"\n".join(lines)


def cut(rng, content):
    """The file ends early, or its tail is zeros."""
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice([b"", bytes(len(content) - at)])


def flip(rng, content):
    """Some bits are others."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8) if changed else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


OF_TOML = [change_bytes, change_lines, change_values, change_keys]
OF_JSON = [change_json, change_json, change_json, change_bytes, cut]
OF_CSV = [change_cells, change_cells, change_lines, change_bytes, cut]
OF_BYTES = [flip, cut, change_bytes]
