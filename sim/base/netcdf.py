"""A netCDF file of results before it is opened: whether it holds plain numbers and texts and nothing that acts.

An HDF5 file can lead its reader into other files (links, external and virtual storage), load code (filters of
one's own) and declare variables that no memory holds. Files of results do none of that.

Decision 67 (docs/decisions.md).
"""

import contextlib
import io
import math
from collections.abc import Iterator
from pathlib import Path

import h5netcdf
import h5py
import xarray as xr
from xarray.backends import H5NetCDFStore

from sim.base import memory, stored
from sim.base.errors import CorruptError
from sim.base.messages import _

FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}
KINDS = "iufbS"                # of numpy: numbers and texts of fixed length
TIGHTEST = 1100                # bytes that a byte of a compressed chunk can stand for, a little over deflate's most
MOST_OBJECTS = 1000
NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable"


@contextlib.contextmanager
def reading(path: str | Path) -> Iterator[None]:
    """What the libraries raise on a file that is none of theirs becomes a CorruptError."""
    try:
        yield
    except CorruptError:
        raise
    except Exception as error:                # they promise no classes: a bit in a header raises almost any
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise CorruptError(_("{path}: not readable as netCDF: {reason}", path=path, reason=reason)) from error


class OpenedOnce(h5py.File):  # type: ignore[misc]  # h5py tells no types
    """An HDF5 file that opens each of its variables once: h5netcdf asks for each of them by its name dozens of times.

    With some hundred variables that halves the time to write and to read a small file. Variables that stay open keep
    no chunks in memory.
    """

    def __init__(self, file: str | Path | io.BytesIO, mode: str, **options: bool) -> None:
        super().__init__(file, mode, rdcc_nbytes=0, **options)
        self._opened: dict[str, h5py.Group | h5py.Dataset] = {}

    def __getitem__(self, name: str | h5py.Reference) -> h5py.Group | h5py.Dataset:
        if not isinstance(name, str):
            return super().__getitem__(name)
        key = name.removeprefix("/")
        if key and key not in self._opened:
            self._opened[key] = super().__getitem__(key)
        return self._opened[key] if key else self

    @property
    def attrs(self) -> h5py.AttributeManager:
        """Attributes of the whole, in the order in which they were written."""
        return h5py.AttributeManager(super().__getitem__("/"))

    def __delitem__(self, name: str) -> None:
        self._opened.pop(name.removeprefix("/"), None)
        super().__delitem__(name)


@contextlib.contextmanager
def written(file: io.BytesIO) -> Iterator[tuple[OpenedOnce, H5NetCDFStore]]:
    """A new file, and where xarray puts its variables."""
    with OpenedOnce(file, "w", track_order=True) as plain:
        with contextlib.closing(H5NetCDFStore(h5netcdf.File(plain, "w"), mode="w")) as store:
            yield plain, store


def opened(path: str | Path) -> xr.Dataset:
    """The dataset in a file, read whenever it is used and not kept; to be closed.

    CorruptError for a file that is no plain netCDF of numbers and texts that fit into memory.
    """
    stored.regular(path)
    with reading(path), contextlib.ExitStack() as until_closed:
        file = until_closed.enter_context(OpenedOnce(path, "r"))
        _refuse_unsafe(path, file)
        data = xr.open_dataset(H5NetCDFStore(h5netcdf.File(file, "r", decode_vlen_strings=True)), cache=False)
        until_closed.callback(data.close)
        # of what has no value h5py cannot select from a file once dimensions are exchanged; texts become numpy's
        ready = data.assign({name: array.load() for name, array in data.data_vars.items() if array.size == 0}) \
            .assign_coords({name: data[name].astype(str) for name in data.coords if data[name].dtype == object})
        ready.set_close(until_closed.pop_all().close)
    return ready


def _refuse_unsafe(path: str | Path, file: h5py.File) -> None:
    """CorruptError for a file that holds or leads to what no file of results does."""
    if len(file) > MOST_OBJECTS:
        raise CorruptError(_("{path}: {count:,} variables, more than any results file has", path=path, count=len(file)))
    room = memory.available()
    for name in file:
        wrong = _wrong(file, name, room)
        if wrong:
            raise CorruptError(_("{path}: {name} {wrong}; no results file does so, and it was not read",
                                 path=path, name=repr(name), wrong=wrong))


def _wrong(file: h5py.File, name: str, room: int) -> str:
    """What is wrong with an object of a file, "" for nothing; nothing that it leads to is opened."""
    if not isinstance(file.get(name, getlink=True), h5py.HardLink):
        return _("is a link that leads elsewhere")
    found = file[name]
    if not isinstance(found, h5py.Dataset):
        return _("is not a variable")
    layout = found.id.get_create_plist()
    if layout.get_external_count() or layout.get_layout() == h5py.h5d.VIRTUAL:
        return _("has its values in other files")
    if not {layout.get_filter(k)[0] for k in range(layout.get_nfilters())} <= FILTERS:
        return _("needs a filter of its own")
    if found.dtype.kind not in KINDS and h5py.check_string_dtype(found.dtype) is None:
        return _("has values of type {type}", type=found.dtype)
    return _oversized(found, room)


def _oversized(found: h5py.Dataset, room: int) -> str:
    """What is wrong with the size of a variable: values that nobody stored, or more than memory holds."""
    if not found.size or found.attrs.get("NAME", b"").startswith(NO_VARIABLE):
        return ""
    if found.nbytes > room:
        return _("takes {size:,.0f} GB, more than the memory that is available", size=found.nbytes / 1e9)
    kept = found.id.get_storage_size()
    if found.chunks is None:
        return "" if kept >= found.nbytes else _("has values that are not in the file")
    chunks = math.prod(-(-size // chunk) for size, chunk in zip(found.shape, found.chunks))
    fits = all(chunk <= max(size, 1) for size, chunk in zip(found.shape, found.chunks))
    if not fits or found.id.get_num_chunks() != chunks or found.nbytes > TIGHTEST * kept:
        return _("has values that are not in the file")
    return ""
