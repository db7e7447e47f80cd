"""A server for one person on this machine: the page, questions, and answers as they come.

It listens on the loopback address alone. Who asks must know the token, which the address that the browser is opened
with carries and a cookie keeps; a request whose Host is not ours, or that another page makes (Origin), is refused.
"""

import errno
import hmac
import http.cookies
import http.server
import json
import secrets
import socket
import sys
import urllib.parse
from typing import Any

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.report.explorer import page
from sim.report.explorer.session import Session

LOOPBACK = "127.0.0.1"
MOST_BYTES = 100_000           # of a question
PING = 10.0                    # seconds after which a quiet stream says that it lives
SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}


class Server(http.server.ThreadingHTTPServer):
    """Serves a Session; `address` is what the browser is opened with."""

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        self.session, self.token = session, secrets.token_urlsafe(24)
        try:
            super().__init__((LOOPBACK, port), Handler)
        except (OSError, OverflowError) as error:
            reason = _("another program uses it") if getattr(error, "errno", None) == errno.EADDRINUSE else \
                getattr(error, "strerror", None) or error
            raise InputError(Problem("--port", "", _("port {port} cannot be used: {reason}", port=port, reason=reason),
                                     _("a free port from 1 to 65535, or 0 for any"))) from None

    @property
    def host(self) -> str:
        return f"{LOOPBACK}:{self.server_port}"

    @property
    def cookie(self) -> str:
        """Name of the cookie; browsers do not tell ports apart."""
        return f"sim-explore-{self.server_port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/?token={self.token}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who is gone is no fault; anything else is told with its traceback."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, socket.timeout)):
            super().handle_error(request, client_address)


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        path, query = self._parts()
        if path == "/" and self._is_ours() and self._knows(query.get("token", "")):
            return self._let_in()
        if not self._is_allowed():
            return None
        if path == "/":
            return self._page(query)
        if path == "/answers":
            return self._answers(query)
        return self._refuse(404, "no such page")

    def do_POST(self) -> None:
        path, _query = self._parts()
        if not self._is_allowed(asking=True):
            return None
        size = self.headers.get("Content-Length", "")
        if path != "/ask" or not size.isdigit() or int(size) > MOST_BYTES:
            return self._refuse(400, "no such question")
        try:
            asked = json.loads(self.rfile.read(int(size)))
            answer = self.server.session.ask(asked)
        except (ValueError, TypeError, LookupError, RecursionError):
            return self._refuse(400, "not a question that this page asks")
        return self._send(200, json.dumps(answer, allow_nan=False, default=_number).encode(), "application/json")

    def _parts(self) -> tuple[str, dict[str, str]]:
        parts = urllib.parse.urlsplit(self.path)
        return parts.path, dict(urllib.parse.parse_qsl(parts.query))

    def _is_ours(self) -> bool:
        return self.headers.get("Host", "") == self.server.host

    def _is_allowed(self, asking: bool = False) -> bool:
        """Refuse a stranger: another host, another page, or one without the token."""
        origin = self.headers.get("Origin")
        right_origin = origin == f"http://{self.server.host}" or (origin is None and not asking)
        cookies: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
        try:
            cookies.load(self.headers.get("Cookie", ""))
        except http.cookies.CookieError:
            pass
        found = cookies.get(self.server.cookie)
        if self._is_ours() and right_origin and found and self._knows(found.value):
            return True
        self._refuse(403, "open the address that sim explore printed")
        return False

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode())

    def _let_in(self) -> None:
        """Keep the token in a cookie and take it out of the address."""
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", f"{self.server.cookie}={self.server.token}; HttpOnly; SameSite=Strict; Path=/")
        self._close_head({"Content-Length": "0"})

    def _page(self, query: dict[str, str]) -> None:
        nonce, number = secrets.token_urlsafe(18), query.get("scenario", "")
        content = page.page(self.server.session.content(int(number) if number.isdigit() else 0), nonce)
        policy = page.policy(f"'nonce-{nonce}'", f"'nonce-{nonce}'", "'self'") + "; frame-ancestors 'none'"
        self._send(200, content, "text/html; charset=utf-8", {"Content-Security-Policy": policy})

    def _answers(self, query: dict[str, str]) -> None:
        """Answers to a question as server-sent events, until it is done or another one takes its place."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self._close_head({"Connection": "close"})
        number = int(query["number"]) if query.get("number", "").isdigit() else -1
        for kind, said in self.server.session.answers(query.get("tab", ""), number, PING):
            line = f"event: {kind}\ndata: {json.dumps(said, allow_nan=False, default=_number)}\n\n" if kind else ":\n\n"
            self.wfile.write(line.encode())
            self.wfile.flush()

    def _refuse(self, status: int, why: str) -> None:
        self.close_connection = True
        self._send(status, f"{why}\n".encode(), "text/plain; charset=utf-8", {"Connection": "close"})

    def _send(self, status: int, content: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self._close_head({"Content-Length": str(len(content)), **(more or {})})
        self.wfile.write(content)

    def _close_head(self, more: dict[str, str]) -> None:
        for name, value in {**SAFE, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def version_string(self) -> str:
        return "sim"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is the user's."""


def _number(value: Any) -> Any:
    return value.item()
