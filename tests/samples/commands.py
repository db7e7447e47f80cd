"""The command, in this process and in one of its own."""

import os
import pathlib
import subprocess
import sys

from click.testing import CliRunner

from sim.cli import group

ROOT = pathlib.Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "baseline.toml"
SIM = [sys.executable, "-c", "from sim.cli import main; main()"]
COMMANDS = group.list_commands(None)


def run(*arguments, **environment):
    """Run a command in this process, as from a shell in an English locale unless told otherwise."""
    settings = {"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8", "NO_COLOR": "", **environment}
    return CliRunner().invoke(group, [str(a) for a in arguments], env=settings, catch_exceptions=False)


def shell(*arguments, **options):
    """Run a command in a process of its own, where the real streams and signals are."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run([*SIM, *map(str, arguments)], capture_output=True, env=environment, timeout=60,
                          cwd=ROOT, **options)
