"""What all figures have in common once they are registered: a protocol."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Size = tuple[float, float]         # width and height in inches


class Entry(Protocol):
    """A registered figure: it draws its data on an empty Figure of its size."""

    name: str
    title: str
    title_zh: str
    titles: tuple[str, str]
    size: Size | Callable[[Any], Size]

    def __call__(self, data: Any, figure: "Figure", lang: str, /) -> None: ...


class OfComparison(Entry, Protocol):
    """A figure that is drawn where a comparison has the tables that it needs."""

    needs: Iterable[str]
