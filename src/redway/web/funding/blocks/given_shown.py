"""De-delegation and education functions: services, how the forum voted, and what each school gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from django.urls import reverse

from redway.core.money import Money
from redway.core.words import counted
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.dedelegation import PRIMARY, SECONDARY, Service, dedelegated, education_functions
from redway.funding.rounding import Whole
from redway.funding.schools import Schools
from redway.web.funding.blocks.models import ServiceKind, SharedService
from redway.web.funding.blocks.records import ALL, Answer, answer_to, services_of
from redway.web.funding.blocks.shown import Asked, Section, Shown, meeting_of, standing_of

_VOTES = {True: "Agreed", False: "Refused", None: "Not voted on"}
_NOT_ASKED = "Not asked"


def given_shown(asked: Asked) -> Shown:
    """The page of de-delegation and education functions."""
    services = list(services_of(*asked.key))
    answers = {one.pk: answer_to(one) for one in services}
    schools = asked.formula.budgets.schools if asked.formula else None
    given = given_by_service(services, answers, schools) if schools is not None else {}
    said = [
        (
            "An academy keeps the money and may buy the service. A middle or all-through school goes with "
            "the vote of secondary members."
        ),
        (
            "The table of schools holds mainstream schools. Maintained special and nursery schools pay for "
            "education functions too and are not counted here."
        ),
    ]
    if not_confirmed := [one.title for one in services if not one.is_confirmed]:
        said.append(f"Not confirmed: the amount of {'; '.join(not_confirmed)}.")
    if schools is None:
        said.append(f"No formula is in force for {asked.year}, so it is not known what schools give.")
    sections = [
        Section(
            "services",
            _services_table(asked, services, answers, given),
            empty="No service is set down for this year yet.",
            look={
                "links": {"title": _edit_link(asked), "votes": meeting_of},
                "first_shown": (
                    *("title", "kind", "primary", "primary_vote", "secondary", "secondary_vote"),
                    *("votes", "given"),
                ),
                "totals": ("given",),
                "nothing": _NOT_ASKED,
            },
        )
    ]
    if schools is not None and services:
        sections.append(_schools_section(asked, schools, services, given))
    actions = [("Add a service", asked.address("service_new"))] if asked.may_edit else []
    return Shown(
        "De-delegation and education functions",
        "What maintained schools give back for services they share. Primary and secondary members of the "
        "forum vote apart on de-delegation, each year anew; maintained schools of all types vote together "
        "on education functions.",
        sections,
        said,
        actions=actions,
    )


def given_by_service(
    services: Sequence[SharedService], answers: Mapping[int, Answer], schools: Schools
) -> dict[int, Whole]:
    """Number of a service -> what each school gives for it, in whole pence. Academies give nothing."""
    phase = np.array([one.value for one in schools.phase])
    found = {}
    for one in services:
        agreed = answers[one.pk].agreed
        if one.kind == ServiceKind.EDUCATION_FUNCTIONS:
            found[one.pk] = education_functions(
                one.primary_pence or 0, bool(agreed[ALL]), schools.is_maintained, schools.pupils
            )
            continue
        amounts = {PRIMARY: one.primary_pence, SECONDARY: one.secondary_pence}
        service = Service(
            one.title,
            {name: pence for name, pence in amounts.items() if pence is not None},
            {name: bool(agreed[name]) for name in (PRIMARY, SECONDARY)},
        )
        found[one.pk] = dedelegated(service, phase, schools.is_maintained, schools.pupils)
    return found


def _services_table(
    asked: Asked,
    services: Sequence[SharedService],
    answers: Mapping[int, Answer],
    given: Mapping[int, Whole],
) -> Table:
    rows: list[Row] = []
    for one in services:
        answer = answers[one.pk]
        together = one.kind == ServiceKind.EDUCATION_FUNCTIONS
        rows.append(
            {
                "key": one.pk,
                "title": one.title,
                "kind": one.get_kind_display(),
                "primary": _money(one.primary_pence),
                "primary_vote": _vote(one.primary_pence, answer.agreed[ALL if together else PRIMARY]),
                "secondary": _money(one.secondary_pence),
                "secondary_vote": _vote(one.secondary_pence, answer.agreed[ALL if together else SECONDARY]),
                "votes": answer.words,
                "meeting": str(answer.item.meeting_id) if answer.item else "",
                "given": Money(int(given[one.pk].sum())) if one.pk in given else None,
                "source": one.source,
                "standing": standing_of(one),
            }
        )
    return Table(
        f"Services shared by schools, {asked.year}",
        [
            Column("title", "Service"),
            Column("kind", "Kind"),
            Column("primary", "A primary pupil", Kind.MONEY),
            Column("primary_vote", "Primary vote"),
            Column("secondary", "A secondary pupil", Kind.MONEY),
            Column("secondary_vote", "Secondary vote"),
            Column("votes", "How the forum voted"),
            Column("given", "All schools give", Kind.MONEY),
            Column("source", "Source of the amount"),
            Column("standing", "Standing"),
        ],
        rows,
    )


def _schools_section(
    asked: Asked, schools: Schools, services: Sequence[SharedService], given: Mapping[int, Whole]
) -> Section:
    keys = {one.pk: f"service_{one.pk}" for one in services}
    total = sum((given[one.pk] for one in services), schools.nothing())
    rows: list[Row] = [
        {
            "urn": schools.urn[row],
            "name": schools.name[row],
            "phase": schools.phase[row].value.replace("_", "-").capitalize(),
            "status": schools.status[row].value.capitalize(),
            "pupils": int(schools.pupils[row]),
            **{keys[pk]: Money(int(amounts[row])) for pk, amounts in given.items()},
            "total": Money(int(total[row])),
        }
        for row in range(len(schools))
    ]
    giving = int((total > 0).sum())
    table = Table(
        f"What each school gives, {asked.year}",
        [
            Column("name", "School"),
            Column("urn", "URN"),
            Column("phase", "Phase"),
            Column("status", "Status"),
            Column("pupils", "Pupils", Kind.NUMBER),
            *(Column(keys[one.pk], one.title, Kind.MONEY) for one in services),
            Column("total", "In all", Kind.MONEY),
        ],
        rows,
        [f"Amounts a pupil times the pupils of {asked.formula.source if asked.formula else ''}."],
    )
    return Section(
        "schools",
        table,
        said=[f"{counted(giving, 'school gives', 'schools give')} {Money(int(total.sum()))} in all."],
        look={
            "totals": ("pupils", *keys.values(), "total"),
            "links": {"name": lambda row: reverse("funding:statement", args=[row["urn"], asked.year])},
            "first_shown": ("name", "phase", "status", "pupils", *keys.values(), "total"),
            "per_page": 25,
        },
    )


def _edit_link(asked: Asked) -> Callable[[Row], str]:
    return lambda row: asked.address("service", row["key"]) if asked.may_edit else ""


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _vote(pence: int | None, agreed: bool | None) -> str:
    return _NOT_ASKED if pence is None else _VOTES[agreed]
