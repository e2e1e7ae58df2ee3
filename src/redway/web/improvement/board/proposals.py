"""How another room hands something over to become an objective of the plan."""

from __future__ import annotations

from django.utils import timezone

from redway.web.improvement.board.models import Objective
from redway.web.improvement.board.objective_services import Aim, begin_objective
from redway.web.people.models import Person


def propose(
    actor: Person,
    source_key: str,
    title: str,
    text: str,
    *,
    authority: str,
    came_from: str = "",
    restricted: bool = False,
) -> Objective:
    """Begin an objective from what another room found: its key there, a title and a text.

    Only those who may edit the plan; the same key a second time is refused. What is about one school is
    ``restricted``: it is not published with the plan unless somebody decides so. Raises BoardRefused.
    """
    aim = Aim(title, text, came_from=came_from, came_from_key=source_key, restricted=restricted)
    return begin_objective(actor=actor, authority=authority, aim=aim, now=timezone.now())
