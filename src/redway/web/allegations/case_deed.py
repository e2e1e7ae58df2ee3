"""One thing that may be done to a case: its page, who may, when, and what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404

from redway.web.allegations.case_form import CaseForm
from redway.web.allegations.case_pages import address
from redway.web.allegations.models import Case, CaseState
from redway.web.people.models import Person

RUNNING = frozenset({CaseState.ARRIVED, CaseState.OPEN})
OPEN = frozenset({CaseState.OPEN})
ANY = frozenset(CaseState)


@dataclass(frozen=True)
class Sent:
    """What a person sends: the form is sound, ``revision`` is what they had before their eyes."""

    actor: Person
    case: Case
    item: Any
    revision: int
    form: Any

    @property
    def given(self) -> Mapping[str, Any]:
        """The answers."""
        answers: Mapping[str, Any] = self.form.cleaned_data
        return answers

    @property
    def whose(self) -> dict[str, Any]:
        """What every change asks for: who, of which case, as it stood at which revision."""
        return {"actor": self.actor, "case": self.case, "revision": self.revision}


def _nothing(case: Case, item: Any) -> dict[str, Any]:
    return {}


def _no_rows(case: Case, item: Any) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True)
class Deed:
    """One form page of a case."""

    slug: str
    title: str
    button: str
    done: str
    form: type[CaseForm]
    send: Callable[[Sent], object]
    back: str
    """Section of the case page it belongs to."""
    action: str = "allegation.work"
    item: Callable[[Case, str], Any] | None = None
    """Finds the one thing of the case it is about, or answers 404."""
    heading: Callable[[Any], str] | None = None
    """The page's heading where it names the thing; the browser's title never does."""
    about: Callable[[Case, Any], Sequence[tuple[str, str]]] = _no_rows
    """What is to be read above the form."""
    initial: Callable[[Case, Any], dict[str, Any]] = _nothing
    lead: str = ""
    check: bool = False
    """Whether the answers are shown back before they are sent: for what cannot be undone."""
    final: str = ""
    """What is to be known before it is sent."""
    warning: bool = False
    guard: Callable[[Person, Case, Any], None] | None = None
    """Answers 404 where the thing is about another case too, and that one is not open to the person."""
    states: frozenset[CaseState] = RUNNING

    @property
    def page(self) -> str:
        """Name of its address."""
        return f"case_{self.slug.replace('-', '_')}"

    def title_for(self, item: Any) -> str:
        """The page's heading."""
        return self.heading(item) if self.heading else self.title

    def address(self, case: Case, item: object = "") -> str:
        """Address of its page, for one thing of the case if it is about one."""
        return address(case, "", self.page, *([item] if item != "" else []))


def row_of(model: type[Model], through: str = "case_id") -> Callable[[Case, str], Any]:
    """Finds a row of the case by its number."""

    def find(case: Case, item: str) -> Any:
        found = (
            model._default_manager.filter(pk=item).first() if item.isdecimal() and len(item) < 12 else None
        )
        if found is None or _followed(found, through) != case.pk:
            raise Http404("There is no such thing in this case.")
        return found

    return find


def _followed(row: Any, through: str) -> Any:
    for name in through.split("__"):
        row = getattr(row, name)
    return row


def slug_of(word: str) -> str:
    """A word of the rules as it stands in an address: 'the child' as 'the-child'."""
    return "-".join("".join(letter for letter in word.lower() if letter.isalnum() or letter in " -").split())
