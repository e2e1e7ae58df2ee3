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
    "allegation.save_draft": "Draft of a referral kept",
    "allegation.drop_draft": "Draft of a referral thrown away",
    "allegation.refer": "Referred",
    "allegation.receive": "Taken over from another authority",
    "allegation.answer": "Referral answered",
    "allegation.evaluate": "Evaluated",
    "allegation.reopen_advice": "Advice made a referral",
    "allegation.save_strand": "Strand changed",
    "allegation.save_telling": "Who was told changed",
    "allegation.add_allegation": "Allegation added",
    "allegation.correct_allegation": "Allegation corrected",
    "allegation.put_to_subject": "Allegation put to the person",
    "allegation.record_finding": "Finding recorded",
    "allegation.confirm_finding": "Finding confirmed by a second person",
    "allegation.withdraw_allegation": "Allegation entered in error taken back",
    "allegation.record_happening": "Entry made in the timeline",
    "allegation.withdraw_happening": "Entry of the timeline taken back",
    "allegation.record_leaving": "Leaving written down",
    "allegation.plan_meeting": "Meeting planned",
    "allegation.hold_meeting": "Meeting written down as held",
    "allegation.write_minutes": "Version of minutes written",
    "allegation.send_minutes": "Minutes sent",
    "allegation.add_action": "Action added",
    "allegation.finish_action": "Action done",
    "allegation.drop_action": "Action dropped",
    "allegation.suspend": "Suspension written down",
    "allegation.review_suspension": "Suspension reviewed",
    "allegation.end_suspension": "End of the suspension written down",
    "allegation.decide_onward": "Onward referral decided",
    "allegation.send_outcome_letter": "Outcome letter sent",
    "allegation.close": "Case closed",
    "allegation.name": "Case opened to somebody",
    "allegation.end_naming": "Somebody’s access ended",
    "allegation.bar": "Conflict of interest recorded",
    "allegation.lift_bar": "Conflict of interest lifted",
    "allegation.link_account": "Account of the person changed",
    "allegation.share": "Shared with an officer of another authority",
    "allegation.break_glass": "Glass broken",
    "allegation.review_break_glass": "Broken glass looked at",
    "allegation.offer_transfer": "Hand-over offered",
    "allegation.answer_transfer": "Hand-over answered",
    "allegation.read": "Case read",
    "allegation.attempt": "Tried to open a case that is closed to them",
    "allegation.enter_concern": "Low-level concern entered",
    "allegation.read_concern": "Low-level concern read",
    "allegation.read_concerns": "Log of low-level concerns read",
    "allegation.search": "Cases searched for by a name",
    "allegation.propose_merge": "Two records proposed to be of one person",
    "allegation.agree_merge": "Two records agreed to be of one person",
    "allegation.turn_down_merge": "Proposal that two records are of one person turned down",
    "allegation.undo_merge": "Two records found to be of two people after all",
    "allegation.settle_profile": "Local rules settled",
    "allegation.import": "Past cases imported",
    "allegation.report": "Figures kept as reported",
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
