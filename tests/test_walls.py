"""The second wall, attacked in SQL as the application's role: what PostgreSQL itself refuses (INVARIANTS 9, 30, 31, 33)."""

import itertools
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError

from accounts import passwords, team
from accounts.models import Member, User
from core.migration import references
from core.tenancy import OutsideScope, TenantModel, TenantOneToOne, scope
from operations.prove.tenancy import secured, tenant_models
from tests.routes import ADMIN_SIGN_IN, SIGN_IN
from tests.test_isolation import outcome
from tests.world import Browser, build, session_of

pytestmark = pytest.mark.django_db
MODELS = tenant_models()
IMMUTABLE = sorted(table for table, operation in secured().items() if operation.immutable)
UPDATABLE = {table: operation.updatable for table, operation in secured().items() if operation.updatable}
REFERENCES = [(model, field) for model in MODELS for field in references(model)]
# Else seats and accounts are taken, and a match has its one open request.
COPIED = {("leads.Match", "group"), ("billing.LedgerAccount", "pro"), ("accounts.ProService", "pro"), ("credits.CreditRequest", "match"),
          ("leads.Offer", "pro"), ("leads.Reveal", "match"), ("accounts.Check", "pro")}  # fmt: skip
_count = itertools.count(1_000_000)


def labels(models):
    return [model._meta.label for model in models]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture
def here(world):
    return world[0]


@pytest.fixture
def there(world):
    return world[1]


def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def refused(sql, *parameters) -> str:
    """Why PostgreSQL refuses the statement."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    return str(caught.value)


# Reading


@pytest.mark.parametrize("model", MODELS, ids=labels(MODELS))
def test_without_a_marketplace_in_force_no_row_is_there(world, model):
    assert rows(f"select * from {model._meta.db_table}") == []


@pytest.mark.parametrize("model", MODELS, ids=labels(MODELS))
def test_with_one_in_force_the_others_rows_are_not_there(here, there, model):
    table = model._meta.db_table
    counts = []
    for side in (here, there):
        with scope(side.marketplace):
            assert rows(f"select distinct marketplace_id from {table}") in ([(side.marketplace.pk,)], [])
            counts.append(rows(f"select count(*) from {table}")[0][0])
    assert counts[0] == counts[1]
    assert counts[0] > 0 or table == "accounts_signinfailure"


def test_a_union_and_a_join_see_no_more(here, there):
    with scope(here.marketplace):
        joined = "select count(*) from leads_lead a left join leads_lead b on true where b.marketplace_id = %s"
        assert rows(joined, there.marketplace.pk) == [(0,)]
        materialized = "with everybody as materialized (select * from accounts_homeowner) select 1 from everybody where email = %s"
        assert rows(materialized, there.mine.email) == []
        united = "select id from leads_match where id = %s union all select id from leads_lead where id = %s"
        assert rows(united, there.match.pk, there.mine.lead.pk) == []


@pytest.mark.parametrize("model", [model for model in MODELS if issubclass(model, TenantModel)], ids=lambda model: model._meta.label)
def test_python_refuses_first(model):
    with pytest.raises(OutsideScope):
        model.objects.count()


def test_a_scope_gives_back_what_was_in_force_before(here, there):
    def in_force():
        return rows("select nullif(current_setting('plumbline.marketplace', true), '')")[0][0]

    assert in_force() is None
    with scope(here.marketplace):
        with scope(there.marketplace):
            assert in_force() == str(there.marketplace.pk)
        assert in_force() == str(here.marketplace.pk)
        with pytest.raises(ZeroDivisionError), scope(there.marketplace):
            raise ZeroDivisionError
        assert in_force() == str(here.marketplace.pk)
    assert in_force() is None


# Writing


@pytest.mark.parametrize("model", MODELS, ids=labels(MODELS))
def test_no_row_is_written_for_another_marketplace(here, there, model):
    table = model._meta.db_table
    columns = [field.column for field in model._meta.local_concrete_fields]
    values = ", ".join("%s" if column == "marketplace_id" else column for column in columns)
    with scope(here.marketplace):
        if rows(f"select count(*) from {table}") == [(0,)]:
            model.objects.create(**({"key": "x", "at": here.mine.lead.submitted_at}))
        why = refused(f"insert into {table} ({', '.join(columns)}) select {values} from {table} limit 1", there.marketplace.pk)
    assert "row-level security" in why


@pytest.mark.parametrize(("model", "field"), REFERENCES, ids=[f"{model._meta.label}.{field.name}" for model, field in REFERENCES])
def test_no_row_refers_to_another_marketplaces_row(here, there, model, field):
    """Foreign keys do not ask row-level security: the key of marketplace and id does it for them."""
    with scope(there.marketplace):
        foreign = a_copy(field.remote_field.model)
    with scope(here.marketplace):
        a_copy(model)
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            a_copy(model, **{field.column: foreign})
    assert f"{model._meta.db_table}_{field.column}_tenant_fk" in str(caught.value)


def a_copy(model, **changes):
    """The key of a copy of any row of the marketplace in force, with values of its own where they must be."""
    for field in model._meta.local_concrete_fields:
        if field.column not in changes and (value := _own_value(model, field)) is not None:
            changes[field.column] = value
    columns = [field.column for field in model._meta.local_concrete_fields if field.column in changes or not field.primary_key]
    values = ", ".join("%s" if column in changes else column for column in columns)
    table, key = model._meta.db_table, model._meta.pk.column
    given = [changes[column] for column in columns if column in changes]
    return rows(f"insert into {table} ({', '.join(columns)}) select {values} from {table} limit 1 returning {key}", *given)[0][0]


def _own_value(model, field):
    """What a unique key has not seen yet; None where any value will do."""
    unique = field.unique or any(field.name in getattr(each, "fields", ()) for each in model._meta.constraints)
    kind = field.get_internal_type()
    if isinstance(field, TenantOneToOne) or (model._meta.label, field.name) in COPIED:
        return a_copy(field.remote_field.model)
    if unique and kind == "UUIDField":
        return str(uuid4())
    if unique and kind in ("CharField", "EmailField", "SlugField") and not field.choices:
        return uuid4().hex[: field.max_length]
    if unique and kind == "PositiveIntegerField":
        return next(_count)
    return None


# The books and what else is immutable


@pytest.mark.parametrize("table", IMMUTABLE)
def test_what_was_written_once_is_never_changed(here, table):
    with scope(here.marketplace):
        assert rows(f"select count(*) from {table}")[0][0] > 0
        for attack in (f"update {table} set marketplace_id = marketplace_id", f"delete from {table}", f"truncate {table}",
                       f"insert into {table} select * from {table} on conflict do update set marketplace_id = 1"):  # fmt: skip
            why = refused(attack)
            assert "permission denied" in why or "syntax" in why or "inference" in why, why


@pytest.mark.parametrize("table", sorted(UPDATABLE))
def test_only_what_may_change_can_be_changed(here, table):
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    with scope(here.marketplace):
        for field in model._meta.local_concrete_fields:
            attack = f"update {table} set {field.column} = {field.column}"
            if field.name in UPDATABLE[table]:
                rows(attack + " returning 1")
            else:
                assert "permission denied" in refused(attack)
        assert "permission denied" in refused(f"delete from {table}")


TABLES = sorted(secured())


@pytest.mark.parametrize("table", TABLES)
def test_the_wall_cannot_be_taken_down(here, table):
    with scope(here.marketplace):
        for attack in (
            f"alter table {table} disable row level security",
            f"alter table {table} no force row level security",
            f"drop policy tenant on {table}",
            f"create policy everything on {table} using (true)",
            f"alter table {table} disable trigger all",
            f"alter table {table} owner to current_user",
            f"truncate {table} cascade",
            f"drop table {table} cascade",
        ):
            why = refused(attack)
            assert "permission denied" in why or "must be owner" in why, (attack, why)
        with connection.cursor() as cursor:
            cursor.execute(f"grant all on {table} to public")  # a warning, and no effect
    granted = "select privilege_type from information_schema.role_table_grants where table_name = %s and grantee = 'PUBLIC'"
    assert rows(granted, table) == []


def test_the_role_cannot_become_another(here):
    owner = settings.DATABASES["owner"]["USER"]
    for attack in (
        f"set role {owner}",
        "set role postgres",
        f"set session authorization {owner}",
        "alter role current_user bypassrls",
        "alter role current_user superuser",
        "create role intruder superuser",
        "set session_replication_role = replica",
        f"grant {owner} to current_user",
        "create function pg_temp.leak() returns setof leads_lead language sql security definer as 'select * from leads_lead';"
        f" alter function pg_temp.leak() owner to {owner}",
        "copy leads_lead to '/tmp/leads'",
        "copy (select 1) to program 'true'",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "create extension dblink",
    ):
        why = refused(attack)
        assert any(word in why for word in ("permission denied", "must be", "does not exist", "not available", "Only roles")), why
    with scope(here.marketplace):
        assert "row-level security" in refused("set local row_security = off; select * from leads_lead")


# Sessions


@pytest.mark.parametrize("viewer", ["owner", "member", "other", "staff"])
def test_a_session_of_one_marketplace_is_nobody_at_anothers_host(here, there, viewer):
    path = "/admin/" if viewer == "staff" else "/pro/leads/"
    assert signed_in(here, here.sessions[viewer], path)
    assert outcome(Browser(there.host, here.sessions[viewer]).get("/pro/leads/")) == SIGN_IN
    for host in (there.host, "localhost"):
        assert outcome(Browser(host, here.sessions[viewer]).get("/admin/")) == ADMIN_SIGN_IN
    assert signed_in(here, here.sessions[viewer], path)


def signed_in(side, session, path="/pro/leads/"):
    return outcome(Browser(side.host, session).get(path)) == "in"


def test_a_changed_password_ends_every_session_at_once(here, now):
    user, sessions = here.users["owner"], [here.sessions["owner"], session_of(here.users["owner"])]
    assert all(signed_in(here, session) for session in sessions)
    with scope(here.marketplace):
        passwords._set(User.objects.get(pk=user.pk), "another horse battery", now)
    assert not any(signed_in(here, session) for session in sessions)


def test_a_removal_ends_every_session_at_once(here, now):
    assert signed_in(here, here.sessions["member"])
    with scope(here.marketplace):
        team.remove(here.users["member"].member, by=here.users["owner"].member, now=now)
    assert not signed_in(here, here.sessions["member"])


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}], ids=str)
def test_who_was_disabled_is_out_of_the_admin_at_once(here, change):
    assert signed_in(here, here.sessions["staff"], "/admin/")
    with scope(here.marketplace):
        User.objects.filter(pk=here.users["staff"].pk).update(**change)
    assert not signed_in(here, here.sessions["staff"], "/admin/")


def test_either_fact_alone_ends_a_membership(here, now):
    with scope(here.marketplace):
        Member.objects.filter(user=here.users["member"]).update(removed_at=now)
    assert Browser(here.host, here.sessions["member"]).get("/pro/leads/").status_code == 403


def test_the_log_of_the_admin_is_behind_the_wall_too(here):
    assert rows("select relrowsecurity from pg_class where relname = 'django_admin_log'") == [(True,)]


def test_a_lower_role_is_lower_at_once(here):
    assert signed_in(here, here.sessions["owner"], "/pro/billing/")
    with scope(here.marketplace):
        Member.objects.filter(user=here.users["owner"]).update(role=Member.Role.MEMBER)
    assert Browser(here.host, here.sessions["owner"]).get("/pro/billing/").status_code == 403


def test_an_email_may_live_in_two_marketplaces_and_once_in_each(here, there):
    for side in (here, there):
        with scope(side.marketplace):
            User.objects.create(email="twin@both.example", name="Twin")
    with scope(here.marketplace), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="twin@both.example", name="Twin")
