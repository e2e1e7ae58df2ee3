"""Which entries fill which slots of Attainment 8, by school year: dated data, not code."""

from __future__ import annotations

from dataclasses import dataclass

from redway.attainment.measure_values import is_held, number_in, school_year, words_in


@dataclass(frozen=True)
class Element:
    """One part of Attainment 8: so many slots for entries of some kinds."""

    name: str
    kinds: tuple[str, ...]
    """Values of the column ``slot`` whose entries may stand here."""
    slots: int
    weight: int
    weight_needs: tuple[str, ...] = ()
    """Kinds of which a pupil must have an entry each for the weight to count; else it is 1."""

    @property
    def column(self) -> str:
        """Its column in the results: 'english_points'."""
        return f"{self.name}_points"


@dataclass(frozen=True)
class SlotRule:
    """The elements of one school year, in the order in which they are filled."""

    year: str
    elements: tuple[Element, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of entry that may stand somewhere."""
        return tuple(dict.fromkeys(kind for element in self.elements for kind in element.kinds))

    @property
    def most(self) -> int:
        """The highest Attainment 8 there can be."""
        return sum(9 * element.slots * element.weight for element in self.elements)


def slot_rule(year: str, *, unconfirmed: bool = False) -> SlotRule:
    """The rule of a school year. Raises NotPublished for a year before Attainment 8, and NotConfirmed for
    slots that are only proposed unless ``unconfirmed`` ones are asked for."""
    what = "The slots of Attainment 8"
    names = words_in("attainment-8/elements", what, year, unconfirmed=unconfirmed)

    def element(name: str) -> Element:
        about = f"attainment-8/{name}"
        needs = f"{about}/weight-needs"
        return Element(
            name,
            words_in(f"{about}/from", what, year, unconfirmed=unconfirmed),
            int(number_in(f"{about}/slots", what, year, unconfirmed=unconfirmed)),
            int(number_in(f"{about}/weight", what, year, unconfirmed=unconfirmed)),
            words_in(needs, what, year, unconfirmed=unconfirmed) if is_held(needs, year) else (),
        )

    return SlotRule(school_year(year).label, tuple(element(name) for name in names))
