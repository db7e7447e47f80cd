"""Workers of a dask cluster that is there already: dask's own, or any that dask-jobqueue starts.

The cluster only computes. What it cannot vouch for, a result that went with its worker or a task that
was charged with its neighbour's death, counts as unknown and is asked for again under another key.

Decision 62 (docs/decisions.md).
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import queue
import socket
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING, Any

from sim.base.errors import InputError, OutputError, Problem, Unanswered
from sim.base.messages import _
from sim.runs.process_pool import Lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Client, Future

    from sim.runs.plan import Chunk

ANSWER = 15.0                  # seconds for a scheduler to answer, and for one that went to come back
GOODBYE = 3.0                  # seconds for taking leave
NOBODY = 600.0                 # seconds without any worker until we give up waiting for one
POLL, ASK = 0.02, 1.0         # seconds between looks at the tasks, and at who works
LOGS = ("distributed", "distributed.client")
PRIVATE = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                           "::1/128", "fc00::/7")))


class DaskEngine:
    """Chunks as tasks of a dask cluster, a few for each worker at a time."""

    chunks_a_worker = 4            # the scheduler never holds more

    def __init__(self, address: str, function: Callable[[bytes, Chunk], Any], packed: bytes, key: str) -> None:
        refuse_open_address(address)
        self.address, self._task, self._key = address, (function, packed), key[:16]
        self._futures: dict[Any, int] = {}
        self._tries = 0
        self._silent: float | None = None
        self._idle: float | None = None
        self._asked, self._there, self._gone = 0.0, 0, False
        self._client = _client(address)

    @property
    def workers(self) -> int:
        """Workers that the cluster has now, one at least, so that something waits for the first to come."""
        return max(1, self._count())

    def submit(self, number: int, chunk: Chunk, alone: bool = False) -> None:
        """Give a chunk, under a number, to the cluster; its key is never used again."""
        function, packed = self._task
        self._tries += 1
        name = f"sim-{self._key}-{int(chunk.runs[0])}-{number}-{self._tries}"
        try:
            future = self._client.submit(function, packed, chunk, key=name, pure=False, retries=0)
        except Exception:
            if self._client.status in ("closing", "closed"):
                raise self._unanswered() from None
            raise
        self._futures[future] = number

    def finished(self, timeout: float) -> list[tuple[int, Any]]:
        """(number, result or exception) of the chunks that have ended; Lost where nobody knows."""
        until = time.monotonic() + timeout
        while True:
            self._watch()
            ended = [future for future in self._futures if future.status != "pending"]
            if ended or time.monotonic() >= until or not self._futures:
                return [(self._futures.pop(future), self._outcome(future)) for future in ended]
            time.sleep(POLL)

    def held(self) -> set[int]:
        """Numbers of the chunks that the cluster has."""
        return set(self._futures.values())

    def take_back(self) -> list[tuple[int, Any]]:
        """Cancel all chunks; those just finished come back with results."""
        futures, self._futures = self._futures, {}
        ended = [(number, self._outcome(future) if future.status == "finished" else Lost())
                 for future, number in futures.items()]
        self._client.cancel([future for future in futures if future.status == "pending"], force=True)
        return ended

    def close(self) -> None:
        """Take our tasks back and leave the cluster as it was."""
        futures, self._futures = self._futures, {}
        if futures and self._client.status == "running" and not self._gone:
            self._client.cancel(list(futures), force=True)
        with contextlib.suppress(TimeoutError, OSError):
            self._client.close(timeout=GOODBYE)

    def _outcome(self, future: Future[Any]) -> Any:
        """The result of a future that has ended, or the exception in its place."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        try:
            outcome = future.result(timeout=ANSWER / 2) if future.status == "finished" else None
            error = future.exception(timeout=ANSWER / 2) if future.status == "error" else None
        except TimeoutError:
            self._ask(ANSWER / 2)
            return Lost()
        except (FutureCancelledError, OSError):
            return Lost()
        except Exception as raised:
            error, outcome = raised, None
        finally:
            future.release()
        unknown = outcome is None and (error is None or isinstance(error, KilledWorker))
        return Lost() if unknown else error or outcome

    def _watch(self) -> None:
        """Unanswered for a scheduler that has gone, or a cluster that nobody works for."""
        now = time.monotonic()
        self._silent = None if self._client.status == "running" else self._silent or now
        if self._silent and now - self._silent > ANSWER or self._client.status == "closed":
            raise self._unanswered()
        alone = self._futures and not self._silent and not self._count()
        self._idle = self._idle or now if alone else None
        if self._idle and now - self._idle > NOBODY:
            raise self._unanswered(_("no worker has come for {seconds:.0f} s", seconds=NOBODY))

    def _count(self) -> int:
        """Workers of the cluster, asked for every ASK seconds; the last answer while nobody answers."""
        if time.monotonic() - self._asked > ASK and self._client.status == "running":
            self._ask(ANSWER)
        return self._there

    def _ask(self, patience: float) -> None:
        """Ask who works; Unanswered if a scheduler that is still connected says nothing, as when it is stopped."""
        try:
            scheduler: Any = self._client.scheduler
            self._there = len(self._client.sync(scheduler.ncores, callback_timeout=patience))
        except TimeoutError:
            raise self._unanswered() from None
        except (OSError, AttributeError):             # the connection has broken; the client tries again
            pass
        self._asked = time.monotonic()

    def _unanswered(self, what: str = "") -> Unanswered:
        self._gone = True
        what = what or _("no answer from the cluster for {seconds:.0f} s", seconds=ANSWER)
        return Unanswered(_("{address}: {what}", address=self.address, what=what))


def refuse_open_address(address: str) -> None:
    """InputError for what is no address, and for tcp:// beyond private networks: it would be open to all.

    Addresses of no one place (0.0.0.0, multicast, link-local, IPv4 in IPv6) are not private: who answers there
    is not known.
    """
    parts = urllib.parse.urlsplit(address)
    try:
        sound = parts.scheme in ("tcp", "tls") and bool(parts.port)
    except ValueError:
        sound = False
    if not sound or not parts.hostname:
        raise InputError(Problem("", "--dask", _("{address!r} is not an address", address=address),
                                 _("tcp://host:port or tls://host:port")))
    if parts.scheme == "tcp" and not all(map(_is_private, _addresses(parts.hostname, address))):
        raise InputError(Problem(
            "", "--dask", _("{address} is without encryption, and may not be private: who reaches a tcp:// scheduler "
                            "can run any program on its workers", address=address), "",
            _("use tls:// beyond this machine and private networks")))


def _addresses(host: str, address: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError) as error:
        raise OutputError(_("{address}: there is no such host: {error}", address=address, error=str(error))) from None


def _is_private(text: str) -> bool:
    found = ipaddress.ip_address(text.partition("%")[0])
    return any(found in network for network in PRIVATE)


def _client(address: str) -> Client:
    """A client of the scheduler; certificates for tls:// come from dask's own settings."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(Problem("", "--dask", _("the package distributed is not installed"), "",
                                 _("pip install 'cluster-formation-simulator[cluster]'"))) from None
    _refuse_no_certificates(address)
    for name in LOGS:                                 # what ends a sweep is said once, by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    made: queue.SimpleQueue[tuple[Client | None, str]] = queue.SimpleQueue()
    closed_by_hand = type("Client", (Client,), {"__del__": lambda self: None})     # one never connected waits 40 s
    threading.Thread(target=_connect, args=(closed_by_hand, address, made), daemon=True).start()
    try:
        client, said = made.get(timeout=ANSWER)
    except queue.Empty:                               # someone listens there and says nothing
        client, said = None, _("no answer for {seconds:.0f} s", seconds=ANSWER)
    if client is None:
        raise Unanswered(_("{address}: no dask scheduler answers: {why}", address=address,
                           why=" ".join(said.split())[:200]))
    return client


def _refuse_no_certificates(address: str) -> None:
    """InputError for tls:// where dask's own settings name no certificates."""
    import dask

    wanted = ("ca-file", "client.key", "client.cert")
    missing = [name for name in wanted if not dask.config.get(f"distributed.comm.tls.{name}", None)]
    if address.startswith("tls") and missing:
        raise InputError(Problem("", "--dask",
                                 _("dask has no certificates for {address}: its setting {name} is missing",
                                   address=address, name=f"distributed.comm.tls.{missing[0]}"), "",
                                 _("see \"Certificates\" in docs/laptop-to-cluster.md")))


def _connect(kind: Callable[..., Client], address: str, made: queue.SimpleQueue[tuple[Client | None, str]]) -> None:
    """Put (client, "") or (None, why) where the thread that waits finds it.

    dask may wait for ever, for what is deaf or for a client that it could not make to be closed.
    """
    try:
        made.put((kind(address, timeout=ANSWER - 1.0, set_as_default=False), ""))
    except Exception as error:
        made.put((None, str(error) or type(error).__name__))
