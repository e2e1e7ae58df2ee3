"""Which schools of an authority improvement offers in its lists, and which it leaves out, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from redway.core.words import counted, listed
from redway.improvement.schools import is_state_funded
from redway.web.design.form_fields import Choices
from redway.web.register.models import School
from redway.web.register.queries import schools_of_authority


@dataclass(frozen=True)
class ListedSchools:
    """The open schools that improvement is about, by name, and in words which others there are."""

    schools: tuple[School, ...]
    left_out: str

    @property
    def by_key(self) -> Choices:
        """To choose from on a form."""
        return [(one.key, one.shown_name) for one in self.schools]

    @property
    def by_urn(self) -> Choices:
        """To open the page of one."""
        return [(one.current_urn, one.shown_name) for one in self.schools]


def schools_listed(authority: str) -> ListedSchools:
    """The open schools of an authority that the state pays for; one whose type is not held is listed too."""
    every = list(schools_of_authority(authority))
    others = [one for one in every if not is_state_funded(one.kind)]
    words = ""
    if others:
        is_are = "is" if len(others) == 1 else "are"
        words = (
            f"{counted(len(others), 'other establishment')} {is_are} left out, because improvement is about "
            f"schools the state pays for: {by_type(others)}."
        )
    return ListedSchools(tuple(one for one in every if is_state_funded(one.kind)), words)


def by_type(schools: Iterable[School]) -> str:
    """'2 of type 'Other independent school' and 1 of type 'Further education''."""
    types = Counter(one.kind for one in schools)
    return listed(f"{count} of type '{kind}'" for kind, count in sorted(types.items()))
