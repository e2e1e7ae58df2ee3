"""The pack of the improvement board: seconds to freeze it and to make each of its forms, cold.

Two made-up plans: one of a believable size (5 objectives, 2 actions each, 3 meetings before) and a large one
(10 objectives, 10 actions each, 12 meetings before). Each form is asked for in a process that has answered
nothing but the sign-in page, with no chart drawn before; the page is counted with the pictures a browser then
asks for. Every form has three seconds. The same file is asked for twice and has to be the same to the byte.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

SOURCE = str(Path(__file__).resolve().parent.parent / "src")
AUTHORITY, TODAY = "826", date(2026, 11, 24)
SIZES = {"believable": (5, 2, 3), "large": (10, 10, 12)}
FORMS = ("page", "pdf", "xlsx", "pptx")
SECONDS = 3.0


def main() -> int:
    """Exit code 1 when a form takes longer than it may, or is not the same again."""
    failed = False
    for size in SIZES:
        with tempfile.TemporaryDirectory() as home:
            made = told(home, "make", size)
            print(f"{size}: frozen in {made['seconds']:.2f} s, {made['bytes']:,} bytes")
            for form in FORMS:
                found = told(home, "ask", form)
                name = f"pack as {form} of a {size} plan, seconds"
                print(f"RATIO {name}: {found['seconds']:.2f} (at most {SECONDS:g})")
                print(
                    f"  {found['processor']:.2f} s of the processor, {found['bytes']:,} bytes, "
                    f"{found['memory']} MB; again {found['again']:.2f} s",
                    flush=True,
                )
                failed |= found["seconds"] > SECONDS or not found["same"]
    return int(failed)


def told(home: str, *what: str) -> dict[str, float]:
    """What this script says of one step, in a process of its own."""
    environ = {**os.environ, "REDWAY_HOME": home, "PYTHONPATH": SOURCE}
    command = [sys.executable, __file__, *what]
    said = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def noon(day: date) -> datetime:
    """Noon of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def make(size: str) -> dict[str, float]:
    """A plan with its readings, its ratings and its meetings; the last one frozen is the one measured."""
    from redway.web.improvement.board import meeting_services as meetings
    from redway.web.people.models import Grant, Person
    from redway.web.people.roles import Role, ScopeKind
    from redway.web.register.models import Authority

    objectives, actions, boards = SIZES[size]
    Authority.objects.create(number=AUTHORITY, name="Milton Keynes")
    people = []
    for role in (Role.ADVISER, Role.DIRECTOR):
        person = Person.objects.create_user(f"{role.value}@example.org", f"{role.value.capitalize()} Example")
        Grant.objects.create(
            person=person,
            role=role,
            scope_kind=ScopeKind.AUTHORITY,
            scope_key=AUTHORITY,
            authority=AUTHORITY,
            first_day=date(2020, 9, 1),
        )
        people.append(person)
    adviser, director = people
    held = [one for at in range(objectives) for one in _objective(adviser, director, at, actions)]
    seconds = 0.0
    for board in range(boards + 1):
        day = TODAY - timedelta(days=30 * (boards - board))
        _rate(adviser, held, board, day)
        meeting = meetings.plan_meeting(actor=director, authority=AUTHORITY, held_on=day, place="Room 2")
        started = time.perf_counter()
        meeting = meetings.freeze_pack(
            actor=director, meeting=meeting, revision=meeting.revision, today=day, now=noon(day)
        )
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "bytes": len(meeting.pack)}


def _objective(adviser, director, at: int, actions: int) -> list:  # type: ignore[no-untyped-def, type-arg]
    from redway.improvement.action_plan import EvidenceKind, Polarity, SuccessMeasure
    from redway.web.improvement.board import action_services, objective_services
    from redway.web.improvement.board.action_services import Doing, Shows
    from redway.web.improvement.board.models import Action, Objective
    from redway.web.improvement.board.objective_services import Aim, Danger, Value

    aim = Aim(
        f"Objective {at + 1}: pupils in schools of area {at + 1} reach more", "They catch up with others."
    )
    made = objective_services.begin_objective(
        actor=adviser, authority=AUTHORITY, aim=aim, now=noon(date(2025, 10, 1))
    )
    measure = objective_services.add_measure(
        actor=adviser,
        objective=made,
        revision=1,
        measure=SuccessMeasure(
            f"Pupils at the expected standard in area {at + 1}",
            "percent",
            Polarity.HIGHER,
            Decimal(59),
            date(2024, 8, 31),
            Decimal(70),
            date(2028, 8, 31),
            "Results of key stage 2",
        ),
    )
    for term in range(6):
        day = date(2024, 12, 31) + timedelta(days=110 * term)
        objective_services.add_reading(
            actor=adviser,
            measure=measure,
            revision=Objective.objects.get(pk=made.pk).revision,
            given=Value(f"term {term + 1}", day, Decimal(60 + term), "Results of key stage 2"),
            today=TODAY,
            now=noon(day),
        )
    objective_services.add_risk(
        actor=adviser,
        objective=made,
        revision=Objective.objects.get(pk=made.pk).revision,
        danger=Danger("Posts stay empty", 3, 4, "Ask successful schools to lend a teacher"),
    )
    found = []
    for number in range(actions):
        doing = Doing(
            f"Review every school of area {at + 1} in half-term {number + 1}",
            adviser,
            director,
            measure,
            TODAY + timedelta(days=30 * number - 60),
        )
        revision = Objective.objects.get(pk=made.pk).revision
        one = action_services.draft_action(actor=adviser, objective=made, revision=revision, doing=doing)
        action_services.approve_action(actor=adviser, action=one, revision=one.revision)
        for step in range(2):
            action_services.add_milestone(
                actor=adviser,
                action=one,
                revision=Action.objects.get(pk=one.pk).revision,
                title=f"Step {step + 1} is reached",
                due_on=TODAY + timedelta(days=20 * step),
            )
        action_services.add_evidence(
            actor=adviser,
            action=one,
            revision=Action.objects.get(pk=one.pk).revision,
            shows=Shows(EvidenceKind.OUTPUT, "Notes of the review", "Shared drive", TODAY),
            today=TODAY,
            now=noon(TODAY),
        )
        found.append(one)
    return found


def _rate(adviser, actions: list, board: int, day: date) -> None:  # type: ignore[no-untyped-def, type-arg]
    """Colours that change from meeting to meeting, kept as ratings are kept."""
    from redway.improvement.rating import Colour
    from redway.web.improvement.board.models import Rating

    colours = [Colour.GREEN, Colour.AMBER, Colour.RED]
    Rating.objects.bulk_create(
        Rating(
            action=one,
            colour=colours[(at + board // 2) % 3].value,
            confidence="medium",
            reason="Half of the schools have been seen; the others are in the diary.",
            rationale="The post was filled.",
            at=noon(day) - timedelta(hours=1),
            by=adviser,
        )
        for at, one in enumerate(actions)
    )


def ask(form: str) -> dict[str, float]:
    """One form of the newest pack, as somebody on the board asks for it."""
    import re
    import resource

    from django.test import Client
    from django.urls import reverse

    from redway.figures.render import warm_up
    from redway.web.improvement.board.models import Meeting
    from redway.web.people.models import Person

    meeting = Meeting.objects.order_by("-held_on").first()
    assert meeting is not None
    client = Client()
    client.force_login(
        Person.objects.get(email="director@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    def made() -> bytes:
        if form != "page":
            return client.get(reverse("board:pack_file", args=[meeting.pk, "restricted", form])).content
        page = client.get(reverse("board:pack", args=[meeting.pk, "restricted"]))
        assert page.status_code == 200
        text = page.content.decode()
        pictures = sorted(set(re.findall(r'src="([^"]+\.svg\?[^"]+)"', text)))
        assert pictures
        drawn = [client.get(one.replace("&amp;", "&")).content for one in pictures]
        # The page carries a token of its own each time: the pictures are compared.
        return b"".join(drawn) if len(text) > 1000 else b""

    # As the processes of the server begin.
    warm_up()
    assert client.get("/account/sign-in/").status_code in (200, 302)
    started, worked = time.perf_counter(), time.process_time()
    first = made()
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    started = time.perf_counter()
    same = made() == first
    again = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "seconds": seconds,
        "processor": processor,
        "again": again,
        "same": same,
        "bytes": len(first),
        "memory": memory,
    }


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    from redway.cli.ground import open_store

    open_store()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    steps = {"make": make, "ask": ask}
    print(json.dumps(steps[sys.argv[1]](sys.argv[2])))
