"""What is kept of a case. Names, addresses and narratives are encrypted; what is counted and timed is not.

Words of the rules (limbs, outcomes, strands) are stored as the rules write them; ``redway.allegations``
says what they mean. Nothing is deleted by a page: rows end, are withdrawn, or are followed by another
version.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from redway.allegations.cross_border import TransferState
from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.strands import State as StrandState
from redway.allegations.strands import Strand
from redway.allegations.told import Answer, Party
from redway.web.allegations.encryption import SealedJson, SealedText


def new_reference() -> str:
    """A reference that says nothing: ten letters and digits that are not easily confused."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(10))


def _one_of(field: str, words: Iterable[str], name: str, *, blank: bool = False) -> models.CheckConstraint:
    allowed = [str(word) for word in words] + ([""] if blank else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=name)


class DataKey(models.Model):
    """A key under which cases are encrypted, itself locked with the secret key."""

    number = models.AutoField(primary_key=True, db_comment="Stands before everything encrypted with it")
    purpose = models.CharField(max_length=10, db_comment="'content', or 'search' for fingerprints of names")
    wrapped = models.TextField(db_comment="The key, encrypted with the secret key")
    made_at = models.DateTimeField(default=timezone.now, db_comment="When it was made")

    class Meta:
        db_table_comment = "Keys of encrypted case content"
        constraints = [_one_of("purpose", ("content", "search"), "datakey_purpose")]

    def __str__(self) -> str:
        return f"data key {self.number}"


class LocalProfile(models.Model):
    """What an authority has settled for its own cases."""

    authority = models.CharField(primary_key=True, max_length=3, db_comment="Three-digit number")
    profile = models.CharField(max_length=40, default="national", db_comment="Local rules, by name")
    receiving = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    """Officers to whom a new referral is opened."""
    told_within_days = models.PositiveSmallIntegerField(
        default=5, db_comment="Days after which an untold person is on the list"
    )
    recent_within_years = models.PositiveSmallIntegerField(
        default=1, db_comment="Incidents this near are counted as recent"
    )
    revision = models.PositiveIntegerField(default=0, db_comment="Rises with every change")

    class Meta:
        db_table_comment = "Local settings of the allegations procedure"

    def __str__(self) -> str:
        return f"profile of authority {self.authority}"


class Subject(models.Model):
    """Somebody an allegation is about."""

    key = models.CharField(max_length=10, primary_key=True, default=new_reference, db_comment="Says nothing")
    authority = models.CharField(max_length=3, db_comment="Authority that keeps the record")
    identity = SealedJson(db_comment="Encrypted: names, born, sex, ethnicity, address, other roles")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    """Their own account, if they have one: to it nothing about them exists."""
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    legal_hold = SealedText(
        default="", db_comment="Encrypted: why nothing may be disposed of; empty for none"
    )
    revision = models.PositiveIntegerField(default=0, db_comment="Rises with every change")

    class Meta:
        db_table_comment = "People whom allegations are about"
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("key")),
                name="subject_not_into_itself",
            )
        ]

    def __str__(self) -> str:
        return f"subject {self.key}"


class Merge(models.Model):
    """Two records found to be of one person, by two people; it can be undone and both histories stay."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, db_comment="When the second person agreed")
    undone_at = models.DateTimeField(null=True, db_comment="When it was undone or turned down")
    reason = SealedText(db_comment="Encrypted: why they are one person")

    class Meta:
        db_table_comment = "Records found to be of one person"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")), name="merge_two_people"
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class NameWord(models.Model):
    """One word of a subject's names, as a keyed fingerprint: to find, not to read."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="words")
    fingerprint = models.CharField(max_length=32, db_index=True, db_comment="Keyed hash of the word")

    class Meta:
        db_table_comment = "Fingerprints of the words of names"
        constraints = [models.UniqueConstraint(fields=["subject", "fingerprint"], name="nameword_once")]

    def __str__(self) -> str:
        return f"word of subject {self.subject_id}"


class Engagement(models.Model):
    """Where a subject works with children: one of perhaps several employers, agencies or volunteer roles."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="engagements")
    sector = models.CharField(max_length=30, db_comment="As annual reports split it")
    basis = models.CharField(
        max_length=30, db_comment="permanent, temporary, agency, volunteer, foster carer, ..."
    )
    authority = models.CharField(max_length=3, blank=True, db_comment="Where the work is; empty if not known")
    school = models.CharField(max_length=6, blank=True, db_comment="Continuing school key, for schools")
    details = SealedJson(db_comment="Encrypted: employer, role, address, started, agency")
    ended_on = models.DateField(null=True, db_comment="Last day, when it has ended")

    class Meta:
        db_table_comment = "Where subjects work with children"
        constraints = [_one_of("sector", Sector, "engagement_sector")]

    def __str__(self) -> str:
        return f"engagement {self.pk}"


class CaseState(models.TextChoices):
    """How a case stands."""

    ARRIVED = "arrived"
    ADVICE = "advice"
    OPEN = "open"
    CLOSED = "closed"
    TRANSFERRED = "transferred"


class Capacity(models.TextChoices):
    """As what somebody is named on a case."""

    OFFICER = "officer"
    REFERRER = "referrer"
    MANAGER = "manager"
    EXTERNAL = "external"
    BREAK_GLASS = "break glass"


class Case(models.Model):
    """One matter about one subject: advice, or a referral that is followed to its outcome."""

    key = models.CharField(max_length=10, primary_key=True, default=new_reference, db_comment="Says nothing")
    authority = models.CharField(max_length=3, db_comment="Authority that leads")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="cases")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default=CaseState.ARRIVED, db_comment="How the case stands")
    edition = models.CharField(max_length=40, db_comment="Rules in force when it was opened; kept to the end")
    known_at = models.DateTimeField(db_comment="When the employer came to know of the allegation")
    known_time_given = models.BooleanField(default=True, db_comment="False when only the day is known")
    referred_at = models.DateTimeField(db_comment="When it reached the designated officer")
    evaluated_on = models.DateField(null=True, db_comment="Day of the initial evaluation")
    closed_on = models.DateField(null=True, db_comment="Day on which it was closed")
    review_on = models.DateField(null=True, db_comment="Day on which keeping it is looked at again")
    disposed_on = models.DateField(null=True, db_comment="Day on which what is written in it was erased")
    closed_over = SealedJson(
        default=list, db_comment="Encrypted: what was outstanding when a manager closed it"
    )
    sector = models.CharField(max_length=30, db_comment="Sector in which it is counted")
    category = models.CharField(max_length=20, blank=True, db_comment="Main category; empty if not recorded")
    source = models.CharField(max_length=30, blank=True, db_comment="Who referred it, by kind")
    limbs = models.JSONField(default=list, db_comment="Limbs of the threshold that are met")
    transferable_risk = models.BooleanField(default=False, db_comment="Only conduct away from work counts")
    mandatory_report = models.BooleanField(default=False, db_comment="Made under the duty to report")
    account = SealedJson(
        default=dict,
        db_comment="Encrypted: the referral as written, reasons of the evaluation",
    )
    revision = models.PositiveIntegerField(default=0, db_comment="Rises with every change")

    class Meta:
        db_table_comment = "Cases: advice and referrals"
        constraints = [
            _one_of("state", CaseState, "case_state"),
            _one_of("sector", Sector, "case_sector"),
            _one_of("category", Category, "case_category", blank=True),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & (Q(closed_on__isnull=True) | Q(state="advice"))),
                name="case_closed_on",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state"], name="case_authority_state"),
            models.Index(fields=["authority", "referred_at"], name="case_authority_referred"),
        ]

    def __str__(self) -> str:
        return f"case {self.key}"


class Named(models.Model):
    """Somebody to whom a case is open by name. Ended, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="named")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=12, db_comment="As what they are named")
    leads = models.BooleanField(default=False, db_comment="True for the officer who leads")
    from_at = models.DateTimeField(default=timezone.now, db_comment="From when")
    until = models.DateTimeField(null=True, db_comment="Until when; empty while open")
    reason = SealedText(default="", db_comment="Encrypted: why, for break glass and external officers")
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, db_comment="When break glass was looked at afterwards")

    class Meta:
        db_table_comment = "Who a case is open to"
        constraints = [_one_of("capacity", Capacity, "named_capacity")]
        indexes = [models.Index(fields=["person", "case"], name="named_person")]

    def __str__(self) -> str:
        return f"named on case {self.case_id}"


class Barred(models.Model):
    """Somebody to whom a case does not exist: a conflict of interest. The subject's own account always is."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="barred")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = SealedText(db_comment="Encrypted: the conflict of interest")
    barred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    barred_at = models.DateTimeField(default=timezone.now, db_comment="From when")
    lifted_at = models.DateTimeField(null=True, db_comment="When it was lifted")

    class Meta:
        db_table_comment = "To whom a case is closed whatever their role"

    def __str__(self) -> str:
        return f"barred from case {self.case_id}"


class HandOver(models.Model):
    """A case offered to the designated officer of another authority."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    from_authority = models.CharField(max_length=3, db_comment="Who leads until it is accepted")
    to_authority = models.CharField(max_length=3, db_comment="To whom it is offered")
    state = models.CharField(max_length=12, default=TransferState.OFFERED.value, db_comment="How it stands")
    reason = SealedText(default="", db_comment="Encrypted: why it is offered or declined")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now, db_comment="When")
    answered_at = models.DateTimeField(null=True, db_comment="When it was answered")

    class Meta:
        db_table_comment = "Cases handed over between authorities"
        constraints = [
            _one_of("state", TransferState, "handover_state"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="offered"), name="handover_one_offer"),
        ]

    def __str__(self) -> str:
        return f"hand-over of case {self.case_id}"


class Allegation(models.Model):
    """One allegation of a case, in its own words, with its own finding."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allegations")
    number = models.PositiveSmallIntegerField(db_comment="1, 2, ... within the case")
    words = SealedText(db_comment="Encrypted: what is alleged, in the words it was told in")
    category = models.CharField(max_length=20, blank=True, db_comment="Kind of harm; empty if not known")
    told_when = SealedText(default="", db_comment="Encrypted: when it happened, as it was told")
    first_day = models.DateField(null=True, db_comment="First day it can have happened")
    last_day = models.DateField(null=True, db_comment="Last day it can have happened")
    put_on = models.DateField(null=True, db_comment="Day on which it was put to the subject")
    not_put_because = SealedText(default="", db_comment="Encrypted: why it was not put to them")
    reply = SealedText(default="", db_comment="Encrypted: what they said")
    outcome = models.CharField(max_length=16, blank=True, db_comment="Finding; empty while there is none")
    decided_on = models.DateField(null=True, db_comment="Day of the finding")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finding = SealedJson(default=dict, db_comment="Encrypted: reasons, evidence_of_intent")
    withdrawn_because = SealedText(
        default="", db_comment="Encrypted: why it was entered in error; empty if not"
    )

    class Meta:
        db_table_comment = "Allegations of a case"
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="allegation_number"),
            _one_of("category", Category, "allegation_category", blank=True),
            _one_of("outcome", Outcome, "allegation_outcome", blank=True),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True)
                | (~Q(outcome="") & Q(decided_on__isnull=False)),
                name="allegation_decided",
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True) | Q(last_day__gte=F("first_day")), name="allegation_days"
            ),
        ]

    def __str__(self) -> str:
        return f"allegation {self.number} of case {self.case_id}"


class StrandOfCase(models.Model):
    """One of the three strands of a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="strands")
    strand = models.CharField(max_length=24, db_comment="Which of the three")
    state = models.CharField(max_length=12, default=StrandState.UNDECIDED.value, db_comment="How it stands")
    owner = SealedText(default="", db_comment="Encrypted: who is responsible")
    opened_on = models.DateField(null=True, db_comment="When it was opened")
    concluded_on = models.DateField(null=True, db_comment="When it was concluded")
    outcome = models.CharField(max_length=40, blank=True, db_comment="How it ended")
    reason = SealedText(
        default="", db_comment="Encrypted: why it is not needed, or what its outcome rests on"
    )

    class Meta:
        db_table_comment = "Strands of a case"
        constraints = [
            models.UniqueConstraint(fields=["case", "strand"], name="strand_once"),
            _one_of("strand", Strand, "strand_kind"),
            _one_of("state", StrandState, "strand_state"),
        ]

    def __str__(self) -> str:
        return f"{self.strand} of case {self.case_id}"


class TellingOfCase(models.Model):
    """One line of the grid of who was told."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tellings")
    party = models.CharField(max_length=40, db_comment="Who is to be told")
    answer = models.CharField(max_length=16, db_comment="Told, not yet, or does not apply")
    on = models.DateField(null=True, db_comment="Day on which they were told")
    by = SealedText(default="", db_comment="Encrypted: who told them")
    because = SealedText(default="", db_comment="Encrypted: why not yet, or why it does not apply")

    class Meta:
        db_table_comment = "Who was told"
        constraints = [
            models.UniqueConstraint(fields=["case", "party"], name="telling_once"),
            _one_of("party", Party, "telling_party"),
            _one_of("answer", Answer, "telling_answer"),
        ]

    def __str__(self) -> str:
        return f"telling of case {self.case_id}"


class Happening(models.Model):
    """Something that happened in a case: a line of its timeline, and what starts or stops a clock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="happenings")
    event = models.CharField(max_length=40, db_comment="Event of the clocks, or the kind of entry")
    at = models.DateTimeField(db_comment="When it happened")
    time_given = models.BooleanField(default=True, db_comment="False when only the day is known")
    words = SealedText(default="", db_comment="Encrypted: what happened")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now, db_comment="When it was entered")
    withdrawn_because = SealedText(
        default="", db_comment="Encrypted: why it was entered in error; empty if not"
    )

    class Meta:
        db_table_comment = "Timeline of a case"
        indexes = [models.Index(fields=["case", "at"], name="happening_case")]

    def __str__(self) -> str:
        return f"{self.event} of case {self.case_id}"


class Meeting(models.Model):
    """A strategy meeting, the first or a review."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meetings")
    review = models.BooleanField(default=False, db_comment="False for the initial meeting")
    at = models.DateTimeField(db_comment="When it is or was held")
    held = models.BooleanField(default=False, db_comment="True once it has been held")
    about = SealedJson(default=dict, db_comment="Encrypted: place, attendees, apologies, shared, decisions")
    next_review_on = models.DateField(null=True, db_comment="Day agreed for the next review")

    class Meta:
        db_table_comment = "Strategy meetings"

    def __str__(self) -> str:
        return f"meeting of case {self.case_id}"


class Minutes(models.Model):
    """A version of a meeting's minutes. A correction is another version; earlier ones stay."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField(db_comment="1, 2, ...")
    text = SealedText(db_comment="Encrypted: the minutes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, db_comment="When")
    sent_on = models.DateField(null=True, db_comment="Day on which they were sent to those invited")

    class Meta:
        db_table_comment = "Minutes as versions"
        constraints = [models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version")]

    def __str__(self) -> str:
        return f"minutes {self.version} of meeting {self.meeting_id}"


class ActionOfCase(models.Model):
    """Something to be done, by somebody, by a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="actions")
    what = SealedText(db_comment="Encrypted: what is to be done")
    owner = SealedText(db_comment="Encrypted: who is to do it")
    owner_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The owner's account, when they are named on the case: their first page reminds them, without names."""
    due_on = models.DateField(db_comment="By when")
    done_on = models.DateField(null=True, db_comment="When it was done")
    dropped_because = SealedText(default="", db_comment="Encrypted: why it is not needed any more")

    class Meta:
        db_table_comment = "Actions of a case"
        indexes = [models.Index(fields=["due_on"], name="action_due", condition=Q(done_on__isnull=True))]

    def __str__(self) -> str:
        return f"action of case {self.case_id}"


class Suspension(models.Model):
    """A suspension: a neutral act, the employer's to decide, after the alternatives were considered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    first_day = models.DateField(db_comment="First day")
    last_day = models.DateField(null=True, db_comment="Last day; empty while it lasts")
    review_on = models.DateField(db_comment="Day of the next review")
    about = SealedJson(db_comment="Encrypted: decided_by, reasons, alternatives, contact, views")

    class Meta:
        db_table_comment = "Suspensions"
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")), name="suspension_days"
            )
        ]

    def __str__(self) -> str:
        return f"suspension in case {self.case_id}"


class OnwardReferral(models.Model):
    """Whether a body was told, or why it need not be."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="onward")
    body = models.CharField(max_length=40, db_comment="Barring service, teaching regulator, Ofsted, ...")
    standing = models.CharField(max_length=12, db_comment="Duty, power, not yet, no ground")
    decision = models.CharField(max_length=12, db_comment="referred, not needed, watching")
    reason = SealedText(db_comment="Encrypted: why")
    decided_by = SealedText(default="", db_comment="Encrypted: who decided")
    sent_on = models.DateField(null=True, db_comment="When it was sent")
    receipt = SealedText(default="", db_comment="Encrypted: the body's reference and result")

    class Meta:
        db_table_comment = "Onward referrals"
        constraints = [
            models.UniqueConstraint(fields=["case", "body"], name="onward_once"),
            _one_of("decision", ("referred", "not needed", "watching"), "onward_decision"),
        ]

    def __str__(self) -> str:
        return f"onward referral of case {self.case_id}"


class Document(models.Model):
    """A file of a case. Its bytes lie encrypted in the data folder under a random name."""

    key = models.CharField(max_length=10, primary_key=True, default=new_reference, db_comment="Says nothing")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    title = SealedText(db_comment="Encrypted: what it is")
    media_type = models.CharField(max_length=100, db_comment="Found from its content, not from its name")
    size = models.PositiveIntegerField(db_comment="Bytes before encryption")
    sha256 = models.CharField(max_length=64, db_comment="Of the bytes before encryption")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, db_comment="When")
    shared = models.BooleanField(default=False, db_comment="True when external officers named may see it")
    withdrawn_because = SealedText(default="", db_comment="Encrypted: why it was withdrawn; empty if not")

    class Meta:
        db_table_comment = "Documents of cases"

    def __str__(self) -> str:
        return f"document {self.key}"


class Disposal(models.Model):
    """A record whose time is over: one person proposes to erase what is written in it, another agrees."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, db_comment="When")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, db_comment="When it was done or turned down")

    class Meta:
        db_table_comment = "Disposals of records, by two people"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
                name="disposal_two_people",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="disposal_one"),
        ]

    def __str__(self) -> str:
        return f"disposal of case {self.case_id}"


class Draft(models.Model):
    """A referral somebody has begun and not sent. Only they can see it."""

    key = models.CharField(max_length=10, primary_key=True, default=new_reference, db_comment="Says nothing")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = SealedJson(default=dict, db_comment="Encrypted: the form so far")
    changed_at = models.DateTimeField(default=timezone.now, db_comment="When it was last saved")
    revision = models.PositiveIntegerField(default=0, db_comment="Rises with every save")

    class Meta:
        db_table_comment = "Referrals not sent yet"

    def __str__(self) -> str:
        return f"draft {self.key}"


class LowLevelConcern(models.Model):
    """A concern below the threshold, kept to see patterns."""

    # Not numbered: a number that is missing from a log would tell its reader that one is kept from them.
    key = models.CharField(max_length=10, primary_key=True, default=new_reference, db_comment="Says nothing")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="concerns")
    authority = models.CharField(max_length=3, db_comment="Authority that keeps it")
    place = models.CharField(max_length=80, blank=True, db_comment="School key, or fingerprint of the place")
    on = models.DateField(db_comment="Day of the concern")
    about = SealedJson(db_comment="Encrypted: words, done, place, school, role")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, db_comment="When it was entered")
    became = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table_comment = "Low-level concerns"
        indexes = [models.Index(fields=["authority", "on"], name="concern_authority")]

    def __str__(self) -> str:
        return f"low-level concern {self.pk}"


class FormerFigures(models.Model):
    """Statistics as they were reported, so that a later correction shows old and new."""

    authority = models.CharField(max_length=3, db_comment="Authority")
    first_day = models.DateField(db_comment="First day of the period")
    last_day = models.DateField(db_comment="Last day of the period")
    reported_at = models.DateTimeField(default=timezone.now, db_comment="When it was reported")
    figures = models.JSONField(db_comment="Counts of every table")

    class Meta:
        db_table_comment = "Statistics of allegations as reported"
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="figures_period")
        ]

    def __str__(self) -> str:
        return f"figures of {self.first_day} to {self.last_day}"
