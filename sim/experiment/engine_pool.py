"""Workers as processes of this machine: the engine by default."""

import contextlib
import multiprocessing
import sys
import types
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from sim.errors import OutputError
from sim.experiment import engine_start

STARTS, PATIENCE = 5, 120.0    # tries to begin a pool; seconds for its first answer


class Lost(Exception):
    """A chunk came to no end: its worker died, or it was taken back. Whose fault it was is not known."""


class PoolEngine:
    """A pool of single-thread processes; a dead one breaks the pool, which is then made anew."""

    chunks_a_worker = 2            # one to do, one to go on with

    def __init__(self, workers, function, packed):
        self.workers = workers
        self._task = function, packed
        self._futures = {}
        self._pool, self._small = None, False

    def submit(self, number, chunk, alone=False):
        """Give a chunk, under a number, to whoever is free; one process will do for one that goes alone."""
        function, packed = self._task
        try:
            if self._pool and self._small and not alone:
                self.close()
            if self._pool is None:
                self._small = alone
                self._start(1 if alone else self.workers)
            with _nameless_main():
                self._futures[self._pool.submit(function, packed, chunk)] = number
        except BrokenProcessPool:
            self._futures[_broken()] = number

    def finished(self, timeout):
        """(number, result or exception) of the chunks that have ended; Lost where a worker died."""
        if not self._futures:
            return []
        ended = [(self._futures.pop(future), _outcome(future))
                 for future in wait(self._futures, timeout, FIRST_COMPLETED).done]
        if any(isinstance(outcome, Lost) for _, outcome in ended):
            ended += self.take_back()
        return ended

    def take_back(self):
        """End all workers at once; chunks under way come back as Lost, those just finished with results."""
        futures, self._futures = self._futures, {}
        ended = [(number, _outcome(future) if future.done() else Lost())
                 for future, number in futures.items()]
        self.close()
        return ended

    def close(self):
        """End the workers without waiting for what they are at."""
        pool, self._pool = self._pool, None
        self._futures = {}
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with contextlib.suppress(OSError, ValueError):
                process.kill()
        pool.shutdown(wait=True)

    def _start(self, workers):
        """Begin a pool whose workers answer; that they cannot begin is no run's fault."""
        context = multiprocessing.get_context("spawn")
        for _ in range(STARTS):
            self._pool = ProcessPoolExecutor(workers, context, engine_start.begin)
            try:
                with _nameless_main():                     # one each, so that all begin at once
                    first, *_ = [self._pool.submit(engine_start.ready, self._task[0]) for _ in range(workers)]
                    first.result(PATIENCE)
                return
            except (BrokenProcessPool, TimeoutError):
                self.close()
        raise OutputError(f"worker processes end as they begin, {STARTS} times in a row")


@contextlib.contextmanager
def _nameless_main():
    """Inside, processes that begin do not run the program's main file again, which they need nothing of."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _outcome(future):
    """The result of a future that is done, or the exception in its place."""
    try:
        return future.result(timeout=0)
    except BrokenProcessPool:
        return Lost()
    except Exception as error:
        return error


def _broken():
    from concurrent.futures import Future
    future = Future()
    future.set_exception(BrokenProcessPool())
    return future
