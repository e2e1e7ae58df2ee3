"""A person's word that scores may be shown though a limit of fairness is passed.

False alarms that fall mostly on the most deprived fifth send visitors where they are least deserved. A set of
scores of which that holds is shown to nobody until a person who answers for the authority has read the table
and says, under their name and with reasons, that it may be. The table itself is always shown.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from redway.web.audit import services as audit
from redway.web.authorities.access import record_of
from redway.web.improvement.changing import ConcernRefused, words_of
from redway.web.improvement.models import ScoreSet, SignOff
from redway.web.improvement.score_sets import scores_of
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority


def sign_off_scores(*, actor: Person, held: ScoreSet, reasons: str) -> SignOff:
    """Sign off the limits of fairness that a set passes.

    Raises ConcernRefused where there is nothing to sign off, where somebody did already, and without reasons.
    """
    permission.require(actor, "early_warning.sign_off", record_of(Authority(number=held.authority)))
    limits = scores_of(held).awaits_sign_off
    if not limits:
        raise ConcernRefused(
            "Nothing of these scores waits for a sign-off.",
            "Read how well the score did, and who signed it off.",
        )
    said = words_of(reasons, "It is not said why the scores may be shown.", "Say why in a sentence.")
    try:
        with transaction.atomic():
            made = SignOff.objects.create(
                scores=held, limits=list(limits), reasons=said, at=timezone.now(), by=actor
            )
            details = {"authority": held.authority, "model": held.model, "limits": len(limits)}
            audit.record(actor, "early_warning.sign_off", "score-set", held.pk, details)
    except IntegrityError:
        raise ConcernRefused("Somebody signed these scores off meanwhile.", "Read their reasons.") from None
    return made
