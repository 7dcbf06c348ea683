"""Two database roles: `owner` changes the schema, `app` runs the product (DESIGN 6)."""

from django.core.checks import Error, Tags, register
from django.db import connections


class OwnerMigrates:
    """Router: everything is read and written as `app` (default); only the owner's connection may migrate."""

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"


@register(Tags.database)
def app_role_is_weak(app_configs, databases, **kwargs):
    """The running role must be neither superuser nor owner of a table, else row-level security says nothing."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select rolname, rolsuper or rolbypassrls, exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relowner = r.oid) from pg_roles r where rolname = current_user"
        )
        role, strong, owns = cursor.fetchone()
    if strong or owns:
        why = "is a superuser or bypasses row-level security" if strong else "owns tables"
        return [
            Error(
                f"The site's database role {role} {why}: the wall between marketplaces would not hold.",
                hint="Give DATABASE_URL a plain role and keep the owner for DATABASE_OWNER_URL (docs/operations.md).",
                id="core.E001",
            )
        ]
    return []
