"""``redway people`` and ``redway token``: accounts from the shell, for whoever owns the machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from redway.cli.output import DONE, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json

if TYPE_CHECKING:
    from redway.web.people.models import Person
    from redway.web.people.roles import Role
    from redway.web.people.services import Place


def register(commands: Commands[Parser]) -> None:
    """Add ``people add``, ``people link``, ``people list`` and ``token``."""
    group = add_group(commands, "people", summary="add the first administrator, give somebody a new link")
    add = add_command(
        group,
        "add",
        add_person,
        summary="make an account and print the link with which its owner sets a password",
        description="""
            For the first administrator of a fresh machine; after that, administrators invite people on the
            pages. The link works once, for seven days.
        """,
        examples="""
            redway people add alice@example.gov.uk "Alice Example" --role administrator --authority 826
            redway people add head@example.sch.uk "Harriet Head" --role headteacher --school 110394
        """,
    )
    add.add_argument("email", help="the address the person signs in with")
    add.add_argument("name", help="the person's full name, in quotes")
    add.add_argument(
        "--role", default="administrator", help="administrator, data_officer, adviser, director ..."
    )
    add.add_argument("--authority", metavar="NUMBER", help="the authority the role is held for, such as 826")
    add.add_argument("--school", metavar="URN", help="the school, for headteachers and chairs of governors")
    add_json(add)
    link = add_command(
        group,
        "link",
        make_link,
        summary="print a new link for somebody who has lost their password",
        examples="redway people link alice@example.gov.uk",
    )
    link.add_argument("email", help="the address the person signs in with")
    add_json(link)
    list_all = add_command(
        group,
        "list",
        list_people,
        summary="list accounts and the roles they hold today",
        examples="redway people list",
    )
    add_json(list_all)
    token = add_command(
        commands,
        "token",
        make_token,
        summary="make a personal key for Excel, Power BI and scripts",
        description="""
            The key reads what its owner may read, and changes nothing. It is printed once and cannot be had
            again.
        """,
        examples="""
            redway token alice@example.gov.uk --label "Power BI" --days 90
            curl -H "Authorization: Bearer redway_..." http://127.0.0.1:8000/...
        """,
    )
    token.add_argument("email", help="whose key it is")
    token.add_argument("--label", default="command line", help="what its owner calls it")
    token.add_argument("--days", type=int, default=90, help="how long it works (90)")
    token.add_argument("--reach", default="figures", choices=["figures", "datasets"], help="what it reads")
    add_json(token)


def add_person(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from django.utils import timezone

    from redway.web.people.services import invite_person

    person, secret = invite_person(
        actor=None,
        email=arguments.email,
        full_name=arguments.name,
        role=_role(arguments.role),
        place=_place(arguments.authority, arguments.school),
        first_day=timezone.localdate(),
    )
    return _print_link(arguments, person.email, secret)


def make_link(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.web.people import services

    return _print_link(
        arguments, arguments.email, services.make_link(actor=None, person=_person(arguments.email))
    )


def list_people(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.web.people import permission
    from redway.web.people.models import Person

    rows = [
        (
            person.email,
            person.full_name,
            ", ".join(sorted(role.value for role in permission.roles_today(person))),
            "" if person.is_active else "left",
        )
        for person in Person.objects.order_by("email").prefetch_related("grants")
    ]
    if arguments.json:
        print_json([dict(zip(("email", "name", "roles", "state"), row, strict=True)) for row in rows])
    else:
        print_table(("Email", "Name", "Roles today", ""), rows)
    return DONE


def make_token(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from django.utils import timezone

    from redway.web.people import services
    from redway.web.people.keys import TokenReach

    token, text = services.make_token(
        person=_person(arguments.email),
        label=arguments.label,
        reach=TokenReach(arguments.reach),
        days=arguments.days,
        now=timezone.now(),
    )
    if arguments.json:
        print_json({"token": text, "expires": token.expires_at})
    else:
        print(text)
        say("Keep it like a password: it is not shown again.")
    return DONE


def _print_link(arguments: argparse.Namespace, email: str, secret: str) -> int:
    from django.urls import reverse

    from redway.web.serving import address_from_environment

    link = address_from_environment().url + reverse("people:welcome", args=[secret])
    if arguments.json:
        print_json({"email": email, "link": link})
    else:
        print(link)
        say(f"{email} sets a password there. The link works once, for seven days, while Redway is served.")
    return DONE


def _person(email: str) -> Person:
    from redway.core.errors import NotFound
    from redway.web.people.models import Person

    try:
        return Person.objects.get_by_natural_key(email)
    except Person.DoesNotExist:
        raise NotFound(f"Nobody signs in with {email}.", "List accounts with: redway people list") from None


def _role(text: str) -> Role:
    from redway.core.errors import NotFound
    from redway.web.people.roles import Role

    try:
        return Role(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        raise NotFound(
            f"There is no role '{text}'.", f"Roles: {', '.join(role.value for role in Role)}."
        ) from None


def _place(authority: str | None, school: str | None) -> Place:
    from redway.core.errors import NotFound
    from redway.web.people.places import place_of_authority, place_of_school

    if school:
        return place_of_school(school)
    if authority:
        return place_of_authority(authority)
    raise NotFound(
        "A role is held for a place.", "Add --authority with its number, or --school with its URN."
    )
