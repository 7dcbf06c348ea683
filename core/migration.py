"""What every tenant table gets in the migration that creates it: the second wall (DESIGN 6, INVARIANTS 30, 31)."""

from django.conf import settings
from django.db.migrations.operations.base import Operation

from core.tenancy import SETTING, _CompositeReference

MARKETPLACE_IN_FORCE = f"nullif(current_setting('{SETTING}', true), '')::bigint"


def references(model):
    """The fields of `model` that point at another tenant table."""
    return [field for field in model._meta.local_fields if isinstance(field, _CompositeReference)]


class SecureTable(Operation):
    """Row-level security, composite keys and the application role's rights for one table.

    `immutable`: rows are INSERT-only, for the owner too. `updatable`: the only columns the application may change.
    `nullable_marketplace`: rows of no marketplace are seen when none is in force (users of the platform).
    """

    reduces_to_sql = True
    reversible = True
    reference_target = True

    def __init__(self, model_name, *, immutable=False, updatable=None, nullable_marketplace=False):
        self.model_name = model_name
        self.immutable = immutable
        self.updatable = updatable
        self.nullable_marketplace = nullable_marketplace

    def deconstruct(self):
        options = {
            key: value
            for key, value in (
                ("immutable", self.immutable),
                ("updatable", self.updatable),
                ("nullable_marketplace", self.nullable_marketplace),
            )
            if value
        }
        return type(self).__name__, [self.model_name], options

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in self.statements(model):
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Nothing to take back: the table itself goes with the operation before this one."""

    def describe(self):
        return f"Secure the table of {self.model_name} for its marketplace"

    def statements(self, model):
        table, app = model._meta.db_table, settings.DATABASE_APP_ROLE
        key = model._meta.pk.column
        yield f'alter table "{table}" add constraint "{table}_tenant_key" unique (marketplace_id, "{key}")'
        for field in references(model):
            yield composite_key(model, field)
        comparison = "is not distinct from" if self.nullable_marketplace else "="
        yield f'alter table "{table}" enable row level security'
        yield f'create policy tenant on "{table}" using (marketplace_id {comparison} {MARKETPLACE_IN_FORCE})'
        yield f'revoke all on "{table}" from {app}'
        if self.immutable:
            yield f'grant select, insert on "{table}" to {app}'
            yield (f'create trigger immutable before update or delete on "{table}" for each row execute function plumbline_refuse_change()')
            yield (
                f'create trigger untruncatable before truncate on "{table}" for each statement execute function plumbline_refuse_change()'
            )
        elif self.updatable:
            columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in self.updatable)
            yield f'grant select, insert, update ({columns}) on "{table}" to {app}'
        else:
            yield f'grant select, insert, update, delete on "{table}" to {app}'


class SecureColumns(Operation):
    """What columns added to a secured table need: composite keys of those that refer to tenant tables, and the right to update where
    the application may change named columns only (`updatable`)."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name, *columns, updatable=False):
        self.model_name = model_name
        self.columns = columns
        self.updatable = updatable

    def deconstruct(self):
        return type(self).__name__, [self.model_name, *self.columns], {"updatable": True} if self.updatable else {}

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        for name in self.columns:
            field = model._meta.get_field(name)
            if isinstance(field, _CompositeReference):
                # Not to read a big table under its lock: what is there is checked afterwards.
                schema_editor.execute(composite_key(model, field) + " not valid")
                schema_editor.execute(f'alter table "{model._meta.db_table}" validate constraint "{key_name(model, field)}"')
            if self.updatable:
                schema_editor.execute(f'grant update ("{field.column}") on "{model._meta.db_table}" to {settings.DATABASE_APP_ROLE}')

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Nothing to take back: keys and rights go with their columns."""

    def describe(self):
        return f"Secure {', '.join(self.columns)} of {self.model_name}"


def key_name(model, field):
    return f"{model._meta.db_table}_{field.column}_tenant_fk"


def composite_key(model, field):
    """The statement that makes `field` refer to a row of the same marketplace."""
    target = field.remote_field.model._meta
    return (
        f'alter table "{model._meta.db_table}" add constraint "{key_name(model, field)}" '
        f'foreign key (marketplace_id, "{field.column}") references "{target.db_table}" (marketplace_id, "{target.pk.column}")'
    )


REFUSE_CHANGE = """
create function plumbline_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed: write a correcting row instead', tg_table_name
    using errcode = 'restrict_violation';
end $$
"""
