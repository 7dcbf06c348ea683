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
            target = field.remote_field.model._meta
            yield (
                f'alter table "{table}" add constraint "{table}_{field.column}_tenant_fk" '
                f'foreign key (marketplace_id, "{field.column}") references "{target.db_table}" (marketplace_id, "{target.pk.column}")'
            )
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


REFUSE_CHANGE = """
create function plumbline_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed: write a correcting row instead', tg_table_name
    using errcode = 'restrict_violation';
end $$
"""
