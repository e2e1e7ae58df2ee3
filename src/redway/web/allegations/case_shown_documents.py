"""The documents of a case, and those that were withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redway.web.allegations.case_pages import address
from redway.web.allegations.case_shown import Shown, on
from redway.web.allegations.document_content import EXTENSIONS
from redway.web.allegations.services.documents import HELD


@dataclass(frozen=True)
class Documents(Shown):
    """What is kept with the case, oldest first."""

    @property
    def documents(self) -> list[dict[str, Any]]:
        """A document with its address and what can be done about it; of one withdrawn only the reason."""
        return [
            self._withdrawn(one) if one.withdrawn_because else self._kept(one) for one in self.view.documents
        ]

    @property
    def add_document(self) -> str:
        """Address of the page to add one, where that can be used."""
        open_to_work = self.case.state in HELD and self.may("allegation.work")
        return address(self.case, "", "case_add_document") if open_to_work else ""

    @property
    def papers(self) -> list[tuple[str, str, str]]:
        """(label, address, about) of the papers that can be made of the case."""
        found = [("Chronology (PDF)", address(self.case, "", "case_chronology_pdf"), "")]
        if self.may("allegation.work"):
            found += [
                ("Write the outcome letter", address(self.case, "", "case_outcome_letter"), ""),
                (
                    "Record for the person who asks what is held",
                    address(self.case, "", "case_access_pack"),
                    "",
                ),
            ]
        return found

    def _kept(self, one: Any) -> dict[str, Any]:
        share = "Share no longer" if one.shared else "Share"
        return {
            "title": one.title,
            "address": address(self.case, "", "case_document", one.key),
            "about": f"{EXTENSIONS[one.media_type].upper()}, {_size(one.size)}, added by "
            f"{one.added_by.full_name} on {on(one.added_at)}",
            "shared": one.shared,
            "links": self.links(
                ("share-document", share, one.key, one.title),
                ("withdraw-document", "Withdraw", one.key, one.title),
            ),
        }

    def _withdrawn(self, one: Any) -> dict[str, Any]:
        return {
            "title": "",
            "about": f"A document that {one.added_by.full_name} added on {on(one.added_at)} was withdrawn",
            "because": one.withdrawn_because,
            "links": [],
        }


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"
