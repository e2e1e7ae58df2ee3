"""Keeping a copy and bringing it back: everything in a data folder, as at one moment, in one checked file."""

from redway.web.backup.making import BackupMade, make_backup
from redway.web.backup.restoring import BackupRestored, record_restore, restore_backup

__all__ = ["BackupMade", "BackupRestored", "make_backup", "record_restore", "restore_backup"]
