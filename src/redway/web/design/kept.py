"""Parts of pages kept in memory while nothing they were made from has changed.

A page about figures changes only with an import, so its heavy part is made once and kept under a key that
names everything it depends on: the build of the figures, the build of the register, what is shown, what the
person may see, the look of its tables and the day. Who may open the page is decided anew each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.utils.safestring import SafeString

MOST_BYTES = 48 * 1024 * 1024
"""The least recently asked for is dropped beyond this, in each server process."""


class KeptParts:
    """Finished markup by key, the least recently used dropped first. Safe between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held: OrderedDict[Hashable, SafeString] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], SafeString]) -> SafeString:
        """The part under this key, made now if it is not held."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        # Made outside the lock: two who ask at once may both make it, and nobody waits for another page.
        made = make()
        with self._lock:
            self._drop(key)
            self._held[key] = made
            self._bytes += len(made)
            while self._bytes > self._most and len(self._held) > 1:
                self._drop(next(iter(self._held)))
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        gone = self._held.pop(key, None)
        if gone is not None:
            self._bytes -= len(gone)


kept_parts = KeptParts()
