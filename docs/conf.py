"""The documentation site: `python docs/site.py` builds it, offline, from these pages."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import chinese_frame  # noqa: E402  # beside this file

project = "Cluster-formation simulator"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "chinese_frame"]
include_patterns = ["docs/**", "README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "scenarios/README.md",
                    "sim/data/regions/*/SOURCES.md", "scenarios/estimation/*.md"]
exclude_patterns = ["build", "docs/images", "docs/static"]
root_doc = "docs/index"
html_theme = "furo"
html_title = "Cluster-formation simulator"
html_last_updated_fmt = None
html_copy_source = False
html_static_path = ["static", "../sim/data/fonts", str(chinese_frame.MESSAGES)]
html_search_language = chinese_frame.Search.lang
html_css_files = ["site.css"]
html_show_copyright = False
nb_execution_mode = "off"                       # outputs are those that the tests make; nothing runs while it is built
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"
templates_path = []
suppress_warnings = ["myst.header", "misc.highlighting_failure", "docutils", "ref.python", "toc.not_included"]
linkcheck_ignore = [r"https?://.*"]             # the site is built offline: links inside it are checked, -W ends at one
version = release = next(line.partition("=")[2].strip() for line in (ROOT / "setup.cfg").read_text().splitlines()
                         if line.startswith("version"))
