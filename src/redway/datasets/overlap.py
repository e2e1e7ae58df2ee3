"""Reading, checking and writing at the same time: one block ahead, so memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

Item = TypeVar("Item")


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items in the same order, the next one made in another thread while this one is used.

    What the iterator raises is raised here, in its turn.
    """
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="redway-read") as thread:
        coming = thread.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, items, end)
            yield cast(Item, item)
