"""A real headless Chromium for tests, spoken to over the DevTools protocol.

`Browser` starts one process with a profile of its own; `page(url)` loads a file in a fresh tab and
returns what happened: console messages, requests, and means to ask the page and to print it.
"""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-dev-shm-usage",
         "--remote-debugging-port=0", "--remote-allow-origins=*")
PATIENCE = 60.0                # seconds; the machine may be busy


def executable():
    """Path of a Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextlib.contextmanager
def running():
    """A Browser; skips the test where the machine has none."""
    if not executable():
        pytest.skip("no Chromium on this machine: install the package chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen([executable(), *FLAGS, f"--user-data-dir={profile}", "about:blank"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            with contextlib.closing(Browser(_port(pathlib.Path(profile) / "DevToolsActivePort"))) as found:
                yield found
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


def _port(file):
    """(port, path) that the browser listens on, once it has written them."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError, ValueError):
            port, path = file.read_text().split()
            return int(port), path
        time.sleep(0.05)
    raise TimeoutError("the browser did not start")


class Browser:
    """One process; every page is a tab."""

    def __init__(self, address):
        import websocket

        port, path = address
        self._socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE)
        self._number, self.events = 0, []

    def close(self):
        """Hang up."""
        self._socket.close()

    def call(self, method, session=None, **parameters):
        """One command; what it returns. Events that come meanwhile are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def page(self, path, width=1100, height=1400, before=""):
        """Load a file, or an address of this machine, in a new tab and wait until it is loaded.

        `before` is a script that runs before those of the page.
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Network", "Log", "Runtime", "Audits"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)
        if before:
            page.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        address = path if str(path).startswith("http://") else pathlib.Path(path).resolve().as_uri()
        page.call("Page.navigate", url=address)
        page.wait_for("Page.loadEventFired")
        page.ask("document.fonts.ready.then(() => true)")
        return page


class Page:
    """A loaded page: what it said, what it asked for, and what it is."""

    def __init__(self, browser, session):
        self._browser, self._session = browser, session

    def call(self, method, **parameters):
        return self._browser.call(method, session=self._session, **parameters)

    def events(self, method):
        """Parameters of the events of a kind so far."""
        return [event["params"] for event in self._browser.events
                if event.get("sessionId") == self._session and event["method"] == method]

    def wait_for(self, method):
        until = time.monotonic() + PATIENCE
        while not self.events(method):
            if time.monotonic() > until:
                raise TimeoutError(f"no {method}")
            self.call("Runtime.evaluate", expression="1")
            time.sleep(0.02)

    def until(self, expression):
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.ask(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def ask(self, expression):
        """Value of a JavaScript expression; the page's own policy does not hold for it."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"])
        return result["result"].get("value")

    def complaints(self):
        """Console messages, log entries, exceptions and issues (violations of the policy among them)."""
        kinds = ("Runtime.consoleAPICalled", "Log.entryAdded", "Runtime.exceptionThrown", "Audits.issueAdded")
        return [event for kind in kinds for event in self.events(kind)]

    def requests(self):
        """Addresses asked for, without what is inside the page."""
        urls = [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]
        return [url for url in urls if not url.startswith("data:")]

    def pdf(self):
        """The page as printed, bytes of a PDF."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def screenshot(self, path):
        """The whole page as PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                          clip=dict(x=0, y=0, width=size["width"], height=size["height"], scale=1))
        pathlib.Path(path).write_bytes(base64.b64decode(taken["data"]))
