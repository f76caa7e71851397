"""One daemon for one database: a lock beside the file, which ends with its process."""

import errno
import fcntl
import os
from pathlib import Path

from autoc.runtime.ports import StoreBusy, StoreFailed

HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


class DaemonLock:
    """Holds `<database>.lock` until it is released or the process ends."""

    def __init__(self, database: Path) -> None:
        """Raises `StoreBusy` when it is held elsewhere, `StoreFailed` when it cannot be taken."""
        path = database.with_name(f"{database.name}.lock")
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreFailed(f"`{path.name}` cannot be made: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            if error.errno not in HELD:
                raise StoreFailed(f"`{path.name}` cannot be locked: {error.strerror}") from error
            by = f" by process {holder}" if holder else ""
            raise StoreBusy(f"the database `{database.name}` is in use{by}") from error

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._file)
