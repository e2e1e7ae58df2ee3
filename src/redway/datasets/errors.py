"""What can go wrong with a file, in words a data officer can act on."""

from __future__ import annotations

import errno
import zipfile

from redway.core.errors import RedwayError

NO_ZIP = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError)
"""What opening a damaged ZIP file or workbook raises."""


class UnreadableFile(RedwayError):  # noqa: N818 - says what happened, as in core
    """A file that is broken, empty, locked, too large or of a kind Redway does not read."""


class NotRecognised(RedwayError):  # noqa: N818 - says what happened, as in core
    """A file that can be read, but whose columns fit no known format (or more than one)."""


class Stopped(RedwayError):  # noqa: N818 - says what happened, as in core
    """A file of a known format that must not be loaded, such as made-up rows published for testing."""


class DiskFull(RedwayError):  # noqa: N818 - says what happened, as in core
    """There was no room to finish; what had been written so far was removed."""


FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_full() -> DiskFull:
    return DiskFull(
        "The disk that holds the data folder is full, so the file was not loaded.",
        "Nothing was changed. Free some space (or set REDWAY_HOME to a larger disk) and import it again.",
    )
