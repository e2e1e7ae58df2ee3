"""What the transaction store promises, on whichever database it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from redway.web.audit.models import AuditEntry
from redway.web.audit.services import record
from redway.web.audit.verify import verify
from redway.web.jobs import services as jobs
from redway.web.jobs.models import Job
from redway.web.people.models import Grant, Person

WRITERS, ENTRIES = 6, 20


def together(work: Callable[[int], None], threads: int = WRITERS) -> list[BaseException]:
    """Run the same work in several threads at once, each with its own connection."""
    start = threading.Barrier(threads)
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start.wait(10)
            work(number)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    return faults


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain_without_forks_or_gaps() -> None:
    def write(number: int) -> None:
        for step in range(ENTRIES):
            with transaction.atomic():
                record(None, "contract.write", "writer", number, {"step": step})

    assert together(write) == []
    assert AuditEntry.objects.count() == WRITERS * ENTRIES
    assert verify().message == f"The audit trail is whole: {WRITERS * ENTRIES} entries checked."


@pytest.mark.django_db(transaction=True)
def test_writers_that_give_up_half_way_leave_no_trace() -> None:
    def write(number: int) -> None:
        for step in range(ENTRIES):
            with transaction.atomic():
                record(None, "contract.write", "writer", number, {"step": step})
                transaction.set_rollback(step % 2 == 1)

    assert together(write) == []
    assert AuditEntry.objects.count() == WRITERS * ENTRIES // 2
    assert verify().whole


@pytest.mark.django_db(transaction=True)
def test_a_job_is_taken_up_by_one_worker_only(make_person: Callable[..., Person]) -> None:
    owner = make_person("data_officer")
    Job.objects.bulk_create(Job(kind="contract.work", title="Work", owner=owner) for _ in range(20))
    taken: list[str] = []

    def take(number: int) -> None:
        from django.utils import timezone

        while (job := jobs.claim_job(worker=f"worker {number}", now=timezone.now())) is not None:
            taken.append(str(job.pk))

    assert together(take, 4) == []
    assert len(taken) == len(set(taken)) == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET verb = 'contract.forged'",
        "DELETE FROM audit_auditentry",
        "DELETE FROM audit_audithead",
        pytest.param("TRUNCATE audit_auditentry CASCADE", id="truncate"),
        pytest.param("TRUNCATE audit_audithead", id="truncate head"),
    ],
)
def test_the_trail_is_append_only(statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with transaction.atomic():
        record(None, "contract.write", "writer", 1)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert verify().whole


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"role": "superuser"},
        {"scope_kind": "national", "scope_key": "826"},
        {"scope_kind": "authority", "scope_key": ""},
        {"first_day": date(2026, 9, 1), "last_day": date(2026, 8, 31)},
    ],
)
def test_the_database_refuses_a_role_that_cannot_be(
    make_person: Callable[..., Person], fields: dict[str, object]
) -> None:
    person = make_person(None)
    sound = {"role": "adviser", "scope_kind": "authority", "scope_key": "826", "first_day": date(2026, 9, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(person=person, authority="826", **(sound | fields))


@pytest.mark.django_db
def test_the_same_address_in_other_capitals_is_the_same_person(make_person: Callable[..., Person]) -> None:
    make_person("adviser", email="bob@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("BOB@example.org", "Another Bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person(email="Capital@example.org", full_name="Somebody").save()


@pytest.mark.django_db
def test_postgresql_keeps_a_description_of_every_table_and_column_of_ours() -> None:
    from django.apps import apps

    nameless = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("redway.")
        for field in model._meta.local_concrete_fields
        if not field.db_comment
        and not field.auto_created
        and field.name not in {"id", "password", "last_login"}
        and field.remote_field is None
    ]
    assert nameless == []
