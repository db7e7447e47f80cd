"""How a worker process begins: one thread, deaf to Ctrl-C, gone when its parent is gone.

Only the standard library is imported here, because numpy reads the number of threads when it is imported.
"""

import multiprocessing
import os
import signal
import threading

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
           "VECLIB_MAXIMUM_THREADS", "ARROW_NUM_THREADS")


def begin():
    """Set up a worker of the process pool; signals of the terminal are the parent's to answer."""
    for name in THREADS:
        os.environ[name] = "1"
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def ready(task):
    """What a worker says that has begun and has imported what it will be asked to do."""
    return callable(task)


def _end_with(parent):
    """A worker whose parent was killed would wait for ever."""
    parent.join()
    os._exit(1)
