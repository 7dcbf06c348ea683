"""The walls between marketplaces, and what the running role may not do (INVARIANTS 9, 30, 31).

What the tables should be like is read from the models and from the SecureTable of their migrations; what they are like, from
the database's own catalogue.
"""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from core.migration import MARKETPLACE_IN_FORCE, SecureColumns, SecureTable, references
from operations.prove.check import Check


def tenant_models():
    """Every model whose rows belong to a marketplace."""
    return [model for model in apps.get_models() if any(field.name == "marketplace" for field in model._meta.local_fields)]


@cache
def secured() -> dict:
    """Table -> the SecureTable that its migrations declare, with the columns that later ones allow to be updated."""
    declared = [
        (apps.get_model(app, operation.model_name)._meta.db_table, operation)
        for (app, _name), migration in MigrationLoader(None).disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, SecureTable | SecureColumns)
    ]
    tables = {table: operation for table, operation in declared if isinstance(operation, SecureTable)}
    for table, added in declared:
        if isinstance(added, SecureColumns) and added.updatable:
            tables[table] = SecureTable(added.model_name, updatable=(*tables[table].updatable, *added.columns))
    return tables


def _rows(sql, *parameters) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def unsecured():
    """Tenant tables without row-level security, or with another policy than that of the marketplace in force."""
    rows = _rows(
        "select c.relname, c.relrowsecurity, count(p.oid), bool_and(p.polcmd = '*' and p.polpermissive"
        " and pg_get_expr(p.polqual, p.polrelid) like %s) from pg_class c left join pg_policy p on p.polrelid = c.oid"
        " where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.oid",
        "%plumbline.marketplace%",
    )
    walls = {table: enabled and policies == 1 and right for table, enabled, policies, right in rows}
    tables = {model._meta.db_table for model in tenant_models()}
    return sorted(table for table in tables if not walls.get(table) or table not in secured())


def loose_keys():
    """References between tenant tables that no validated key (marketplace, id) guards."""
    rows = _rows(
        "select k.conrelid::regclass::text, k.confrelid::regclass::text, array_agg(a.attname::text order by n)"
        " from pg_constraint k cross join unnest(k.conkey) with ordinality as part(attnum, n)"
        " join pg_attribute a on a.attrelid = k.conrelid and a.attnum = part.attnum"
        " where k.contype = 'f' and k.convalidated group by k.oid"
    )
    keys = {(table, target, tuple(columns)) for table, target, columns in rows}
    for table, column, target, _key in _references():
        if (table, target, ("marketplace_id", column)) not in keys:
            yield f"{table}.{column}"


def strong_rights():
    """What the application's role may do to a table and its migration does not say."""
    role = settings.DATABASE_APP_ROLE
    rows = _rows(
        "select c.relname, has_table_privilege(%s, c.oid, 'update'), has_table_privilege(%s, c.oid, 'delete'),"
        " has_table_privilege(%s, c.oid, 'truncate'), array(select attname::text from pg_attribute"
        " where attrelid = c.oid and attnum > 0 and not attisdropped and has_column_privilege(%s, c.oid, attnum, 'update'))"
        " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')",
        role, role, role, role,
    )  # fmt: skip
    models = {model._meta.db_table: model for model in tenant_models()}
    for table, update, delete, truncate, columns in rows:
        if truncate:
            yield f"{table}: truncate"
        operation = secured().get(table)
        if operation is None or not (operation.immutable or operation.updatable):
            continue
        allowed = {models[table]._meta.get_field(name).column for name in operation.updatable or ()}
        if delete:
            yield f"{table}: delete"
        if update or set(columns) - allowed:
            yield f"{table}: update {', '.join(sorted(set(columns) - allowed))}"


def changeable():
    """Immutable tables whose triggers are missing or switched off."""
    rows = _rows(
        "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " where c.relnamespace = 'public'::regnamespace and t.tgenabled in ('O', 'A')"
    )
    for table, operation in secured().items():
        if operation.immutable and not {(table, "immutable"), (table, "untruncatable")} <= set(rows):
            yield table


def _references():
    """(table, column, target, its key) of every reference between tenant tables."""
    for model in tenant_models():
        for field in references(model):
            target = field.remote_field.model._meta
            yield model._meta.db_table, field.column, target.db_table, target.pk.column


def _foreign_rows() -> str:
    return " union all ".join(
        f"select '{model._meta.db_table} ' || {model._meta.pk.column} from {model._meta.db_table}"
        f" where marketplace_id is distinct from {MARKETPLACE_IN_FORCE}"
        for model in tenant_models()
    )


def _broken_references() -> str:
    return " union all ".join(
        f"select '{table}.{column} ' || a.{key} from {table} a left join {target} b on b.{key} = a.{column}"
        f" where a.{column} is not null and b.{key} is null"
        for table, column, target, key in _references()
    )


TABLES = f"from generate_series(1, {len(tenant_models())}) as tenant_table"
REFERENCES = f"from generate_series(1, {len(list(_references()))}) as reference"

CHECKS = (
    Check(
        name="tenancy.role",
        invariant=30,
        sentence="The running role is neither a superuser nor an owner, and passes no row-level security.",
        of="from pg_roles where rolname = current_user",
        sql="""
        select rolname from pg_roles where rolname = current_user and (rolsuper or rolbypassrls or rolcreaterole or exists (
          select from pg_class where relnamespace = 'public'::regnamespace and pg_has_role(current_user, relowner, 'member')))
        """,
    ),
    Check(
        name="tenancy.walls",
        invariant=30,
        sentence="Every table of a tenant has row-level security and the one policy of the marketplace in force.",
        of=TABLES,
        function=unsecured,
    ),
    Check(
        name="tenancy.invisible",
        invariant=30,
        sentence="No row of another marketplace is seen.",
        of=TABLES,
        sql=_foreign_rows(),
    ),
    Check(
        name="tenancy.keys",
        invariant=31,
        sentence="Every reference between tenant tables has its validated key of marketplace and id.",
        of=REFERENCES,
        function=loose_keys,
    ),
    Check(
        name="tenancy.references",
        invariant=31,
        sentence="Every reference leads to a row of the same marketplace.",
        of=REFERENCES,
        sql=_broken_references(),
    ),
    Check(
        name="tenancy.indexes",
        invariant=30,
        sentence="The marketplace comes first in every index of a tenant table, but keys of one column.",
        of=TABLES,
        sql="""
        select i.indexrelid::regclass from pg_index i join pg_class c on c.oid = i.indrelid
        join pg_attribute m on m.attrelid = c.oid and m.attname = 'marketplace_id'
        where c.relnamespace = 'public'::regnamespace and i.indkey[0] <> m.attnum and not i.indisprimary
          and not (i.indisunique and i.indnkeyatts = 1)
        """,
    ),
    Check(
        name="tenancy.rights",
        invariant=9,
        sentence="The application may truncate nothing, and of immutable rows change and delete nothing.",
        of="from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
        function=strong_rights,
    ),
    Check(
        name="tenancy.immutable",
        invariant=9,
        sentence="Triggers refuse to change, delete and truncate the rows of immutable tables, for the owner too.",
        of="from pg_trigger where tgname in ('immutable', 'untruncatable')",
        function=changeable,
    ),
)
