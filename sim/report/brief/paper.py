"""Pages as PDF, printed by a Chromium of this machine where it has one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sim.base.messages import _

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = ("--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")
PATIENCE = 120.0              # seconds


def printed(pages: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """(paths of the PDFs beside the pages, a sentence where they could not be made)."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        return [], [_("no PDF: there is no Chromium or Chrome here; print the HTML files from any browser")]
    found = [_print(browser, page) for page in pages]
    if not all(path.exists() for path in found):
        return [], [_("no PDF: {browser} could not print; print the HTML files from any browser", browser=browser)]
    return found, []


def _print(browser, page):
    """Print one page into a PDF beside it; its path, whether or not it worked."""
    path = page.with_suffix(".pdf")
    path.unlink(missing_ok=True)
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []      # root has no sandbox to enter
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, *root, f"--user-data-dir={profile}", f"--print-to-pdf={path.resolve()}",
                   page.resolve().as_uri()]
        try:
            subprocess.run(command, timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return path
    return path
