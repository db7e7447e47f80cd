"""The frame of the site's Chinese pages in Chinese: navigation, search, "on this page", neighbours and footer.

An extension of Sphinx. The words are those of Sphinx's own Chinese catalogue, and of WORDS where the theme has more.
"""

import gettext
import pathlib

import sphinx
from bs4 import BeautifulSoup
from sphinx.search.en import SearchEnglish

LOCALES = pathlib.Path(sphinx.__file__).parent / "locale"
MESSAGES = LOCALES / "zh_CN" / "LC_MESSAGES" / "sphinx.js"      # words of the search, for a browser
HOME, SEARCH, TITLE = "docs/zh/index", "docs/zh/search", "总部集群形成模拟器"
LATE = 900                     # of handlers, after the theme's
FURO = '<a href="https://github.com/pradyunsg/furo">Furo</a>'
WORDS = {"Skip to content": "跳到正文", "Back to top": "回到顶部", "On this page": "本页内容", "Next": "下一页",
         "Previous": "上一页", "Home": "首页", "Made with": "网页由 Sphinx 与 ", "Error": "错误",
         FURO: f"{FURO} 生成", "Link to this heading": "本节链接",
         "Please activate JavaScript to enable the search functionality.": "请启用 JavaScript 以使用搜索。"}
WRITTEN = {                    # what the theme writes itself and asks no catalogue for: names of what has only a sign
    '"Toggle site navigation sidebar"': '"展开或收起站点导航"',
    '"Toggle table of contents sidebar"': '"展开或收起本页目录"',
    '"Toggle Light / Dark / Auto color theme"': '"切换浅色、深色或自动配色"',
    '"Toggle navigation of ': '"展开或收起：',
    "<title>Contents<": "<title>目录<", "<title>Menu<": "<title>菜单<", "<title>Expand<": "<title>展开<",
    "<title>Light mode<": "<title>浅色<", "<title>Dark mode<": "<title>深色<",
    "<title>Auto light/dark, in light mode<": "<title>自动配色，当前为浅色<",
    "<title>Auto light/dark, in dark mode<": "<title>自动配色，当前为深色<"}


class Frame(gettext.NullTranslations):
    """Words of a page's frame."""

    def gettext(self, message):
        return WORDS.get(message.strip()) or super().gettext(message)


class Search(SearchEnglish):
    """Words as in English; of Chinese, which has no blanks, whole runs and every two neighbours.

    A browser finds three signs and more inside a run, and two as a word of their own.
    """

    lang = "en-zh"

    def split(self, text):
        words = super().split(text)
        return words + [word[k:k + 2] for word in words if max(word) >= "\u2e80" for k in range(len(word) - 1)]


def is_chinese(page):
    """Whether a page of the site is in Chinese."""
    return page.startswith("docs/zh/") or page == "README.zh"


def frame_of(app, page, template, context, doctree):
    """Give a Chinese page its frame."""
    if not is_chinese(page):
        return
    words, pathto = Frame(), context["pathto"]
    words.add_fallback(gettext.translation("sphinx", LOCALES, ["zh_CN"]))
    app.add_js_file(MESSAGES.name)
    context.update(
        _=words.gettext, gettext=words.gettext, ngettext=words.ngettext, language="zh-CN", docstitle=TITLE,
        master_doc=HOME, show_sphinx=False, furo_navigation_tree=navigation(context["furo_navigation_tree"], pathto),
        pathto=lambda name, *rest: pathto(SEARCH if name == "search" else name, *rest))
    if "body" in context:
        context["body"] = context["body"].replace("Link to this heading", WORDS["Link to this heading"])


def translate(app, exception):
    """Put what the theme writes of its own into Chinese, in the pages as they were made."""
    if exception or app.builder.name != "html":
        return
    for page in [*filter(is_chinese, app.env.found_docs), SEARCH]:
        path = pathlib.Path(app.builder.get_outfilename(page))
        text = path.read_text("utf-8")
        for english, chinese in WRITTEN.items():
            text = text.replace(english, chinese)
        path.write_text(text, "utf-8")


def navigation(tree, pathto):
    """Of the site's contents the Chinese pages, and the way to the English ones."""
    soup = BeautifulSoup(tree, "html.parser")
    chinese = soup.find("span", string="中文").find_parent("p").find_next_sibling("ul")
    there = pathto("docs/index")
    return f'{chinese}<ul><li class="toctree-l1"><a class="reference internal" href="{there}">English</a></li></ul>'


def setup(app):
    """Register the frame, the search of both languages, and a page of it in Chinese."""
    app.add_search_language(Search)
    app.connect("html-page-context", frame_of, LATE)
    app.connect("build-finished", translate)
    app.connect("html-collect-pages", lambda app: [(SEARCH, {}, "search.html")])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
