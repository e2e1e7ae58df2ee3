"""People, the roles they hold, and the keys by which they come in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from redway.web.people.roles import Role, ScopeKind


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the e-mail address they sign in with, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, full_name: str, password: str | None = None, **fields: Any) -> Person:
        """A person with that password, or with none (they then come in by a one-time link)."""
        person = self.model(email=email.strip().lower(), full_name=full_name.strip(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is in their grants and nowhere else."""

    email = models.EmailField(
        "email address", unique=True, db_comment="What the person signs in with; lower case"
    )
    full_name = models.CharField(max_length=200, db_comment="As the person writes it")
    is_active = models.BooleanField(default=True, db_comment="False once the person has left")
    session_epoch = models.PositiveIntegerField(
        default=1, db_comment="Raised to end every session of this person at once"
    )
    joined_at = models.DateTimeField(default=timezone.now, db_comment="When the account was made")
    left_at = models.DateTimeField(null=True, blank=True, db_comment="When the person left, if they have")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    limited_to: frozenset[str] | None = None
    """Actions a personal token narrows this person to for one request; None when they are here themselves."""

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        db_table_comment = "People who may sign in"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, left_at__isnull=True)
                | models.Q(is_active=False, left_at__isnull=False),
                name="person_left_or_active",
            ),
        ]

    def __str__(self) -> str:
        # Never the name: this text reaches logs.
        return f"person {self.pk}"

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with the epoch, so raising the epoch ends every session."""
        return salted_hmac(
            "redway.people.session", f"{self.password}:{self.session_epoch}", algorithm="sha256"
        ).hexdigest()


class Grant(models.Model):
    """One role, in one scope, from one day to another. Ended, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40, choices=Role.choices(), db_comment="Role code")
    scope_kind = models.CharField(max_length=20, choices=ScopeKind.choices(), db_comment="What the scope is")
    scope_key = models.CharField(
        max_length=80,
        blank=True,
        db_comment="Authority number, continuing school key, or 'kind:key' of a record; empty when national",
    )
    authority = models.CharField(
        max_length=3, blank=True, db_comment="Authority in which the scope lies; empty when national"
    )
    first_day = models.DateField(db_comment="First day of the grant")
    last_day = models.DateField(null=True, blank=True, db_comment="Last day of the grant; empty while open")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now, db_comment="When it was entered")
    ended_at = models.DateTimeField(
        null=True, blank=True, db_comment="When it was ended at once; holds no longer whatever its days"
    )

    class Meta:
        db_table_comment = "Roles people hold, with their scope and dates"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="grant_role"
            ),
            models.CheckConstraint(
                condition=models.Q(scope_kind=ScopeKind.NATIONAL, scope_key="")
                | (
                    models.Q(scope_kind__in=[ScopeKind.AUTHORITY, ScopeKind.SCHOOL, ScopeKind.RECORD])
                    & ~models.Q(scope_key="")
                ),
                name="grant_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day")),
                name="grant_days",
            ),
        ]
        indexes = [models.Index(fields=["person", "first_day"], name="grant_person")]

    def __str__(self) -> str:
        return f"grant {self.pk}: {self.role} {self.scope_kind} {self.scope_key}".rstrip()

    def holds_on(self, day: date) -> bool:
        """Is the grant in force on that day? First and last day are both inside it."""
        if self.ended_at is not None:
            return False
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class OneTimeLink(models.Model):
    """A link with which a person sets a password once. Only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="one_time_links")
    token_hash = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of the token in the link")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, db_comment="When it was made")
    expires_at = models.DateTimeField(db_comment="Not usable from this moment on")
    used_at = models.DateTimeField(null=True, blank=True, db_comment="When it was used or withdrawn")

    class Meta:
        db_table_comment = "One-time links for setting a password"

    def __str__(self) -> str:
        return f"one-time link {self.pk}"

    def usable_at(self, moment: datetime) -> bool:
        return self.used_at is None and moment < self.expires_at


class Step(models.TextChoices):
    """What lets whoever does it into an account."""

    LINK = "link", "make a one-time link"
    ADDRESS = "address", "change the email address"
    FACTOR = "factor", "remove the second factor"


class Agreement(models.Model):
    """One administrator asks another to agree to a step on an account through which cases are reached."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreements")
    step = models.CharField(max_length=10, choices=Step.choices, db_comment="What is to be done")
    address = models.EmailField(blank=True, db_comment="The new email address, where that is the step")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, db_comment="When it was asked")
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, db_comment="When it was done or turned down")

    class Meta:
        db_table_comment = "Steps on accounts to which a second administrator agrees"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True) | ~models.Q(agreed_by=models.F("asked_by")),
                name="agreement_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=[step.value for step in Step]), name="agreement_step"
            ),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class ApiToken(models.Model):
    """A personal key for programs. Shown once; only its hash is kept; never more than its owner may do."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=80, db_comment="What its owner calls it")
    token_hash = models.CharField(max_length=64, unique=True, db_comment="SHA-256 of the token")
    reach = models.CharField(max_length=20, db_comment="Code of the group of actions the token is good for")
    made_at = models.DateTimeField(default=timezone.now, db_comment="When it was made")
    expires_at = models.DateTimeField(db_comment="Not usable from this moment on")
    ended_at = models.DateTimeField(null=True, blank=True, db_comment="When it was withdrawn")
    last_used_on = models.DateField(null=True, blank=True, db_comment="Last day on which it was used")

    class Meta:
        db_table_comment = "Personal keys for the programming interface"

    def __str__(self) -> str:
        return f"API token {self.pk}"


class SignInFailures(models.Model):
    """Failed sign-ins counted against one key (an account, an address, or both together)."""

    key_hash = models.CharField(max_length=64, primary_key=True, db_comment="SHA-256 of what is counted")
    failures = models.PositiveIntegerField(default=0, db_comment="Failures since counting began")
    counting_since = models.DateTimeField(db_comment="When counting began")
    waits_until = models.DateTimeField(null=True, blank=True, db_comment="No attempt is taken before this")

    class Meta:
        db_table_comment = "Failed sign-ins, counted to slow guessing down"

    def __str__(self) -> str:
        return f"{self.failures} failures"


class SharedCacheEntry(models.Model):
    """The table behind Django's database cache: rate limits are shared by every server process."""

    cache_key = models.CharField(max_length=255, primary_key=True, db_comment="Key")
    value = models.TextField(db_comment="Pickled value")
    expires = models.DateTimeField(db_index=True, db_comment="When it may be dropped")

    class Meta:
        db_table = "redway_cache"
        db_table_comment = "Short-lived values shared by server processes"

    def __str__(self) -> str:
        return f"cache entry until {self.expires}"
