"""Who may do what, as one table, and the one rule that reads it. Pure: no Django, no clock.

The table follows "People and what they may see" in the plan of the pages. Whatever is not in it is
refused. ``docs/reference/permissions.md`` is generated from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.web.people.roles import Role, ScopeKind


class Reach(StrEnum):
    """How far an action goes for those who have it."""

    EVERYWHERE = "everywhere"
    IN_SCOPE = "in scope"
    NAMED = "named"

    @property
    def sentence(self) -> str:
        return {
            Reach.EVERYWHERE: "everywhere in England",
            Reach.IN_SCOPE: "in the authority or school the role is held for",
            Reach.NAMED: "only on records they are named on",
        }[self]


ACTIONS: dict[str, str] = {
    "school.find": "Find a school by name, number or place",
    "school.view": "Open a school's profile: register entry, history and inspections",
    "school.figures": "See a school's published figures and benchmarks",
    "authority.view": "Open an authority's profile and its comparison with neighbours",
    "measure.view": "Open a measure: every school or authority on a funnel, and the distribution",
    "lineage.view": "Follow a figure to the file, version and row it came from",
    "timetable.view": "See which dataset is due when, and what is late",
    "timetable.edit": "Agree when a dataset is due, from whom, and who answers for it",
    "dataset.view": "See the versions of a dataset and its check reports",
    "dataset.upload": "Upload a file",
    "dataset.accept": "Accept or reject a version that was held",
    "dataset.withdraw": "Withdraw a version, with a reason",
    "dataset.download": "Download a file as it was received, or the list of its errors",
    "job.view": "Follow a piece of long work",
    "job.cancel": "Cancel a piece of long work",
    "locality.edit": "Define localities and put schools in them",
    "value_added.view": "See what a school adds to its pupils' progress, from pupil records",
    "tracking.view": "See a school's cohorts on track: groups, gaps and target groups, without names",
    "pupil.view": "See pupils by name and open one pupil's page",
    "target.view": "See a school's estimates, targets, challenge and outturns",
    "target.propose": "Set a school's target and answer a challenge to it",
    "target.challenge": "Challenge a school's target and record whether it is agreed",
    "target.verify": "Put one's name to an agreed target as one of its three verifiers",
    "allegation.refer": "Refer an allegation to the designated officer, or ask for advice",
    "allegation.follow": "Follow one's own referrals: how they stand, and nothing else",
    "allegation.list": "See the cases one is named on, and what is due on them",
    "allegation.view": "Open a case",
    "allegation.work": "Evaluate, record and decide on a case, name others on it, close it",
    "allegation.close_over": "Close a case with things outstanding, for a reason that is reported",
    "allegation.shared": "See what of a case is shared with an officer of another authority",
    "allegation.break_glass": "Open a case one is not named on: for an hour, for a reason that is reported",
    "allegation.statistics": "See statistics and the annual report of allegations, without names",
    "allegation.settings": "Settle the local profile: rules, who receives referrals, reminders",
    "funding.view": "See the formula of an authority: rates, schools, scenarios and their effect",
    "funding.edit": "Change the formula: load rates and schools, save scenarios, put one in force",
    "funding.statement": "Read what a school gets under the formula, line by line",
    "deficit.view": "See balances, licensed deficits and recovery plans of schools",
    "deficit.apply": "Apply for a licensed deficit and send its monthly returns",
    "deficit.decide": "Decide on an application for a licensed deficit",
    "deficit.keep": "Keep balances, forecasts and rules of deficits, and the register of meetings",
    "service.view": "See the catalogue of services to schools, with one's own orders",
    "service.order": "Order services for a school",
    "service.manage": "Keep the catalogue of services, and see income, price changes and terms",
    "forum.view": "Read the papers, meetings and decisions of the Schools Forum",
    "forum.manage": "Run the Schools Forum: consultations, meetings, votes, decisions and minutes",
    "forum.respond": "Answer a consultation on school funding for one's own school",
    "forum.vote": "Vote at the Schools Forum, on what one's own group decides",
    "support.view": "See support, visits and days: a school's people those of their own school",
    "support.manage": "Run programmes of support, broker it between schools, allot days, keep the ledger",
    "support.offer": "Offer other schools the help of one's own school",
    "visit.write": "Plan visits, write the visitor's part of a note, moderate another adviser's",
    "visit.answer": "Write the school's part of a visit to one's own school",
    "review.view": "Read reviews, the strategy, and how schools judge themselves before an inspection",
    "review.manage": "Carry out reviews, hand recommendations over to the plan, publish the strategy",
    "review.evaluate": "Write one's own school's self-evaluation, with its evidence",
    "early_warning.view": "See where to look first: scores of schools, and how well such scores did",
    "early_warning.sign_off": "Sign off that scores are shown though false alarms pass a limit of fairness",
    "early_warning.score": "Score the schools of an authority again from the files held",
    "concern.view": "See what is known of schools causing concern, their categories and decisions",
    "concern.record": "Write down what is known of a school, and propose a category",
    "concern.decide": "Decide on categories, run triage meetings, settle the list of categories",
    "improvement.own_school": "See the category of one's own school, with its reasons, and answer",
    "plan.view": "Read the improvement plan: objectives, measures, actions, colours and their history",
    "plan.edit": "Keep the improvement plan: objectives, measures, actions, dates, risks; take in a plan",
    "plan.rate": "Own actions of the plan: rate them, enter milestones and evidence",
    "plan.accept_evidence": "Accept or turn down evidence of actions one does not own",
    "board.view": "Read meetings of the improvement board, their packs, minutes and decisions",
    "board.manage": "Run the improvement board: meetings, agenda, frozen packs, minutes and decisions",
    "people.view": "See who has an account and which roles they hold",
    "people.manage": "Invite people, give and end roles, end accounts",
    "audit.view": "Search and export the audit trail",
}
"""Action -> what it lets a person do. An action that is not here does not exist."""


@dataclass(frozen=True)
class Rule:
    """How far one role may take one action. ``topics`` narrows figures to some subjects."""

    reach: Reach
    topics: frozenset[str] | None = None

    @property
    def sentence(self) -> str:
        if self.topics is None:
            return self.reach.sentence
        return f"{self.reach.sentence}; only {' and '.join(sorted(self.topics))}"


EVERYWHERE = Rule(Reach.EVERYWHERE)
IN_SCOPE = Rule(Reach.IN_SCOPE)
NAMED = Rule(Reach.NAMED)
FINANCE_EVERYWHERE = Rule(Reach.EVERYWHERE, frozenset({"finance"}))

_PUBLISHED_FIGURES: dict[str, Rule] = {
    "school.find": EVERYWHERE,
    "school.view": EVERYWHERE,
    "school.figures": EVERYWHERE,
    "authority.view": EVERYWHERE,
    "measure.view": EVERYWHERE,
    "lineage.view": EVERYWHERE,
    "timetable.view": EVERYWHERE,
    "dataset.view": EVERYWHERE,
}
_DESIGNATED_OFFICER: dict[str, Rule] = {
    "allegation.refer": IN_SCOPE,
    "allegation.follow": NAMED,
    "allegation.list": NAMED,
    "allegation.view": NAMED,
    "allegation.work": NAMED,
    "allegation.shared": NAMED,
    "allegation.break_glass": IN_SCOPE,
    "allegation.statistics": IN_SCOPE,
    "allegation.settings": IN_SCOPE,
}
"""A case is open to the officers named on it, never to a line or a team."""
_REFERRER: dict[str, Rule] = {"allegation.refer": IN_SCOPE, "allegation.follow": NAMED}

_OWN_SCHOOL: dict[str, Rule] = {
    "school.find": IN_SCOPE,
    "school.view": IN_SCOPE,
    "school.figures": IN_SCOPE,
    "lineage.view": IN_SCOPE,
}

_FORMULA: dict[str, Rule] = {"funding.view": IN_SCOPE, "funding.statement": IN_SCOPE}
_DEFICITS_OF_AN_AUTHORITY: dict[str, Rule] = {"deficit.view": IN_SCOPE, "deficit.decide": IN_SCOPE}
"""Who of the two may decide follows from the amount: see ``funding.deficits.level_for``."""
_FORUM_OF_A_SCHOOL: dict[str, Rule] = {"forum.view": IN_SCOPE, "forum.respond": IN_SCOPE}
"""Papers of the authority in which the school lies; answers for the school alone."""
_MONEY_OF_A_SCHOOL: dict[str, Rule] = {
    "funding.statement": IN_SCOPE,
    "deficit.view": IN_SCOPE,
    "deficit.apply": IN_SCOPE,
    "service.view": IN_SCOPE,
}

_CONCERNS: dict[str, Rule] = {
    "early_warning.view": IN_SCOPE,
    "concern.view": IN_SCOPE,
    "concern.record": IN_SCOPE,
    "concern.decide": IN_SCOPE,
}
"""Early warning and schools causing concern, of one's own authority."""

_PROGRESS: dict[str, Rule] = {
    "value_added.view": IN_SCOPE,
    "tracking.view": IN_SCOPE,
    "target.view": IN_SCOPE,
}
"""From an authority's own pupil records: never beyond the authority or school a role is held for."""

_SUPPORT_OF_A_SCHOOL: dict[str, Rule] = {"support.view": IN_SCOPE, "review.view": IN_SCOPE}
"""The own school's part alone: what lies in the whole authority is not in a school's scope."""

_BOARD: dict[str, Rule] = {
    "plan.view": IN_SCOPE,
    "plan.rate": IN_SCOPE,
    "plan.accept_evidence": IN_SCOPE,
    "board.view": IN_SCOPE,
}
"""Who owns an action rates it and never accepts its evidence: the service looks at the action itself."""

TABLE: Mapping[Role, Mapping[str, Rule]] = {
    Role.DIRECTOR: {
        **_PUBLISHED_FIGURES,
        "forum.view": IN_SCOPE,
        **_PROGRESS,
        **_FORMULA,
        **_DEFICITS_OF_AN_AUTHORITY,
        **_CONCERNS,
        "early_warning.sign_off": IN_SCOPE,
        "support.view": IN_SCOPE,
        "review.view": IN_SCOPE,
        "review.manage": IN_SCOPE,
        **_BOARD,
        "plan.edit": IN_SCOPE,
        "board.manage": IN_SCOPE,
        "allegation.list": NAMED,
        "allegation.view": NAMED,
        "allegation.close_over": NAMED,
        "allegation.statistics": IN_SCOPE,
    },
    Role.DATA_OFFICER: {
        **_PUBLISHED_FIGURES,
        **_PROGRESS,
        "early_warning.view": IN_SCOPE,
        "early_warning.score": IN_SCOPE,
        "pupil.view": IN_SCOPE,
        "timetable.edit": EVERYWHERE,
        "dataset.upload": EVERYWHERE,
        "dataset.accept": EVERYWHERE,
        "dataset.withdraw": EVERYWHERE,
        "dataset.download": EVERYWHERE,
        "job.view": EVERYWHERE,
        "job.cancel": EVERYWHERE,
        "locality.edit": IN_SCOPE,
    },
    Role.ADVISER: {
        **_PUBLISHED_FIGURES,
        **_PROGRESS,
        **_CONCERNS,
        "early_warning.score": IN_SCOPE,
        **_BOARD,
        "plan.edit": IN_SCOPE,
        "pupil.view": IN_SCOPE,
        "target.challenge": IN_SCOPE,
        "target.verify": IN_SCOPE,
        "support.view": IN_SCOPE,
        "support.manage": IN_SCOPE,
        "visit.write": IN_SCOPE,
        "review.view": IN_SCOPE,
        "review.manage": IN_SCOPE,
    },
    Role.FINANCE_OFFICER: {
        "school.find": EVERYWHERE,
        "school.view": EVERYWHERE,
        "school.figures": FINANCE_EVERYWHERE,
        "measure.view": FINANCE_EVERYWHERE,
        "lineage.view": FINANCE_EVERYWHERE,
        "timetable.view": EVERYWHERE,
        **_FORMULA,
        **_DEFICITS_OF_AN_AUTHORITY,
        "funding.edit": IN_SCOPE,
        "deficit.keep": IN_SCOPE,
        "forum.view": IN_SCOPE,
        "forum.manage": IN_SCOPE,
        "service.view": IN_SCOPE,
        "service.manage": IN_SCOPE,
    },
    Role.HEADTEACHER: {
        **_OWN_SCHOOL,
        **_FORUM_OF_A_SCHOOL,
        **_MONEY_OF_A_SCHOOL,
        "service.order": IN_SCOPE,
        **_PROGRESS,
        "pupil.view": IN_SCOPE,
        "target.propose": IN_SCOPE,
        "target.verify": IN_SCOPE,
        "improvement.own_school": IN_SCOPE,
        **_SUPPORT_OF_A_SCHOOL,
        "support.offer": IN_SCOPE,
        "visit.answer": IN_SCOPE,
        "review.evaluate": IN_SCOPE,
        **_REFERRER,
    },
    Role.CHAIR_OF_GOVERNORS: {
        **_OWN_SCHOOL,
        **_FORUM_OF_A_SCHOOL,
        **_MONEY_OF_A_SCHOOL,
        **_PROGRESS,
        "target.verify": IN_SCOPE,
        "improvement.own_school": IN_SCOPE,
        **_SUPPORT_OF_A_SCHOOL,
        **_REFERRER,
    },
    Role.BOARD_MEMBER: {"authority.view": IN_SCOPE, "lineage.view": IN_SCOPE, **_BOARD},
    Role.ADMINISTRATOR: {
        "people.view": IN_SCOPE,
        "people.manage": IN_SCOPE,
        "audit.view": EVERYWHERE,
        "job.view": EVERYWHERE,
        "job.cancel": EVERYWHERE,
    },
    Role.FORUM_MEMBER: {"forum.view": IN_SCOPE, "forum.vote": IN_SCOPE},
    # These roles work with papers and caseloads; none of them is given school or authority data.
    Role.LADO: {**_DESIGNATED_OFFICER},
    Role.DEPUTY_LADO: {**_DESIGNATED_OFFICER},
    Role.NAMED_SENIOR_MANAGER: {**_REFERRER},
    Role.NAMED_SENIOR_OFFICER: {"allegation.statistics": IN_SCOPE},
    Role.SOCIAL_CARE_MANAGER: {},
    Role.EARLY_HELP_WORKER: {},
}


@dataclass(frozen=True)
class Record:
    """What an action is about: its kind and key, and where it lies.

    ``authority`` is a three-digit number, ``school`` a continuing school key, ``topic`` the subject of a
    figure (such as ``finance``). ``named`` are those a record is open to by name, ``barred`` those to whom
    it does not exist whatever roles they hold: whom it is about, or who has a conflict of interest.
    """

    kind: str
    key: str
    authority: str | None = None
    school: str | None = None
    topic: str | None = None
    named: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Held:
    """One grant as the rule sees it. Both days are inside it; ``last_day`` None means open."""

    role: Role
    scope_kind: ScopeKind
    scope_key: str
    first_day: date
    last_day: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def contains(self, record: Record) -> bool:
        """Does the record lie inside the scope of this grant?"""
        match self.scope_kind:
            case ScopeKind.NATIONAL:
                return True
            case ScopeKind.AUTHORITY:
                return record.authority == self.scope_key
            case ScopeKind.SCHOOL:
                return record.school == self.scope_key
            case ScopeKind.RECORD:
                return f"{record.kind}:{record.key}" == self.scope_key


@dataclass(frozen=True)
class Holder:
    """A person as the rule sees them. ``limited_to`` narrows what a token may do; None is no limit."""

    number: int | None
    held: tuple[Held, ...] = ()
    limited_to: frozenset[str] | None = None

    def held_on(self, day: date) -> tuple[Held, ...]:
        return tuple(grant for grant in self.held if grant.holds_on(day))


NOBODY = Holder(number=None)


@dataclass(frozen=True)
class Decision:
    """The answer, with the reason in plain English. True or false by itself."""

    allowed: bool
    reason: str
    role: Role | None = None

    def __bool__(self) -> bool:
        return self.allowed


def decide(holder: Holder, action: str, record: Record | None, on: date) -> Decision:
    """May this person do this to this record on this day?

    Without a record the question is whether they may do it to any record at all (to open a list, to
    show a link); the list itself must then be narrowed with :func:`visible`. Raises KeyError for an
    action that does not exist: a misspelt action must fail loudly, never quietly refuse or allow.
    """
    sentence = ACTIONS[action]
    if holder.limited_to is not None and action not in holder.limited_to:
        return Decision(False, f"This token is not good for this: {sentence.lower()}.")
    for rule, grant in _rules(holder, action, on):
        if record is None or (_covers(rule, grant, record, holder) and _about(rule, record)):
            return Decision(True, f"{grant.role.label}: {rule.sentence}.", grant.role)
    return Decision(False, f"No role you hold lets you do this: {sentence.lower()}.")


def _about(rule: Rule, record: Record) -> bool:
    return rule.topics is None or record.topic in rule.topics


@dataclass(frozen=True)
class Visible:
    """What a list may show: everything, or only what lies in these places."""

    everywhere: bool = False
    authorities: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        return not (self.everywhere or self.authorities or self.schools)


def visible(holder: Holder, action: str, on: date) -> Visible:
    """The places in which this person may do this: the narrowing that a list must apply."""
    rules = list(_rules(holder, action, on))
    reaching = [grant for rule, grant in rules if rule.reach is Reach.IN_SCOPE]
    return Visible(
        everywhere=any(rule.reach is Reach.EVERYWHERE for rule, _ in rules)
        or any(grant.scope_kind is ScopeKind.NATIONAL for grant in reaching),
        authorities=_keys(reaching, ScopeKind.AUTHORITY),
        schools=_keys(reaching, ScopeKind.SCHOOL),
    )


def topics(holder: Holder, action: str, record: Record, on: date) -> frozenset[str] | None:
    """The subjects on which figures about this record may be shown; None means every subject.

    Asked about one record at a time, because a headteacher who is also a finance officer sees all
    figures of the one school and only finance of the others.
    """
    found: frozenset[str] = frozenset()
    for rule, grant in _rules(holder, action, on):
        if not _covers(rule, grant, record, holder):
            continue
        if rule.topics is None:
            return None
        found |= rule.topics
    return found


def _rules(holder: Holder, action: str, on: date) -> Iterable[tuple[Rule, Held]]:
    if action not in ACTIONS:
        raise KeyError(action)
    if holder.limited_to is not None and action not in holder.limited_to:
        return
    for grant in holder.held_on(on):
        rule = TABLE[grant.role].get(action)
        if rule is not None:
            yield rule, grant


def _covers(rule: Rule, grant: Held, record: Record, holder: Holder) -> bool:
    if holder.number in record.barred:
        return False
    match rule.reach:
        case Reach.EVERYWHERE:
            return True
        case Reach.IN_SCOPE:
            return grant.contains(record)
        case Reach.NAMED:
            return holder.number in record.named


def _keys(grants: Iterable[Held], kind: ScopeKind) -> frozenset[str]:
    return frozenset(grant.scope_key for grant in grants if grant.scope_kind is kind)
