"""Who may open which page: the permission matrix as data.

Add your page here when you add an address; a page that is not here fails the build. Each line says:
the URL name, who gets in (role codes, ``ALL`` who are signed in, or ``EVERYBODY``), and the arguments of
the address. ``method``, ``ok`` (status for those who get in) and ``needs_record`` are for the exceptions.
Everybody else who is signed in gets 404; strangers are sent to the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from redway.web.people.roles import Role

ALL = frozenset(role.value for role in Role)
EVERYBODY = ALL | {"anonymous"}
ADMINISTRATORS = frozenset({"administrator"})
FIGURES = frozenset({"director", "data_officer", "adviser"})
"""See the published figures of every school and authority."""
FINANCE = frozenset({"finance_officer"})
OWN_SCHOOL = frozenset({"headteacher", "chair_of_governors"})
BOARD = frozenset({"board_member"})
DATA = frozenset({"data_officer"})
LONG_WORK = frozenset({"data_officer", "administrator"})

SCHOOL, OTHER_SCHOOL = "110532", "110517"
AUTHORITY, NEIGHBOUR = "826", "822"


@dataclass(frozen=True)
class Page:
    """One address and who gets in. ``args`` may name parts of the world, such as ``"{person}"``."""

    name: str
    allowed: frozenset[str]
    args: tuple[str, ...] = ()
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    ok: tuple[int, ...] = (200,)
    anonymous: int | None = None
    """Status for strangers where it is neither the sign-in page (302) nor that of everybody."""

    @property
    def title(self) -> str:
        return f"{self.name} {' '.join(self.args)}".strip()


PEOPLE = [
    Page("people:index", ADMINISTRATORS),
    Page("people:index_export", ADMINISTRATORS, ("csv",)),
    Page("people:invite", ADMINISTRATORS),
    Page("people:roles", ALL),
    Page("people:person", ADMINISTRATORS, ("{person}",)),
    Page("people:person", frozenset(), ("{person_elsewhere}",)),
    Page("people:correct", ADMINISTRATORS, ("{person}",)),
    Page("people:correct", frozenset(), ("{person_elsewhere}",)),
    Page("people:give_role", ADMINISTRATORS, ("{person}",)),
    Page("people:give_role", frozenset(), ("{person_elsewhere}",)),
    Page("people:end_role", ADMINISTRATORS, ("{person}", "{grant}")),
    Page("people:end_role", frozenset(), ("{person_elsewhere}", "{grant_elsewhere}")),
    Page("people:end", ADMINISTRATORS, ("{person}",)),
    Page("people:end", frozenset(), ("{person_elsewhere}",)),
    Page("people:bring_back", ADMINISTRATORS, ("{person}",)),
    Page("people:bring_back", frozenset(), ("{person_elsewhere}",)),
    Page("people:link", ADMINISTRATORS, ("{person}",)),
    Page("people:link", frozenset(), ("{person_elsewhere}",)),
    Page("people:welcome", EVERYBODY, ("{link}",)),
    Page("people:account", ALL),
    Page("people:no_role", EVERYBODY),
    Page("people:make_token", ALL),
    # A token of somebody else is not found, whoever asks.
    Page("people:end_token", frozenset(), ("{token}",), method="post"),
]

SIGN_IN = [
    # Those who are in already are led to their home page.
    Page("account_login", EVERYBODY, ok=(200, 302)),
    Page("mfa_authenticate", EVERYBODY, ok=(302,)),
    Page("account_logout", ALL),
    Page("account_reauthenticate", ALL),
    # Those who have no second factor are led back or see that there is none.
    Page("mfa_reauthenticate", ALL, ok=(302, 403)),
    Page("account_change_password", ALL),
    Page("mfa_index", ALL),
    Page("mfa_activate_totp", ALL),
    Page("mfa_deactivate_totp", frozenset()),
    Page("mfa_view_recovery_codes", frozenset()),
    Page("mfa_generate_recovery_codes", ALL),
    Page("mfa_download_recovery_codes", frozenset()),
    Page("usersessions_list", ALL),
]

AUDIT = [
    Page("audit:index", ADMINISTRATORS),
    Page("audit:index_export", ADMINISTRATORS, ("csv",)),
    Page("audit:check", ADMINISTRATORS, method="post"),
]

JOBS = [
    Page("jobs:index", LONG_WORK),
    Page("jobs:job", LONG_WORK, ("{job}",)),
    Page("jobs:progress", LONG_WORK, ("{job}",)),
    Page("jobs:cancel", LONG_WORK, ("{job}",), method="post", ok=(302,)),
]

HELP = [
    Page("help:index", ALL),
    Page("help:measures", ALL),
    Page("help:reading", ALL, ("funnels",)),
]

MATRIX = [*PEOPLE, *SIGN_IN, *AUDIT, *JOBS, *HELP]
