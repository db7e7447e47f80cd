"""What the driver asks of an engine: a protocol that threads, processes and a dask cluster keep."""

from typing import Protocol, TypeVar

Chunk = TypeVar("Chunk", contravariant=True)
Result = TypeVar("Result")


class Engine(Protocol[Chunk, Result]):
    """Does chunks that it is given under numbers, so many at once as it has workers."""

    @property
    def workers(self) -> int: ...

    @property
    def chunks_a_worker(self) -> int: ...

    def submit(self, number: int, chunk: Chunk, alone: bool = False) -> None:
        """Give a chunk, under a number, to whoever is free."""

    def finished(self, timeout: float, /) -> list[tuple[int, Result | BaseException]]:
        """(number, result or exception) of the chunks that have ended."""

    def held(self) -> set[int]:
        """Numbers of the chunks that are waiting or under way."""

    def close(self) -> None:
        """End the workers."""


class Reclaiming(Engine[Chunk, Result], Protocol[Chunk, Result]):
    """An engine whose chunks may have a limit of time."""

    def take_back(self) -> list[tuple[int, Result | BaseException]]:
        """Take all chunks back; those just finished come back with results, the others as `Lost`."""
