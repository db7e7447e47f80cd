"""Builds the documentation site into build/site: `python docs/site.py`.

Offline; a link that leads nowhere is an error.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).parents[1]


def build(target=ROOT / "build" / "site", quiet=False):
    """Build the site; 0 if all went well."""
    try:
        from sphinx.cmd.build import build_main
    except ImportError:
        sys.exit("the documentation site needs: pip install 'cluster-formation-simulator[docs]'")
    options = ["-c", str(ROOT / "docs"), "-b", "html", "-W", "--keep-going", *(["-q"] if quiet else [])]
    return build_main([*options, str(ROOT), str(target)])


if __name__ == "__main__":
    code = build()
    if not code:
        print(f"open {ROOT / 'build' / 'site' / 'docs' / 'index.html'}")
    sys.exit(code)
