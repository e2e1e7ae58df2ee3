"""Who may open which page: the permission matrix as data.

Add your page here when you add an address; a page that is not here fails the build. Each line says:
the URL name, who gets in (role codes, ``ALL`` who are signed in, or ``EVERYBODY``), and the arguments of
the address. ``method`` and ``ok`` (status for those who get in) are for the exceptions.
Everybody else who is signed in gets 404; strangers are sent to the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass

from redway.web.allegations.case_deeds import DEEDS
from redway.web.allegations.models import CaseState
from redway.web.people.roles import Role
from web.allegations.case_of_everything import ITEMS

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
    query: str = ""
    method: str = "get"
    ok: tuple[int, ...] = (200,)

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
    Page("people:remove_factor", ADMINISTRATORS, ("{person}",)),
    Page("people:remove_factor", frozenset(), ("{person_elsewhere}",)),
    Page("people:second", ADMINISTRATORS, ("{person}", "{agreement}")),
    Page("people:second", frozenset(), ("{person_elsewhere}", "{agreement_elsewhere}")),
    # What is asked about somebody else's account is not found, whoever asks.
    Page("people:turn_down", frozenset(), ("{agreement}",), method="post"),
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

HOME = [Page("home:index", ALL)]

HELP = [
    Page("help:index", ALL),
    Page("help:measures", ALL),
    Page("help:subject", ALL, ("money",)),
    Page("help:reading", ALL, ("funnels",)),
    Page("help:work", ALL, ("designated-officer",)),
    Page("api:index", ALL),
    Page("api:openapi", EVERYBODY),
]

SCHOOLS = [
    Page("schools:find", FIGURES | FINANCE | OWN_SCHOOL),
    Page("schools:list_table", FIGURES | FINANCE | OWN_SCHOOL, ("json",)),
    Page("schools:map", FIGURES | FINANCE | OWN_SCHOOL, ("svg",), "?authority=826"),
    Page("schools:profile", FIGURES | FINANCE | OWN_SCHOOL, (SCHOOL,)),
    Page("schools:profile", FIGURES | FINANCE, (OTHER_SCHOOL,)),
    # A finance officer sees finance figures only, and these are about absence and attainment.
    Page("schools:similar", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("schools:similar", FIGURES, (OTHER_SCHOOL,)),
    # Two schools are too few to be likened: those who get in are told that there is no such table.
    Page("schools:similar_table", FIGURES | OWN_SCHOOL, (SCHOOL, "csv"), ok=(200, 404)),
    Page("schools:similar_table", FIGURES, (OTHER_SCHOOL, "csv"), ok=(200, 404)),
    Page("schools:chart", FIGURES | OWN_SCHOOL, (SCHOOL, "overall-absence", "svg")),
    Page("schools:chart", FIGURES, (OTHER_SCHOOL, "overall-absence", "svg")),
    Page("schools:paper", FIGURES | FINANCE | OWN_SCHOOL, (SCHOOL,)),
    Page("schools:paper", FIGURES | FINANCE, (OTHER_SCHOOL,)),
    Page("schools:table", FIGURES | FINANCE | OWN_SCHOOL, (SCHOOL, "every-figure", "csv")),
    Page("schools:table", FIGURES | FINANCE, (OTHER_SCHOOL, "every-figure", "csv")),
]

AUTHORITIES = [
    Page("authorities:index", FIGURES | BOARD),
    Page("authorities:index_table", FIGURES | BOARD, ("csv",)),
    Page("authorities:profile", FIGURES | BOARD, (AUTHORITY,)),
    Page("authorities:profile", FIGURES, (NEIGHBOUR,)),
    Page("authorities:chart", FIGURES | BOARD, (AUTHORITY, "trend-secondary-absence", "svg")),
    Page("authorities:chart", FIGURES, (NEIGHBOUR, "trend-secondary-absence", "svg")),
    Page("authorities:paper", FIGURES | BOARD, (AUTHORITY,)),
    Page("authorities:paper", FIGURES, (NEIGHBOUR,)),
    Page("authorities:table", FIGURES | BOARD, (AUTHORITY, "every-measure", "csv")),
    Page("authorities:table", FIGURES, (NEIGHBOUR, "every-measure", "csv")),
]

MEASURES = [
    Page("measures:index", FIGURES | FINANCE),
    Page("measures:index_table", FIGURES | FINANCE, ("csv",)),
    Page("measures:measure", FIGURES, ("secondary-absence",)),
    Page("measures:measure", FIGURES | FINANCE, ("expenditure-per-pupil",)),
    Page("measures:everyone_table", FIGURES, ("secondary-absence", "csv")),
    Page("measures:chart", FIGURES, ("secondary-absence", "svg")),
    Page("measures:lineage", FIGURES | OWN_SCHOOL, ("overall-absence", "school", SCHOOL, "2017-18")),
    Page("measures:lineage", FIGURES, ("overall-absence", "school", OTHER_SCHOOL, "2017-18")),
    Page("measures:lineage", FIGURES | BOARD, ("secondary-absence", "authority", AUTHORITY, "2018-19")),
    Page("measures:lineage", FIGURES, ("secondary-absence", "authority", NEIGHBOUR, "2018-19")),
]

LOCALITIES = [
    Page("register:localities", DATA, (AUTHORITY,)),
    Page("register:localities", frozenset(), (NEIGHBOUR,)),
    *(
        page
        for name in ("schools", "rename", "withdraw")
        for page in (
            Page(f"register:{name}", DATA, (AUTHORITY, "{locality}")),
            Page(f"register:{name}", frozenset(), (NEIGHBOUR, "{locality_elsewhere}")),
            # A number of another authority's locality leads nowhere under one's own.
            Page(f"register:{name}", frozenset(), (AUTHORITY, "{locality_elsewhere}")),
        )
    ),
]

DATASETS = [
    Page("datasets:index", FIGURES | FINANCE),
    Page("datasets:timetable_table", FIGURES | FINANCE, ("csv",)),
    Page("datasets:agree", DATA, ("ks2-final",)),
    Page("datasets:agree", frozenset(), ("no-such-line",)),
    Page("datasets:proposal", DATA, ("establishments",)),
    Page("datasets:held_table", FIGURES, ("csv",)),
    Page("datasets:upload", DATA),
    Page("datasets:uploaded", LONG_WORK, ("{job}",)),
    Page("datasets:decided", LONG_WORK, ("{job}",)),
    Page("datasets:report", FIGURES, ("{run}",)),
    Page("datasets:errors", DATA, ("{run}", "{outcome}")),
    Page("datasets:dataset", FIGURES, ("absence",)),
    Page("datasets:versions_table", FIGURES, ("absence", "csv")),
    Page("datasets:version", FIGURES, ("{version}",)),
    Page("datasets:accept", DATA, ("{held}",)),
    Page("datasets:withdraw", DATA, ("{version}",)),
    Page("datasets:received_file", DATA, ("{version}",)),
]

VALUE_ADDED = [
    Page("attainment:index", FIGURES | OWN_SCHOOL),
    Page("attainment:schools_table", FIGURES | OWN_SCHOOL, ("csv",)),
    Page("attainment:school_value_added", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_value_added", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:school_value_added_chart", FIGURES | OWN_SCHOOL, (SCHOOL, "caterpillar", "svg")),
    Page("attainment:school_value_added_chart", FIGURES, (OTHER_SCHOOL, "caterpillar", "svg")),
    Page("attainment:school_value_added_table", FIGURES | OWN_SCHOOL, (SCHOOL, "years", "csv")),
    Page("attainment:school_value_added_table", FIGURES, (OTHER_SCHOOL, "years", "csv")),
    Page("attainment:school_value_added_paper", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_value_added_paper", FIGURES, (OTHER_SCHOOL,)),
    # All schools by name: never for whoever holds a role for one school, never in another authority.
    Page("attainment:authority_value_added", FIGURES, (AUTHORITY,)),
    Page("attainment:authority_value_added", frozenset(), (NEIGHBOUR,)),
    Page("attainment:authority_value_added_chart", FIGURES, (AUTHORITY, "caterpillar", "svg")),
    Page("attainment:authority_value_added_chart", frozenset(), (NEIGHBOUR, "caterpillar", "svg")),
    Page("attainment:authority_value_added_table", FIGURES, (AUTHORITY, "schools", "csv")),
    Page("attainment:authority_value_added_table", frozenset(), (NEIGHBOUR, "schools", "csv")),
    Page("attainment:authority_value_added_paper", FIGURES, (AUTHORITY,)),
    Page("attainment:authority_value_added_paper", frozenset(), (NEIGHBOUR,)),
]

HEADS = frozenset({"headteacher"})
ADVISERS = frozenset({"adviser"})
VERIFIERS = HEADS | ADVISERS | {"chair_of_governors"}
NAMES = frozenset({"data_officer", "adviser", "headteacher"})
"""See pupils by name."""
PROPOSED = ("ks4-maths-grade-5", "2026-27")
"""A target that both schools have proposed: what is not its turn leads back to it."""
NOT_ITS_TURN = (302,)


def _step(step: str, allowed: frozenset[str], ok: tuple[int, ...] = (200,)) -> list[Page]:
    """The two pages of a step, at the school and at another; nothing is written yet that could be checked."""
    return [
        Page(f"attainment:target_{step}", allowed, (SCHOOL, *PROPOSED), ok=ok),
        Page(f"attainment:target_{step}", allowed - OWN_SCHOOL, (OTHER_SCHOOL, *PROPOSED), ok=ok),
        Page(f"attainment:target_{step}_check", allowed, (SCHOOL, *PROPOSED), ok=NOT_ITS_TURN),
        Page(f"attainment:target_{step}_check", allowed - OWN_SCHOOL, (OTHER_SCHOOL, *PROPOSED), ok=(302,)),
    ]


TARGETS = [
    Page("attainment:school_targets", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_targets", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:target", FIGURES | OWN_SCHOOL, (SCHOOL, *PROPOSED)),
    Page("attainment:target", FIGURES, (OTHER_SCHOOL, *PROPOSED)),
    Page("attainment:target_chart", FIGURES | OWN_SCHOOL, (SCHOOL, *PROPOSED, "svg")),
    Page("attainment:target_chart", FIGURES, (OTHER_SCHOOL, *PROPOSED, "svg")),
    Page("attainment:target_paper", FIGURES | OWN_SCHOOL, (SCHOOL, *PROPOSED)),
    Page("attainment:target_paper", FIGURES, (OTHER_SCHOOL, *PROPOSED)),
    Page("attainment:target_pupils", NAMES, (SCHOOL, *PROPOSED)),
    Page("attainment:target_pupils", NAMES - OWN_SCHOOL, (OTHER_SCHOOL, *PROPOSED)),
    *_step("propose", HEADS),
    *_step("answer", HEADS, NOT_ITS_TURN),
    *_step("withdraw", HEADS),
    *_step("challenge", ADVISERS),
    *_step("decide", ADVISERS),
    *_step("follow_up", ADVISERS, NOT_ITS_TURN),
    *_step("outturn", ADVISERS, NOT_ITS_TURN),
    Page("attainment:target_verify", VERIFIERS, (SCHOOL, *PROPOSED), ok=NOT_ITS_TURN),
    Page("attainment:target_verify", ADVISERS, (OTHER_SCHOOL, *PROPOSED), ok=NOT_ITS_TURN),
    Page("attainment:authority_targets", FIGURES, (AUTHORITY,)),
    Page("attainment:authority_targets", frozenset(), (NEIGHBOUR,)),
    Page("attainment:authority_targets_table", FIGURES, (AUTHORITY, "csv")),
    Page("attainment:authority_targets_table", frozenset(), (NEIGHBOUR, "csv")),
    Page("attainment:authority_reservations", FIGURES, (AUTHORITY,)),
    Page("attainment:authority_reservations", frozenset(), (NEIGHBOUR,)),
    Page("attainment:authority_reservations_table", FIGURES, (AUTHORITY, "csv")),
    Page("attainment:authority_reservations_table", frozenset(), (NEIGHBOUR, "csv")),
    Page("attainment:target_cycle", DATA, (AUTHORITY, "2026-27")),
    Page("attainment:target_cycle", frozenset(), (NEIGHBOUR, "2026-27")),
]

TRACKING = [
    Page("attainment:school_tracking", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_tracking", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:school_tracking_paper", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_tracking_paper", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:school_tracking_table", FIGURES | OWN_SCHOOL, (SCHOOL, "standings", "csv")),
    Page("attainment:school_tracking_table", FIGURES, (OTHER_SCHOOL, "standings", "csv")),
    Page("attainment:school_tracking_pupils", NAMES, (SCHOOL, "csv")),
    Page("attainment:school_tracking_pupils", NAMES - OWN_SCHOOL, (OTHER_SCHOOL, "csv")),
    Page("attainment:school_target_groups", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_target_groups", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:school_target_groups_pupils", NAMES, (SCHOOL, "csv")),
    Page("attainment:school_target_groups_pupils", NAMES - OWN_SCHOOL, (OTHER_SCHOOL, "csv")),
    Page("attainment:school_gaps", FIGURES | OWN_SCHOOL, (SCHOOL,)),
    Page("attainment:school_gaps", FIGURES, (OTHER_SCHOOL,)),
    Page("attainment:school_gaps_chart", FIGURES | OWN_SCHOOL, (SCHOOL, "svg")),
    Page("attainment:school_gaps_chart", FIGURES, (OTHER_SCHOOL, "svg")),
    Page("attainment:school_gaps_table", FIGURES | OWN_SCHOOL, (SCHOOL, "csv")),
    Page("attainment:school_gaps_table", FIGURES, (OTHER_SCHOOL, "csv")),
    # A pupil by name: never for the chair, the director or another school's head, nor in another authority.
    Page("attainment:pupil", NAMES, ("{pupil}",)),
    Page("attainment:pupil", NAMES - OWN_SCHOOL, ("{pupil_of_another_school}",)),
    Page("attainment:pupil", frozenset(), ("{pupil_elsewhere}",)),
]

REFERRERS = frozenset({"lado", "deputy_lado", "named_senior_manager", "headteacher", "chair_of_governors"})
OFFICERS = frozenset({"lado", "deputy_lado"})

REFERRALS = [
    # Leads each on to a page of theirs, and those who have none nowhere.
    Page("allegations:index", REFERRERS | {"director", "named_senior_officer"}, ok=(302,)),
    Page("allegations:refer", REFERRERS),
    Page("allegations:my_referrals", REFERRERS),
    # What somebody else has begun does not exist, nor does a case one is not named on.
    Page("allegations:referral", frozenset(), ("{draft}",)),
    Page("allegations:referral_section", frozenset(), ("{draft}", "person")),
    Page("allegations:referral_drop", frozenset(), ("{draft}",)),
    Page("allegations:referral_sent", frozenset(), ("{case}",)),
    # A director is named on the cases that need a manager.
    Page("allegations:day", OFFICERS | {"director"}),
    Page("allegations:cases", OFFICERS | {"director"}),
    Page("allegations:advice", OFFICERS | {"director"}),
    # Who entered a concern, and the officers who receive referrals.
    Page("allegations:concerns", OFFICERS),
    Page("allegations:concern_new", OFFICERS),
    Page("allegations:concern", OFFICERS, ("{concern}",)),
    Page("allegations:concern", frozenset(), ("{concern_elsewhere}",)),
    Page("allegations:concern_refer", OFFICERS, ("{concern}",), method="post", ok=(302,)),
    Page("allegations:concern_refer", frozenset(), ("{concern_elsewhere}",), method="post", ok=(302,)),
    Page("allegations:retention", OFFICERS | {"director"}),
    Page("allegations:reviews", OFFICERS | {"director"}),
    Page("allegations:search", OFFICERS | {"director"}),
    Page("allegations:settings", OFFICERS, ok=(302,)),
    Page("allegations:profile", OFFICERS, (AUTHORITY,)),
    Page("allegations:profile", frozenset(), (NEIGHBOUR,)),
]

COUNTERS = OFFICERS | {"director", "named_senior_officer"}
"""Who sees statistics of allegations, without names."""
STATISTICS = [
    Page("allegations:statistics", COUNTERS),
    Page("allegations:report", COUNTERS),
    *(
        Page(f"allegations:{name}", allowed, (number, *parts), method=method, ok=(ok,))
        for allowed, number in ((COUNTERS, AUTHORITY), (frozenset[str](), NEIGHBOUR))
        for name, parts, method, ok in (
            ("statistics_report", ("json",), "get", 200),
            ("statistics_table", ("sector", "csv"), "get", 200),
            ("statistics_chart", ("sector", "svg"), "get", 200),
            ("statistics_keep", (), "post", 302),
        )
    ),
]

LADO = frozenset({"lado"})
"""Named on the case {of_case}; the deputy is not, and the director is named as its manager."""
ON_THE_CASE = LADO | {"director"}


def _deeds() -> list[Page]:
    """Every form page of a case: for those named on it who may work on it, and for nobody on another case."""
    found = []
    for deed in DEEDS:
        item = (ITEMS[deed.slug],) if deed.item else ()
        allowed = frozenset({"director"}) if deed.action == "allegation.close_over" else LADO
        ok = (302,) if CaseState.OPEN not in deed.states else (200,)
        found.append(Page(f"allegations:{deed.page}", allowed, ("{of_case}", *item), ok=ok))
        found.append(Page(f"allegations:{deed.page}", frozenset(), ("{case}", *item)))
    return found


CASES = [
    *(
        page
        for name in ("case", "case_history", "case_chronology")
        for page in (
            Page(f"allegations:{name}", ON_THE_CASE, ("{of_case}",)),
            Page(f"allegations:{name}", frozenset(), ("{case}",)),
        )
    ),
    Page("allegations:case_shared", LADO, ("{of_case}",)),
    Page("allegations:case_shared", frozenset(), ("{case}",)),
    Page("allegations:case_chronology_pdf", ON_THE_CASE, ("{of_case}",)),
    Page("allegations:case_chronology_pdf", frozenset(), ("{case}",)),
    Page("allegations:case_outcome_letter", LADO, ("{of_case}",)),
    Page("allegations:case_outcome_letter", frozenset(), ("{case}",)),
    Page("allegations:case_access_pack", LADO, ("{of_case}",)),
    Page("allegations:case_access_pack", frozenset(), ("{case}",)),
    Page("allegations:case_add_document", LADO, ("{of_case}",)),
    Page("allegations:case_add_document", frozenset(), ("{case}",)),
    Page("allegations:case_document", ON_THE_CASE, ("{of_case}", "{of_document}")),
    Page("allegations:case_document", frozenset(), ("{case}", "{of_document}")),
    Page("allegations:case_shared_document", LADO, ("{of_case}", "{of_document}")),
    Page("allegations:case_shared_document", frozenset(), ("{case}", "{of_document}")),
    # Officers may break the glass of a case they are not named on, in their own authority.
    Page("allegations:case_break_glass", OFFICERS, ("{case}",)),
    Page("allegations:case_break_glass", frozenset(), ("{case_elsewhere}",)),
    *_deeds(),
]

READERS = OWN_SCHOOL | FINANCE | {"forum_member", "director"}
"""Read the papers of the forum of their authority."""
FORUM = [
    Page("forum:index", READERS),
    Page("forum:powers", READERS),
    Page("forum:powers_table", READERS, ("csv",)),
    *(
        page
        for name, parts in (
            ("consultation", ()),
            ("paper", ()),
            ("pack", ("xlsx",)),
            ("schools_table", ("csv",)),
            ("chart", ("1", "svg")),
        )
        for page in (
            Page(f"forum:{name}", READERS, ("{paper}", *parts)),
            Page(f"forum:{name}", FINANCE, ("{paper_draft}", *parts)),
            Page(f"forum:{name}", frozenset(), ("{paper_elsewhere}", *parts)),
        )
    ),
    *(
        page
        for name, parts, method, ok in (
            ("consultation_edit", (), "get", 200),
            ("option_new", (), "get", 200),
            # A published paper never changes: the button leads back with the reason.
            ("option_off", ("1",), "post", 302),
            ("question_new", (), "get", 200),
            ("question_off", ("1",), "post", 302),
            ("publish", (), "get", 200),
            ("withdraw", (), "get", 200),
            ("prolong", (), "get", 200),
            ("responses", (), "get", 200),
            ("not_answered", ("csv",), "get", 200),
            ("analysis", (), "get", 200),
        )
        for page in (
            Page(f"forum:{name}", FINANCE, ("{paper}", *parts), method=method, ok=(ok,)),
            Page(f"forum:{name}", frozenset(), ("{paper_elsewhere}", *parts), method=method),
        )
    ),
    Page("forum:respond", OWN_SCHOOL, ("{paper}", SCHOOL)),
    Page("forum:respond", frozenset(), ("{paper}", OTHER_SCHOOL)),
    Page("forum:respond", frozenset(), ("{paper_elsewhere}", SCHOOL)),
    # Nothing is written yet that could be checked.
    Page("forum:respond_check", OWN_SCHOOL, ("{paper}", SCHOOL), ok=(302,)),
    Page("forum:respond_check", frozenset(), ("{paper}", OTHER_SCHOOL)),
    Page("forum:meeting", READERS, ("{forum_meeting}",)),
    Page("forum:meeting", frozenset(), ("{forum_elsewhere}",)),
    Page("forum:minutes_paper", READERS, ("{forum_minuted}",)),
    Page("forum:minutes_paper", frozenset(), ("{forum_elsewhere}",)),
    Page("forum:vote", frozenset({"forum_member"}), ("{forum_meeting}", "1")),
    Page("forum:vote", frozenset(), ("{forum_elsewhere}", "1")),
    *(
        page
        for name, parts, method, ok in (
            ("meeting_move", (), "get", 200),
            ("attendance", (), "get", 200),
            ("item_new", (), "get", 200),
            ("item_off", ("1",), "post", 302),
            ("vote_for", ("1",), "get", 200),
            ("decide", ("1",), "get", 200),
            ("answer", ("2",), "get", 200),
            ("action_new", (), "get", 200),
            ("action_done", ("{forum_action}",), "get", 200),
            ("minutes", (), "get", 200),
        )
        for page in (
            Page(f"forum:{name}", FINANCE, ("{forum_meeting}", *parts), method=method, ok=(ok,)),
            Page(f"forum:{name}", frozenset(), ("{forum_elsewhere}", *parts), method=method),
        )
    ),
    *(
        page
        for name, allowed in (
            ("members", READERS),
            ("member_new", FINANCE),
            ("consultation_new", FINANCE),
            ("meeting_new", FINANCE),
        )
        for page in (
            Page(f"forum:{name}", allowed, (AUTHORITY,)),
            Page(f"forum:{name}", frozenset(), (NEIGHBOUR,)),
        )
    ),
    Page("forum:member_end", FINANCE, (AUTHORITY, "{forum_seat}")),
    Page("forum:member_end", frozenset(), (NEIGHBOUR, "{forum_seat}")),
]

FORMULA_READERS = FINANCE | {"director"}
"""See rates, schools and scenarios of their authority."""
STATEMENT_READERS = OWN_SCHOOL | FORMULA_READERS
FORMULA_YEAR = "2025-26"
FORMULA = [
    Page("funding:index", READERS),
    *(
        page
        for name, allowed, parts, method, ok in (
            ("workbench", FORMULA_READERS, (), "get", 200),
            ("effect_table", FORMULA_READERS, ("csv",), "get", 200),
            ("effect_chart", FORMULA_READERS, ("gains", "svg"), "get", 200),
            ("checks", FORMULA_READERS, (), "get", 200),
            ("solve", FORMULA_READERS, (), "get", 200),
            ("proforma", FORMULA_READERS, (), "get", 200),
            ("save", FINANCE, (), "post", 302),
            ("copy", FINANCE, (), "get", 200),
            ("name", FINANCE, (), "get", 200),
            ("standing", FINANCE, (), "get", 200),
        )
        for page in (
            Page(f"funding:{name}", allowed, ("{scenario}", *parts), method=method, ok=(ok,)),
            Page(f"funding:{name}", frozenset(), ("{scenario_elsewhere}", *parts), method=method),
        )
    ),
    *(
        page
        for name, allowed, parts in (
            ("year", FORMULA_READERS, ()),
            ("year_table", FORMULA_READERS, ("csv",)),
            ("money", FINANCE, ()),
            ("new", FINANCE, ()),
            ("rates", FORMULA_READERS, ()),
            ("rates_table", FORMULA_READERS, ("csv",)),
            ("rates_pattern", FORMULA_READERS, ()),
            ("take_in_rates", FINANCE, ()),
            ("schools", FORMULA_READERS, ()),
            ("schools_table", FORMULA_READERS, ("csv",)),
            ("take_in_schools", FINANCE, ()),
            ("compare", FORMULA_READERS, ()),
            ("compare_workbook", FORMULA_READERS, ()),
            ("compare_table", FORMULA_READERS, ("csv",)),
        )
        for page in (
            Page(f"funding:{name}", allowed, (AUTHORITY, FORMULA_YEAR, *parts)),
            Page(f"funding:{name}", frozenset(), (NEIGHBOUR, FORMULA_YEAR, *parts)),
        )
    ),
    Page("funding:latest_statement", STATEMENT_READERS, (SCHOOL,), ok=(302,)),
    Page("funding:latest_statement", FORMULA_READERS, (OTHER_SCHOOL,), ok=(302,)),
    *(
        page
        for name, parts in (
            ("statement", ()),
            ("statement_table", ("csv",)),
            ("statement_paper", ()),
            ("why", ("total",)),
        )
        for page in (
            Page(f"funding:{name}", STATEMENT_READERS, (SCHOOL, FORMULA_YEAR, *parts)),
            Page(f"funding:{name}", FORMULA_READERS, (OTHER_SCHOOL, FORMULA_YEAR, *parts)),
        )
    ),
]

BLOCKS = [
    Page("blocks:index", FORMULA_READERS, ok=(302,)),
    *(
        page
        for name, allowed, parts in (
            ("block", FORMULA_READERS, ()),
            ("services", FORMULA_READERS, ()),
            ("service_new", FINANCE, ()),
            ("service", FINANCE, ("{shared_service}",)),
            ("withdraw", FINANCE, ("{shared_service}",)),
            ("fund", FORMULA_READERS, ("growth",)),
            ("take_in_claims", FINANCE, ("growth",)),
            ("notional_sen", FORMULA_READERS, ()),
            ("settle", FINANCE, ()),
            ("other_blocks", FORMULA_READERS, ()),
            ("ahead", FORMULA_READERS, ()),
            ("chart", FORMULA_READERS, ("svg",)),
            ("table", FORMULA_READERS, ("services", "schools", "csv")),
            ("set_down", FINANCE, ("income",)),
        )
        for page in (
            Page(f"blocks:{name}", allowed, (AUTHORITY, FORMULA_YEAR, *parts)),
            Page(f"blocks:{name}", frozenset(), (NEIGHBOUR, FORMULA_YEAR, *parts)),
        )
    ),
]

DEFICIT_READERS = OWN_SCHOOL | FINANCE | {"director"}
"""See balances and licensed deficits: of their own school, or of the authority."""
DECIDERS = FINANCE | {"director"}
SERVICE_READERS = OWN_SCHOOL | FINANCE
YEAR = "2026-27"
DEFICITS = [
    Page("deficits:index", DEFICIT_READERS, ok=(302,)),
    *(
        page
        for name, allowed, parts in (
            ("authority", DECIDERS, ()),
            ("authority_table", DECIDERS, ("csv",)),
            ("at_risk", DECIDERS, ()),
            ("at_risk_table", DECIDERS, ("csv",)),
            ("rules", DECIDERS, ()),
            ("settle", FINANCE, ("deficits",)),
            ("upload", FINANCE, ()),
            ("meetings", DECIDERS, ()),
            ("meetings_table", DECIDERS, ("csv",)),
        )
        for page in (
            Page(f"deficits:{name}", allowed, (AUTHORITY, *parts)),
            Page(f"deficits:{name}", frozenset(), (NEIGHBOUR, *parts)),
        )
    ),
    *(
        page
        for name, allowed, parts in (
            ("school", DEFICIT_READERS, ()),
            ("school_table", DEFICIT_READERS, ("csv",)),
            ("balance", FINANCE, ("2025-26",)),
            ("new_meeting", FINANCE, ()),
        )
        for page in (
            Page(f"deficits:{name}", allowed, (SCHOOL, *parts)),
            Page(f"deficits:{name}", allowed - OWN_SCHOOL, (OTHER_SCHOOL, *parts)),
        )
    ),
    # The school holds a licence already, so it is led there.
    Page("deficits:apply", OWN_SCHOOL, (SCHOOL,), ok=(302,)),
    Page("deficits:apply", frozenset(), (OTHER_SCHOOL,)),
    *(
        page
        for name, allowed, parts in (
            ("licence", DEFICIT_READERS, ()),
            ("returns_table", DEFICIT_READERS, ("csv",)),
            ("withdraw", OWN_SCHOOL, ()),
            ("clear", FINANCE, ()),
        )
        for page in (
            Page(f"deficits:{name}", allowed, ("{deficit}", *parts)),
            Page(f"deficits:{name}", allowed - OWN_SCHOOL, ("{deficit_of_other_school}", *parts)),
        )
    ),
    # What is decided is not decided again; what is not decided has no letter, and asks for no returns.
    Page("deficits:decide", DECIDERS, ("{deficit}",), ok=(302,)),
    Page("deficits:decide", DECIDERS, ("{deficit_of_other_school}",)),
    Page("deficits:letter", DEFICIT_READERS, ("{deficit}",)),
    Page("deficits:letter", frozenset(), ("{deficit_of_other_school}",)),
    Page("deficits:return", OWN_SCHOOL, ("{deficit}", "{deficit_month}")),
    Page("deficits:return", frozenset(), ("{deficit_of_other_school}", "{deficit_month}")),
    Page("deficits:meeting", DEFICIT_READERS, ("{deficit_meeting}",)),
    Page("deficits:meeting", DECIDERS, ("{deficit_meeting_elsewhere}",)),
    Page("deficits:action_done", FINANCE, ("{deficit_meeting}", "{deficit_action}")),
    Page("deficits:action_done", frozenset(), ("{deficit_meeting_elsewhere}", "{deficit_action}")),
]

SERVICES = [
    Page("services:index", SERVICE_READERS, ok=(302,)),
    *(
        page
        for name, allowed, parts in (
            ("catalogue", SERVICE_READERS, (YEAR,)),
            ("catalogue_table", SERVICE_READERS, (YEAR, "csv")),
            ("new_service", FINANCE, (YEAR,)),
            ("service", FINANCE, (YEAR, "HS")),
            ("withdraw", FINANCE, (YEAR, "HS")),
            ("price_list", FINANCE, (YEAR,)),
            ("orders", FINANCE, (YEAR,)),
            ("orders_table", FINANCE, (YEAR, "csv")),
            ("income", FINANCE, (YEAR,)),
            ("income_table", FINANCE, (YEAR, "csv")),
            ("change", FINANCE, (YEAR,)),
            ("change_table", FINANCE, (YEAR, "csv")),
            ("terms", FINANCE, ()),
            ("terms_table", FINANCE, ("csv",)),
        )
        for page in (
            Page(f"services:{name}", allowed, (AUTHORITY, *parts)),
            Page(f"services:{name}", frozenset(), (NEIGHBOUR, *parts)),
        )
    ),
    Page("services:school", SERVICE_READERS, (SCHOOL, YEAR)),
    Page("services:school", FINANCE, (OTHER_SCHOOL, YEAR)),
    Page("services:school_table", SERVICE_READERS, (SCHOOL, YEAR, "csv")),
    Page("services:school_table", FINANCE, (OTHER_SCHOOL, YEAR, "csv")),
    Page("services:order", frozenset({"headteacher"}), (SCHOOL, YEAR)),
    Page("services:order", frozenset(), (OTHER_SCHOOL, YEAR)),
]

ON_THE_BOARD = frozenset({"director", "adviser", "board_member"})
"""Read the improvement plan, own actions of it, judge evidence, read the meetings of its board."""
PLAN_EDITORS = frozenset({"director", "adviser"})
BOARD_PAGES = [
    Page("board:index", ON_THE_BOARD),
    Page("board:ten_minutes", ON_THE_BOARD),
    Page("board:director", frozenset({"director"})),
    Page("board:meetings", ON_THE_BOARD),
    *(
        page
        for name, allowed, parts in (
            ("actions_table", ON_THE_BOARD, ("csv",)),
            ("history_table", ON_THE_BOARD, ("csv",)),
            ("objective_new", PLAN_EDITORS, ()),
            ("import", PLAN_EDITORS, ()),
            ("import_template", PLAN_EDITORS, ()),
            ("meeting_new", frozenset({"director"}), ()),
        )
        for page in (
            Page(f"board:{name}", allowed, (AUTHORITY, *parts)),
            Page(f"board:{name}", frozenset(), (NEIGHBOUR, *parts)),
        )
    ),
    *(
        page
        for name, allowed, parts in (
            ("objective", ON_THE_BOARD, ()),
            ("chart", ON_THE_BOARD, ("{measure}", "svg")),
            ("objective_edit", PLAN_EDITORS, ()),
            ("objective_withdraw", PLAN_EDITORS, ()),
            ("objective_delete", PLAN_EDITORS, ()),
            ("measure", ON_THE_BOARD, ("{measure}",)),
            ("indicator_choose", PLAN_EDITORS, ()),
            ("measure_new", PLAN_EDITORS, ()),
            ("measure_edit", PLAN_EDITORS, ("{measure}",)),
            ("measure_rebaseline", PLAN_EDITORS, ("{measure}",)),
            ("reading_new", PLAN_EDITORS, ("{measure}",)),
            ("risk_new", PLAN_EDITORS, ()),
            ("risk_close", PLAN_EDITORS, ("{risk}",)),
            ("action_new", PLAN_EDITORS, ()),
        )
        for page in (
            Page(f"board:{name}", allowed, ("{objective}", *parts)),
            Page(f"board:{name}", frozenset(), ("{objective_elsewhere}", *parts)),
        )
    ),
    # The action is approved already: the button leads back with the reason.
    Page("board:approve", PLAN_EDITORS, ("{action}",), method="post", ok=(302,)),
    Page("board:approve", frozenset(), ("{action_elsewhere}",), method="post"),
    *(
        page
        for name, allowed, parts in (
            ("action", ON_THE_BOARD, ()),
            ("action_edit", PLAN_EDITORS, ()),
            ("rate", ON_THE_BOARD, ()),
            ("move", PLAN_EDITORS, ()),
            ("complete", ON_THE_BOARD, ()),
            ("reopen", ON_THE_BOARD, ()),
            ("reopening_answer", ON_THE_BOARD, ("{reopening}",)),
            ("withdraw", PLAN_EDITORS, ()),
            ("depend", PLAN_EDITORS, ()),
            ("milestone_new", ON_THE_BOARD, ()),
            ("milestone_done", ON_THE_BOARD, ("{milestone}",)),
            ("milestone_move", PLAN_EDITORS, ("{milestone}",)),
            ("evidence_new", ON_THE_BOARD, ()),
            ("evidence_judge", ON_THE_BOARD, ("{evidence}",)),
        )
        for page in (
            Page(f"board:{name}", allowed, ("{action}", *parts)),
            Page(f"board:{name}", frozenset(), ("{action_elsewhere}", *parts)),
        )
    ),
    # A frozen pack never changes: the button leads back with the reason.
    Page("board:item_off", frozenset({"director"}), ("{board_meeting}", "1"), method="post", ok=(302,)),
    Page("board:item_off", frozenset(), ("{board_elsewhere}", "1"), method="post"),
    *(
        page
        for name, allowed, parts in (
            ("meeting", ON_THE_BOARD, ()),
            ("pack", ON_THE_BOARD, ("restricted",)),
            ("pack", ON_THE_BOARD, ("public",)),
            ("pack_file", ON_THE_BOARD, ("restricted", "xlsx")),
            ("pack_chart", ON_THE_BOARD, ("restricted", "1", "0", "svg")),
            ("item_new", frozenset({"director"}), ()),
            ("freeze", frozenset({"director"}), ()),
            ("decide", frozenset({"director"}), ()),
            ("task_new", frozenset({"director"}), ()),
            ("task_done", ON_THE_BOARD, ("{board_task}",)),
            ("minutes", frozenset({"director"}), ()),
        )
        for page in (
            Page(f"board:{name}", allowed, ("{board_meeting}", *parts)),
            Page(f"board:{name}", frozenset(), ("{board_elsewhere}", *parts)),
        )
    ),
]

CONCERNS = frozenset({"director", "adviser"})
"""See what is known of schools, their categories and triage meetings."""
IMPROVEMENT = [
    Page("improvement:index", FIGURES | OWN_SCHOOL | BOARD),
    Page("improvement:first", FIGURES, ok=(302,)),
    Page("improvement:own", OWN_SCHOOL, ok=(302,)),
    *(
        page
        for name, allowed, parts in (
            ("early_warning", FIGURES, ()),
            ("score_again", frozenset({"adviser", "data_officer"}), ()),
            ("concerns", CONCERNS, ()),
            ("concerns_table", CONCERNS, ("csv",)),
            ("triggers", CONCERNS, ()),
            ("triggers_table", CONCERNS, ("csv",)),
            ("categories", CONCERNS, ()),
            ("settle", CONCERNS, ()),
            ("triage", CONCERNS, ()),
            ("new_triage", CONCERNS, ()),
        )
        for page in (
            Page(f"improvement:{name}", allowed, (AUTHORITY, *parts)),
            Page(f"improvement:{name}", frozenset(), (NEIGHBOUR, *parts)),
        )
    ),
    *(
        page
        for name, allowed in (
            ("school", FIGURES),
            ("concern", CONCERNS),
            ("record", CONCERNS),
            ("propose", CONCERNS),
        )
        for page in (
            Page(f"improvement:{name}", allowed, (SCHOOL,)),
            Page(f"improvement:{name}", allowed, (OTHER_SCHOOL,)),
        )
    ),
    Page("improvement:own_school", OWN_SCHOOL, (SCHOOL,)),
    Page("improvement:own_school", frozenset(), (OTHER_SCHOOL,)),
    Page("improvement:own_answer", OWN_SCHOOL, (SCHOOL,)),
    Page("improvement:own_answer", frozenset(), (OTHER_SCHOOL,)),
    *(
        page
        for name, allowed, parts in (
            ("score_set", FIGURES, ()),
            ("list_table", FIGURES, ("xlsx",)),
            ("evidence", FIGURES, ()),
            ("evidence_table", FIGURES, ("csv",)),
            ("sign_off", frozenset({"director"}), ()),
        )
        for page in (
            Page(f"improvement:{name}", allowed, ("{score_set}", *parts)),
            Page(f"improvement:{name}", frozenset(), ("{score_set_elsewhere}", *parts)),
        )
    ),
    *(
        page
        for name, key in (("decide", "school_concern"), ("close", "school_concern"), ("withdraw", "known"))
        for page in (
            Page(f"improvement:{name}", CONCERNS, (f"{{{key}}}",)),
            Page(f"improvement:{name}", frozenset(), (f"{{{key}_elsewhere}}",)),
        )
    ),
    *(
        page
        for name, parts, method, ok in (
            ("triage_meeting", (), "get", 200),
            ("triage_table", ("csv",), "get", 200),
            ("triage_name", (), "get", 200),
            ("triage_take_off", (SCHOOL,), "post", 302),
            ("triage_seal", (), "get", 200),
            ("triage_decide", (SCHOOL,), "get", 200),
            ("triage_close", (), "get", 200),
        )
        for page in (
            Page(f"improvement:{name}", CONCERNS, ("{triage}", *parts), method=method, ok=(ok,)),
            Page(f"improvement:{name}", frozenset(), ("{triage_elsewhere}", *parts), method=method),
        )
    ),
]

ADVISER = frozenset({"adviser"})
HEAD = frozenset({"headteacher"})
SUPPORT_OFFICERS = ADVISER | {"director"}
SUPPORT_READERS = SUPPORT_OFFICERS | OWN_SCHOOL

SUPPORT = [
    # Who has one place alone is led there.
    Page("support:index", SUPPORT_READERS, ok=(302,)),
    *(
        page
        for name, allowed, parts in (
            ("authority", SUPPORT_OFFICERS, ()),
            ("programmes_table", SUPPORT_OFFICERS, ("csv",)),
            ("follow_ups", SUPPORT_OFFICERS, ()),
            ("follow_ups_table", SUPPORT_OFFICERS, ("csv",)),
            ("visits", SUPPORT_OFFICERS, ()),
            ("visits_table", SUPPORT_OFFICERS, ("csv",)),
            ("days", SUPPORT_OFFICERS, ()),
            ("days_table", SUPPORT_OFFICERS, ("csv",)),
            ("advisers_table", SUPPORT_OFFICERS, ("csv",)),
            ("brokering", SUPPORT_OFFICERS, ()),
            ("offers_table", SUPPORT_OFFICERS, ("csv",)),
            ("brokered_table", SUPPORT_OFFICERS, ("csv",)),
            ("ledger", SUPPORT_OFFICERS, ()),
            ("ledger_table", SUPPORT_OFFICERS, ("csv",)),
            ("target_ledger_table", SUPPORT_OFFICERS, ("csv",)),
            ("alert_new", ADVISER, ()),
        )
        for page in (
            Page(f"support:{name}", allowed, (AUTHORITY, *parts)),
            Page(f"support:{name}", frozenset(), (NEIGHBOUR, *parts)),
        )
    ),
    Page("support:latest_list", ADVISER, (AUTHORITY,), method="post", ok=(302,)),
    Page("support:latest_list", frozenset(), (NEIGHBOUR,), method="post"),
    *(
        page
        for name, allowed, parts in (
            ("school", SUPPORT_READERS, ()),
            ("programme_start", ADVISER, ()),
            ("visit_plan", ADVISER, ()),
            ("offer", HEAD, ()),
            ("broker", ADVISER, ()),
            ("allot", ADVISER, ("2026-27",)),
        )
        for page in (
            Page(f"support:{name}", allowed, (SCHOOL, *parts)),
            Page(f"support:{name}", allowed - OWN_SCHOOL, (OTHER_SCHOOL, *parts)),
        )
    ),
    *(
        page
        for name, allowed, parts in (
            ("programme", SUPPORT_READERS, ()),
            ("step", ADVISER, ("1",)),
            ("programme_end", ADVISER, ()),
        )
        for page in (
            Page(f"support:{name}", allowed, ("{programme}", *parts)),
            Page(f"support:{name}", allowed - OWN_SCHOOL, ("{programme_of_other}", *parts)),
        )
    ),
    *(
        page
        for name, allowed, parts in (
            ("visit", SUPPORT_READERS, ()),
            ("visit_move", ADVISER, ()),
            ("visit_withdraw", ADVISER, ()),
            ("school_part", HEAD, ()),
            ("visitor_part", ADVISER, ()),
            ("moderate", ADVISER, ()),
            ("follow_up_new", ADVISER, ()),
            ("follow_up", ADVISER | HEAD, ("1",)),
        )
        for page in (
            Page(f"support:{name}", allowed, ("{visit}", *parts)),
            Page(f"support:{name}", allowed - OWN_SCHOOL, ("{visit_of_other}", *parts)),
        )
    ),
    Page("support:publish", HEAD, ("{visit}",), method="post", ok=(302,)),
    Page("support:publish", frozenset(), ("{visit_of_other}",), method="post"),
    Page("support:offer_withdraw", ADVISER | HEAD, ("{help_offered}",)),
    Page("support:offer_withdraw", ADVISER, ("{help_offered_by_other}",)),
    Page("support:brokered_end", ADVISER, ("{help_brokered}",)),
    Page("support:alert", ADVISER, ("{alert}",)),
    Page("support:alert_outcome", ADVISER, ("{alert}",)),
]

_TODAYS = "report-card"
REVIEWS = [
    # Officers of one authority are led to it.
    Page("reviews:index", SUPPORT_READERS, ok=(200, 302)),
    *(
        page
        for name, allowed, parts, method, ok in (
            ("authority", SUPPORT_OFFICERS, (), "get", 200),
            ("reviews_table", SUPPORT_OFFICERS, ("csv",), "get", 200),
            ("begin", SUPPORT_OFFICERS, (), "get", 200),
            ("strategy", SUPPORT_READERS, (), "get", 200),
            ("strategy_write", SUPPORT_OFFICERS, (), "get", 200),
            ("strategy_publish", SUPPORT_OFFICERS, (), "post", 302),
        )
        for page in (
            Page(f"reviews:{name}", allowed, (AUTHORITY, *parts), method=method, ok=(ok,)),
            Page(f"reviews:{name}", frozenset(), (NEIGHBOUR, *parts), method=method),
        )
    ),
    Page("reviews:review", SUPPORT_READERS, ("{review_published}",)),
    # One that is not published, of another school or of the authority's work is not the school's to read.
    Page("reviews:review", SUPPORT_OFFICERS, ("{review_open}",)),
    Page("reviews:review", SUPPORT_OFFICERS, ("{review_of_other}",)),
    Page("reviews:review", SUPPORT_OFFICERS, ("{review_of_authority}",)),
    *(
        Page(f"reviews:{name}", SUPPORT_OFFICERS, ("{review_open}", *parts), method=method, ok=(ok,))
        for name, parts, method, ok in (
            ("focus_new", (), "get", 200),
            ("focus_rate", ("1",), "get", 200),
            ("evidence_new", (), "get", 200),
            ("finding_new", (), "get", 200),
            ("recommendation_new", (), "get", 200),
            ("publish", (), "post", 302),
            ("withdraw", (), "get", 200),
            # Refused on the page: it is not published.
            ("hand_over", ("1",), "post", 302),
        )
    ),
    Page("reviews:readiness", SUPPORT_READERS, (SCHOOL,)),
    Page("reviews:readiness", SUPPORT_OFFICERS, (OTHER_SCHOOL,)),
    Page("reviews:judge", HEAD, (SCHOOL, _TODAYS, "inclusion")),
    Page("reviews:judge", frozenset(), (OTHER_SCHOOL, _TODAYS, "inclusion")),
    Page("reviews:keep_evidence", HEAD, (SCHOOL, _TODAYS, "achievement")),
    Page("reviews:keep_evidence", frozenset(), (OTHER_SCHOOL, _TODAYS, "achievement")),
    Page("reviews:withdraw_evidence", HEAD, (SCHOOL, "{own_evidence}")),
    Page("reviews:withdraw_evidence", frozenset(), (OTHER_SCHOOL, "{own_evidence}")),
]

ROOMS = {
    "people": PEOPLE,
    "sign-in": SIGN_IN,
    "audit": AUDIT,
    "long work": JOBS,
    "home": HOME,
    "help": HELP,
    "schools": SCHOOLS,
    "authorities": AUTHORITIES,
    "measures": MEASURES,
    "datasets": DATASETS,
    "localities": LOCALITIES,
    "value added": VALUE_ADDED,
    "targets": TARGETS,
    "referrals": REFERRALS,
    "statistics of allegations": STATISTICS,
    "cases": CASES,
    "tracking": TRACKING,
    "deficits": DEFICITS,
    "services to schools": SERVICES,
    "support and visits": SUPPORT,
    "reviews and strategy": REVIEWS,
    "improvement": IMPROVEMENT,
    "improvement board": BOARD_PAGES,
    "schools forum": FORUM,
    "formula": FORMULA,
    "money beside the formula": BLOCKS,
}
MATRIX = [page for pages in ROOMS.values() for page in pages]
