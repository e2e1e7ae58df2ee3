"""Template tags for the parts of the design system that pages use. Load with ``{% load design %}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.forms import BaseForm
from django.utils import timezone
from django.utils.safestring import SafeString

from redway.core.words import day_in_words, number
from redway.web.design import tables
from redway.web.design.charts import ChartView
from redway.web.design.navigation import address_or_nothing, places_for
from redway.web.people.models import Person

register = template.Library()


@register.inclusion_tag("design/navigation.html", takes_context=True)
def service_navigation(context: template.Context) -> dict[str, Any]:
    """The word Redway, where this person may go, and who is signed in."""
    request = context.get("request")
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    return {
        "items": places_for(request) if request and person else [],
        "person": person.full_name if person else "",
        "csrf_token": context.get("csrf_token"),
        "account_address": address_or_nothing("people:account"),
        "sign_out_address": address_or_nothing("account_logout"),
    }


@register.inclusion_tag("design/breadcrumbs.html", takes_context=True)
def breadcrumb_trail(context: template.Context) -> dict[str, Any]:
    """The trail in ``breadcrumbs`` (pairs of label and address), else a back link to ``back``."""
    return {"trail": context.get("breadcrumbs"), "back": context.get("back")}


def _forms_of(context: template.Context) -> list[BaseForm]:
    found = [context.get("form"), *(context.get("forms") or [])]
    return [form for form in found if isinstance(form, BaseForm)]


def _problems(context: template.Context) -> list[dict[str, str]]:
    problems = []
    for form in _forms_of(context):
        if not form.is_bound:
            continue
        problems += [{"message": str(error), "target": ""} for error in form.non_field_errors()]
        for field in form:
            target = getattr(field, "first_control", field.auto_id)
            problems += [{"message": str(error), "target": target} for error in field.errors]
    return problems


@register.inclusion_tag("design/error_summary.html", takes_context=True)
def error_summary(context: template.Context) -> dict[str, Any]:
    """Every error of the page's ``form`` (and ``forms``), each linked to the control it is about."""
    return {"problems": _problems(context)}


@register.simple_tag(takes_context=True)
def title_prefix(context: template.Context) -> str:
    """'Error: ' in the page title, so that a screen reader says it first."""
    return "Error: " if _problems(context) else ""


@register.inclusion_tag("design/notifications.html", takes_context=True)
def notifications(context: template.Context) -> dict[str, Any]:
    """What the last action did, from Django's messages."""
    request = context.get("request")
    return {"notices": list(get_messages(request)) if request else []}


@register.inclusion_tag("design/summary_list.html")
def summary_list(rows: Iterable[Sequence[Any] | Mapping[str, Any]], plain: bool = False) -> dict[str, Any]:
    """Keys and values. A row is (key, value), (key, value, address), or a mapping with an action."""
    names = ("key", "value", "address")
    shown = [dict(row) if isinstance(row, Mapping) else dict(zip(names, row, strict=False)) for row in rows]
    return {"rows": shown, "plain": plain}


@register.simple_tag
def rating(word: str) -> SafeString:
    """Red, Amber, Green or Blue as word, colour and shape; any other word as a grey tag."""
    return tables.rating_tag(word.capitalize())


@register.inclusion_tag("design/tag.html")
def tag(word: str, colour: str = "grey") -> dict[str, str]:
    """A short status word in a coloured tag."""
    return {"word": word, "colour": colour}


@register.inclusion_tag("design/warning.html")
def warning(text: str) -> dict[str, str]:
    """Something important to know before going on."""
    return {"text": text}


@register.inclusion_tag("design/pagination.html")
def pagination(previous: str, next: str, label: str = "Pages") -> dict[str, str]:  # noqa: A002
    """Links to the page before and the page after; nothing when there is neither."""
    return {"previous": previous, "next": next, "label": label}


@register.inclusion_tag("design/table.html")
def show_table(view: tables.TableView, empty: str = "There is nothing to show yet.") -> dict[str, Any]:
    """A table with its tools, notes and exports; ``empty`` says what it means that there are no rows."""
    heading = view.heading_key
    return {
        "view": view,
        "head": tables.head(view),
        "body": tables.body(view),
        "empty": empty,
        "kept": view.state.kept_in_forms(["find", "sort", "column"]),
        "orders": view.orders,
        "order": f"{'-' if view.state.descending else ''}{view.state.sort}",
        "choosable": [column for column in view.table.columns if column.key != heading],
        "everything": view.state.with_changes(find="").address,
        "csv": view.export_address("csv"),
        "xlsx": view.export_address("xlsx"),
    }


@register.inclusion_tag("design/chart.html")
def show_chart(view: ChartView) -> dict[str, Any]:
    """A chart with its words, its table and the button that makes it answer to the pointer."""
    return {"view": view}


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as '2 April 2026'; empty for none."""
    return day_in_words(_local_day(value)) if value else ""


@register.filter
def day_and_time(value: datetime | None) -> str:
    """A moment as '2 April 2026 at 2:05pm'; empty for none."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day_in_words(local)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def _local_day(value: date | datetime) -> date:
    # A moment is stored in universal time; the day people mean is the day here.
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def words(value: str) -> str:
    """A stored word such as 'not_supplied' as people write it: 'not supplied'."""
    return str(value).replace("_", " ")


@register.filter
def grouped(value: float | None) -> str:
    """A whole number with its thousands separated: 1,234,567."""
    return number(value) if value is not None else ""
