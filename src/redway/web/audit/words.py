"""Audit verbs as people read them."""

from __future__ import annotations

_WORDS = {
    "people.invite": "Account made",
    "people.correct": "Name or email address corrected",
    "people.give_role": "Role given",
    "people.end_role": "Role ended",
    "people.plan_end_of_role": "Last day of a role set",
    "people.end": "Account ended",
    "people.return": "Account brought back",
    "people.make_link": "One-time link made",
    "people.set_password": "Password set by a one-time link",
    "people.change_password": "Password changed",
    "people.export": "List of people taken away as a file",
    "people.sign_in": "Signed in",
    "people.sign_out": "Signed out",
    "people.make_token": "Token made",
    "people.end_token": "Token ended",
    "people.add_second_factor": "Second factor set up",
    "people.remove_second_factor": "Second factor removed",
    "people.remove_lost_factor": "Lost second factor removed by an administrator",
    "people.make_recovery_codes": "Recovery codes made",
    "pupil.read": "One pupil's page opened",
    "pupil.list": "Pupils of a school listed by name",
    "pupil.export": "Pupils of a school taken away as a file",
}


def in_words(verb: str) -> str:
    """'people.give_role' as 'Role given'; a verb of another room as 'Dataset: withdraw'.

    >>> in_words("people.sign_in"), in_words("dataset.withdraw")
    ('Signed in', 'Dataset: withdraw')
    """
    if verb in _WORDS:
        return _WORDS[verb]
    room, _, rest = verb.partition(".")
    return f"{room.replace('_', ' ').capitalize()}: {rest.replace('_', ' ').replace('.', ', ')}"
