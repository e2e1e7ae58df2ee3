"""The roles of people in children's services, and the scopes in which they are held. Pure: no Django."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role as the field names it."""

    DIRECTOR = "director"
    DATA_OFFICER = "data_officer"
    ADVISER = "adviser"
    FINANCE_OFFICER = "finance_officer"
    FORUM_MEMBER = "forum_member"
    LADO = "lado"
    DEPUTY_LADO = "deputy_lado"
    NAMED_SENIOR_MANAGER = "named_senior_manager"
    NAMED_SENIOR_OFFICER = "named_senior_officer"
    HEADTEACHER = "headteacher"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    SOCIAL_CARE_MANAGER = "social_care_manager"
    EARLY_HELP_WORKER = "early_help_worker"
    BOARD_MEMBER = "board_member"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def about(self) -> str:
        """What the role does, in one line."""
        return _ABOUT[self]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(role.value, role.label) for role in cls]


_LABELS = {
    Role.DIRECTOR: "Director of children's services",
    Role.DATA_OFFICER: "Data officer",
    Role.ADVISER: "School improvement adviser",
    Role.FINANCE_OFFICER: "Finance officer",
    Role.FORUM_MEMBER: "Schools Forum member",
    Role.LADO: "Local authority designated officer (LADO)",
    Role.DEPUTY_LADO: "Deputy LADO",
    Role.NAMED_SENIOR_MANAGER: "Named senior manager (agency)",
    Role.NAMED_SENIOR_OFFICER: "Named senior officer",
    Role.HEADTEACHER: "Headteacher",
    Role.CHAIR_OF_GOVERNORS: "Chair of governors",
    Role.SOCIAL_CARE_MANAGER: "Social-care manager",
    Role.EARLY_HELP_WORKER: "Early-help worker",
    Role.BOARD_MEMBER: "Improvement-board member",
    Role.ADMINISTRATOR: "Administrator",
}

_ABOUT = {
    Role.DIRECTOR: "Reads everything that is aggregate and chairs the improvement board",
    Role.DATA_OFFICER: "Looks after datasets, the timetable and corrections",
    Role.ADVISER: "Visits schools, agrees targets, challenges and supports",
    Role.FINANCE_OFFICER: "Looks after the formula, deficits and services",
    Role.FORUM_MEMBER: "Reads papers, responds and votes in their own group",
    Role.LADO: "Oversees allegations against people who work with children",
    Role.DEPUTY_LADO: "Stands in for the LADO",
    Role.NAMED_SENIOR_MANAGER: "Refers allegations for their agency and follows their own referrals",
    Role.NAMED_SENIOR_OFFICER: "Has the overview of allegations work",
    Role.HEADTEACHER: "Answers for their own school",
    Role.CHAIR_OF_GOVERNORS: "Chairs the governors of their own school",
    Role.SOCIAL_CARE_MANAGER: "Manages a social-care team and its returns",
    Role.EARLY_HELP_WORKER: "Works with families who need early help",
    Role.BOARD_MEMBER: "Follows the improvement plan, its ratings and papers",
    Role.ADMINISTRATOR: "Looks after accounts and settings",
}


class ScopeKind(StrEnum):
    """How far a grant reaches."""

    NATIONAL = "national"
    AUTHORITY = "authority"
    SCHOOL = "school"
    RECORD = "record"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(kind.value, kind.value.capitalize()) for kind in cls]


_SCHOOL_ROLES = frozenset({Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS})


def scopes_of(role: Role) -> frozenset[ScopeKind]:
    """The scopes in which a role may be held: heads and chairs for a school, advisers for either."""
    if role in _SCHOOL_ROLES:
        return frozenset({ScopeKind.SCHOOL})
    if role is Role.ADVISER:
        return frozenset({ScopeKind.AUTHORITY, ScopeKind.SCHOOL})
    return frozenset({ScopeKind.AUTHORITY})
