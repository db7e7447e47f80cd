"""Pages for tests: a small run and a small comparison whose every text tries to do harm."""

import contextlib
import html.parser
import re
import shutil

from sim.experiments.compare import folder as files
from sim.plots.common import save
from sim.plots.comparison import data as comparison_data
from sim.plots.comparison import save as comparison_save
from sim.plots.run import save as run_save
from sim.report import comparison_page, render, run_page, sources
from sim.results.run_folder import load
from tests.samples import runs

# closes what it may stand in, then acts; a page on which one of them acts has another title
EVIL = {"script": "</title></style></script><script>document.title='owned'</script>",
        "attribute": "\\\" onload=\\\"document.title='owned'\\\" x=\\\"",
        "image": "<img src=x onerror=document.title='owned'><svg onload=document.title='owned'>",
        "address": "javascript:document.title='owned'", "formula": "=HYPERLINK(\\\"http://x.invalid\\\")",
        "template": "{{ 7 * 7 }}{% raw %}", "turn": "\\u202egnp.exe", "entity": "&lt;b&gt;&#x41;"}
SCENARIO = runs.SCENARIO.replace("replicates = 7", "replicates = 3").replace("= 900", "= 500")
SCENARIO += "[diagnostics]\nmembers = 0\n"
OWN = """
[policies.{name}]
title = "{title}"
title_zh = "{title_zh}"
instrument = "regime_exposure"
exposure = "ftz"
sites = ["site-1", "site-3"]
start = 2021-04-01
"""
ENGLISH = re.compile(r"(?:[A-Za-z][a-z'’]+[ ,;]+){3}[A-Za-z][a-z'’]+")     # four words of English in a row
CITED = re.compile(r"(?:de )?[A-Z][\w.]+(?:, [A-Z]\w+)*(?: & [A-Z]\w+| et al\.)? (?:19|20)\d\d|Guo, Luo & Rong")
FIGURES = ("paths", "change")
COMPARISON_FIGURES = ("ranked", "effect_map")


def run_folder(folder):
    """A finished run with its pages; the titles and descriptions are EVIL."""
    text = SCENARIO.replace('title = "Small"', f'title = "{EVIL["script"]}"')
    text = text.replace('title_zh = "小型"', f'title_zh = "小型{EVIL["attribute"]}"\n'
                        f'description = "{EVIL["image"]}{EVIL["address"]}"')
    text += OWN.format(name="own", title=EVIL["formula"],
                       title_zh=EVIL["formula"] + EVIL["template"] + EVIL["turn"])
    path = runs.write_scenario(folder, text)
    assert runs.sim("run", path, "--out", folder / "out", "--no-figures", "-q").exit_code == 0
    data = load(folder / "out")
    (folder / "out" / "figures").mkdir()
    for name in FIGURES:
        for lang in ("en", "zh"):
            save.write(run_save.draw(data, name, lang), folder / "out" / "figures" / f"{name}.{lang}.svg")
    run_page.write(folder / "out")
    return folder / "out"


def comparison_folder(folder, figures=COMPARISON_FIGURES):
    """A finished comparison of three scenarios with its pages; the titles are EVIL."""
    first = runs.write_scenario(folder, SCENARIO)
    own = OWN.format(name="own", title=EVIL["entity"] + EVIL["formula"], title_zh=EVIL["image"])
    second, third = folder / "second.toml", folder / "third.toml"
    second.write_text(f'extends = "small.toml"\ntitle = "{EVIL["script"]}"\n'
                      f'title_zh = "{EVIL["attribute"]}二"\n{own}', "utf-8")
    third.write_text(f'extends = "second.toml"\ntitle = "{EVIL["formula"]}"\ntitle_zh = "{EVIL["formula"]}"\n'
                     "[policies.tax]\nrate = 5.0\n", "utf-8")
    with contextlib.chdir(folder):                            # where runs go: two processes make this at once
        said = runs.sim("compare", first, second, third, "--out", folder / "compared", "--no-figures", "-q",
                        "--jobs", 1)
        assert said.exit_code == 0, said.output
        out = folder / "compared"
        sources.gather(out, files.load(out))
    compared = comparison_data.load(out)
    (out / "figures").mkdir()
    for name in figures:
        for lang in ("en", "zh"):
            save.write(comparison_save.draw(compared, name, lang), out / "figures" / f"{name}.{lang}.svg")
    comparison_page.write(out)
    return out


class Parsed(html.parser.HTMLParser):
    """Elements, attributes and texts of a page, as a browser without scripts would find them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.cells, self._open = [], [], [], None
        self.policy = self.style = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.attributes += [(tag, *one) for one in attributes]
        given = dict(attributes)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._open = tag
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open == "style":
            self.style += data
        if self.cells and self._open in ("td", "th", "code", "small"):
            self.cells[-1] += data


def page(folder, lang="en"):
    """Text of a folder's page."""
    return (folder / render.NAMES[lang]).read_text("utf-8")


def words_of(text, without=()):
    """The texts of a page that stand outside of style and code, less those of its authors."""
    class Words(html.parser.HTMLParser):
        hidden = 0

        def handle_starttag(self, tag, attributes):
            self.hidden += tag in ("style", "code")

        def handle_endtag(self, tag):
            self.hidden -= tag in ("style", "code")

        def handle_data(self, data):
            if not self.hidden:
                self.found.append(data)

    reader = Words(convert_charrefs=True)
    reader.found = []
    reader.feed(text)
    for own in without:
        reader.found = [one.replace(own.replace('\\"', '"'), "") for one in reader.found]
    return reader.found


def english_in(texts):
    """The texts that have four words of English in a row, citations apart."""
    return [text for text in texts if ENGLISH.search(CITED.sub("", text))]


def rows_of(text, caption):
    """Rows (lists of texts) of the table with a caption that contains a text."""
    class Rows(html.parser.HTMLParser):
        rows, wanted, here, cell = None, False, "", None

        def handle_starttag(self, tag, attributes):
            if tag == "table":
                self.here = "table"
            if tag == "caption":
                self.here = "caption"
            if self.wanted and tag == "tr":
                self.rows.append([])
            if self.wanted and tag in ("td", "th"):
                self.rows[-1].append("")
                self.cell = True

        def handle_endtag(self, tag):
            if tag == "table":
                self.wanted = False
            if tag in ("td", "th"):
                self.cell = None
            if tag == "caption":
                self.here = ""

        def handle_data(self, data):
            if self.here == "caption" and caption in data and self.rows is None:
                self.wanted, self.rows = True, []
            if self.wanted and self.cell:
                self.rows[-1][-1] += data

    reader = Rows()
    reader.feed(text)
    return reader.rows


def copied(folder, target):
    """A copy of a folder, for tests that change it."""
    return shutil.copytree(folder, target)


def redrawn(folder, languages=("en", "zh")):
    """Bytes of pages, drawn once more from the folder."""
    write = comparison_page.write if (folder / "comparison.json").exists() else run_page.write
    return [path.read_bytes() for path in write(folder, languages)]

