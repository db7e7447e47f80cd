"""A dask scheduler and two workers over loopback, as processes of their own."""

import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).parent


class Cluster:
    """Started on entry, ended on exit; `address` is the scheduler's."""

    def __init__(self, folder, workers=2):
        self._folder, self._number, self.processes = pathlib.Path(folder), workers, []

    def __enter__(self):
        told = self._folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0",
                    "--scheduler-file", told)
        for _ in range(self._number):
            self.add_worker(told)
        self.address = self._address(told)
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def add_worker(self, told=None):
        """One more worker: one thread, no nanny, dashboard on loopback."""
        self._start("worker", "--scheduler-file", told or self._folder / "scheduler.json",
                    "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                    "--dashboard-address", "127.0.0.1:0", "--local-directory", self._folder)
        return self.processes[-1]

    def _start(self, *arguments):
        path = os.pathsep.join([str(TESTS.parent), str(TESTS)])
        self.processes.append(subprocess.Popen(
            [sys.executable, "-m", "dask", *map(str, arguments)], cwd=self._folder,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def _address(self, told):
        import json
        for _ in range(1200):
            if told.exists():
                try:
                    return json.loads(told.read_text())["address"]
                except ValueError:
                    pass
            time.sleep(0.1)
        raise TimeoutError("no scheduler")
