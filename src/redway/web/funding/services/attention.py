"""What of services to schools needs somebody's attention: terms that end soon, orders to place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words, plural
from redway.funding.services import service_rules
from redway.web.funding.services.catalogue import terms_in_force
from redway.web.home.lines import Line
from redway.web.people import permission
from redway.web.register.models import School


def service_lines(request: HttpRequest) -> Iterable[Line]:
    """Terms that end soon: all of them for who keeps the catalogue, one's own for a headteacher."""
    today = permission.today()
    soon = today + timedelta(days=service_rules(today).whole("renewal-chased-before"))
    lines = []
    for number in sorted(permission.visible(request, "service.manage").authorities):
        ending = [line for line in terms_in_force(number) if today <= line.ends_on <= soon]
        if ending:
            title = f"{counted(len(ending), 'term')} of services {plural(len(ending), 'ends', 'end')} soon"
            why = f"The first on {day_in_words(ending[0].ends_on)}. Ask the schools whether they renew."
            lines.append(Line(title, why, reverse("services:terms", args=[number]), "Amber"))
    own = permission.visible(request, "service.order").schools
    for school in School.objects.filter(key__in=own):
        ending = [
            line for line in terms_in_force(school.authority, school.key) if today <= line.ends_on <= soon
        ]
        if ending:
            title = f"{counted(len(ending), 'service')} of {school.shown_name} "
            title += f"{plural(len(ending), 'ends', 'end')} soon"
            why = f"The first on {day_in_words(ending[0].ends_on)}. Order again if you want to keep it."
            address = reverse("services:school", args=[school.current_urn, ending[0].order.year])
            lines.append(Line(title, why, address, "Amber"))
    return lines
