"""What needs this person's attention: each line says why it is there and leads to where it is dealt with.

Each function below looks at one thing, asks first whether the person may deal with it, and returns the
lines it finds. A room that has something to say adds its function to ``LOOKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted
from redway.datasets.ledger import Version
from redway.datasets.timetable import Rating
from redway.web.allegations.day_attention import allegation_lines
from redway.web.attainment.targets.attention import target_lines
from redway.web.datasets.agreements import timetable_lines
from redway.web.datasets.ledger import DjangoLedger
from redway.web.funding.deficits.attention import deficit_lines
from redway.web.funding.forum.attention import forum_lines
from redway.web.funding.services.attention import service_lines
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.improvement.attention import improvement_lines
from redway.web.improvement.board.attention import board_lines
from redway.web.improvement.support.attention import support_lines
from redway.web.jobs.models import Job, State
from redway.web.jobs.queries import jobs_visible
from redway.web.people import agreements, permission
from redway.web.people.models import Person
from redway.web.people.queries import people_visible


def lines_for(request: HttpRequest) -> list[Line]:
    """Everything that needs this person's attention, the red first, otherwise in the order of the rooms."""
    found = [line for look in LOOKS for line in look(request)]
    return sorted(found, key=lambda line: _ORDER.get(line.rating, len(_ORDER)))


_ORDER = {"Red": 0, "Amber": 1}


def held_files(request: HttpRequest) -> Iterable[Line]:
    """Files that wait for somebody to accept or withdraw them."""
    if not permission.decide(request, "dataset.accept"):
        return []
    held = [version for version in DjangoLedger().versions() if version.state == "held"]
    if len(held) > MOST_OF_A_KIND:
        why = "They wait for somebody to accept or withdraw them. Until then nothing in them is shown."
        return [Line(f"{len(held)} files are held", why, reverse("datasets:index"), "Amber")]
    return [_held(version) for version in held]


def _held(version: Version) -> Line:
    name = version.file_name.rpartition("/")[2]
    why = version.held_reason.splitlines()[0] if version.held_reason else "It waits for a decision."
    address = reverse("datasets:version", args=[version.id])
    return Line(f"{name} is held", why, address, "Amber")


def late_datasets(request: HttpRequest) -> Iterable[Line]:
    """What should have come and has not, for those who answer for datasets."""
    if not permission.decide(request, "dataset.upload"):
        return []
    read = timetable_lines(DjangoLedger().versions(), permission.today())
    late = [line for line in read if line.stands_on_previous]
    if len(late) > MOST_OF_A_KIND:
        red = sum(line.rating is Rating.RED for line in late)
        why = f"{red} red and {len(late) - red} amber. What stands on them stands on earlier data."
        rating = "Red" if red else "Amber"
        return [Line(f"{len(late)} datasets have not come", why, reverse("datasets:index"), rating)]
    return [
        Line(
            f"{line.entry.title} has not come",
            line.words,
            reverse("datasets:dataset", args=[line.entry.dataset]),
            line.rating.value,
        )
        for line in late
    ]


def failed_work(request: HttpRequest) -> Iterable[Line]:
    """One's own long work that could not be done."""
    if not permission.decide(request, "job.view"):
        return []
    failed = jobs_visible(request).filter(state=State.FAILED, owner=request.user.pk).order_by("-asked_at")
    return [_failed(job) for job in failed[:MOST_OF_A_KIND]]


def _failed(job: Job) -> Line:
    return Line(f"{job.title} failed", job.message, reverse("jobs:job", args=[job.pk]), "Red")


def missing_second_factors(request: HttpRequest) -> Iterable[Line]:
    """People whose role needs a second factor and who have not set one up."""
    needing = frozenset(settings.REDWAY_SECOND_FACTOR_ROLES)
    if not needing or not permission.decide(request, "people.manage"):
        return []
    people = people_visible(request).filter(is_active=True, grants__role__in=needing).distinct()
    having = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user_id")
    without = [person for person in people.exclude(pk__in=having) if _holds(person, needing)]
    if not without:
        return []
    title = f"{counted(len(without), 'person has', 'people have')} no second factor"
    why = "Their role needs one. They are asked for it when they next sign in; a reminder helps."
    return [Line(title, why, reverse("people:index"), "Amber")]


def agreements_asked(request: HttpRequest) -> Iterable[Line]:
    """What other administrators ask one to agree to, and what is asked about one's own account."""
    if not isinstance(request.user, Person):
        return []
    asked = [
        Line(
            "Another administrator needs you to agree",
            f"To {one.get_step_display()}, for an account through which cases are reached.",
            reverse("people:second", args=[one.person_id, one.pk]),
            "Amber",
        )
        for one in agreements.waiting_for(request.user)[:MOST_OF_A_KIND]
    ]
    own = [
        Line(
            f"An administrator asks to {one.get_step_display()} on your account",
            "If you did not ask for it, turn it down.",
            reverse("people:account"),
            "Red",
        )
        for one in agreements.about(request.user)
    ]
    return [*own, *asked]


def _holds(person: Person, roles: frozenset[str]) -> bool:
    today = permission.today()
    return any(grant.role in roles and grant.holds_on(today) for grant in person.grants.all())


LOOKS: tuple[Callable[[HttpRequest], Iterable[Line]], ...] = (
    allegation_lines,
    held_files,
    late_datasets,
    target_lines,
    forum_lines,
    deficit_lines,
    service_lines,
    support_lines,
    board_lines,
    improvement_lines,
    failed_work,
    agreements_asked,
    missing_second_factors,
)
