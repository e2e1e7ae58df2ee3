"""Tables whose rows are neither kept in a backup nor brought back from one.

A session's key is what lets its browser in: with one from last night's backup a thief would be signed in.
What the cache holds is unpickled when it is read: a crafted backup could run a program by it. Both last hours
only, and after a restore everybody signs in anew.
"""

from __future__ import annotations

TABLES = ("django_session", "usersessions_usersession", "redway_cache")
