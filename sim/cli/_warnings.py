"""Warnings of a scenario as lines on stderr."""

import contextlib
import warnings

import click

from sim.base.errors import FailedRunsWarning, ScenarioWarning, printable


@contextlib.contextmanager
def told(quiet=False):
    """Inside, every ScenarioWarning is a line on stderr, or none; commands end with runs that failed by themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if quiet else "always", ScenarioWarning)
        warnings.simplefilter("ignore", FailedRunsWarning)
        others = warnings.showwarning

        def show(message, category, *where, **more):
            if not issubclass(category, ScenarioWarning):
                return others(message, category, *where, **more)
            click.secho(printable(message), fg="yellow", err=True)

        warnings.showwarning = show
        yield
