"""A dask scheduler and two workers over loopback, as processes of their own."""

import os
import pathlib
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).parent.parent


class Cluster:
    """Started on entry, ended on exit; `address` is the scheduler's. With `settings` it speaks tls."""

    def __init__(self, folder, workers=2, settings=None):
        self._folder, self._number, self.processes = pathlib.Path(folder), workers, []
        self._settings = settings or {}

    def __enter__(self):
        told = self._folder / "scheduler.json"
        host = "tls://127.0.0.1" if self._settings else "127.0.0.1"
        self._start("scheduler", "--host", host, "--port", "0", "--dashboard-address", "127.0.0.1:0",
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
                    "--host", "tls://127.0.0.1" if self._settings else "127.0.0.1", "--nthreads", "1", "--no-nanny",
                    "--dashboard-address", "127.0.0.1:0", "--local-directory", self._folder)
        return self.processes[-1]

    def _start(self, *arguments):
        self.processes.append(subprocess.Popen(
            [sys.executable, "-m", "dask", *map(str, arguments)], cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(TESTS.parent), "OMP_NUM_THREADS": "1", **self._settings},
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


def certificates(folder, name="ca"):
    """Keys and certificates of an authority of our own, by openssl, as dask's settings in the environment."""
    folder = pathlib.Path(folder)
    new = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    authority, key, signed = (folder / f"{name}{end}" for end in (".pem", "-key.pem", "-node.pem"))
    _quiet([*new, "-x509", "-days", "2", "-subj", f"/CN={name}", "-keyout", folder / f"{name}-ca-key.pem",
            "-out", authority])
    _quiet([*new, "-subj", "/CN=node", "-keyout", key, "-out", folder / f"{name}.csr"])
    _quiet(["openssl", "x509", "-req", "-days", "2", "-in", folder / f"{name}.csr", "-CA", authority,
            "-CAkey", folder / f"{name}-ca-key.pem", "-CAcreateserial", "-out", signed])
    files = {"CA_FILE": authority} | {f"{who}__{what}": path for who in ("SCHEDULER", "WORKER", "CLIENT")
                                      for what, path in (("KEY", key), ("CERT", signed))}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{key}": str(path) for key, path in files.items()} | {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}


def settings(environment):
    """The same for dask in a process that has begun."""
    return {key.removeprefix("DASK_").lower().replace("__", ".").replace("_", "-"): value
            for key, value in environment.items()}


def _quiet(command):
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
