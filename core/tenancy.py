"""The wall between marketplaces: one context, one transaction, managers that refuse outside it (DESIGN 6).

`scope(marketplace)` is the transaction. It tells Python (a context variable) and PostgreSQL (`plumbline.marketplace`, read by
the row-level security policies of `core.migration.SecureTable`) whose rows may be seen.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction

SETTING = "plumbline.marketplace"
_current: ContextVar = ContextVar("marketplace", default=None)


class OutsideScope(RuntimeError):
    """A tenant table was asked with no marketplace in force. A bug, never a user's mistake."""


def current():
    """The marketplace in force. Raises OutsideScope when there is none."""
    marketplace = _current.get()
    if marketplace is None:
        raise OutsideScope("No marketplace is in force: wrap the call in core.tenancy.scope(marketplace).")
    return marketplace


def current_or_none():
    """The marketplace in force, or None (the platform's own host)."""
    return _current.get()


def current_id() -> int:
    return current().pk


@contextmanager
def scope(marketplace):
    """One transaction in which only `marketplace` exists. Nested, it is a savepoint and gives the former scope back, or none."""
    former = _current.get()
    nested = connection.in_atomic_block
    token = _current.set(marketplace)
    try:
        with transaction.atomic():
            _tell_database(marketplace)
            yield marketplace
            if nested and former != marketplace and not connection.needs_rollback:
                _tell_database(former)  # a savepoint that is rolled back gives it back by itself
    finally:
        _current.reset(token)


def _tell_database(marketplace):
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, true)", [SETTING, str(marketplace.pk) if marketplace else ""])


class TenantQuerySet(models.QuerySet):
    """Ordinary queries; the manager has already narrowed them to the marketplace in force."""


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):
    """Answers for the marketplace in force, refuses outside a scope."""

    def get_queryset(self):
        return super().get_queryset().filter(marketplace_id=current_id())


class TenantModel(models.Model):
    """A row of one marketplace. `marketplace` fills itself from the scope and comes first in every index."""

    marketplace = models.ForeignKey(
        "core.Marketplace", models.PROTECT, db_index=False, default=current_id, editable=False, related_name="+"
    )
    objects = TenantManager()

    class Meta:
        abstract = True


class _CompositeReference:
    """Refers to a row of the same marketplace: SecureTable adds the composite key (marketplace, id).

    Row-level security does not check references, so a plain foreign key could point across the wall (INVARIANTS 31).
    """

    def __init__(self, to, on_delete, **options):
        options["db_constraint"] = False
        options.setdefault("related_name", "+")
        if type(self) is TenantKey:
            options["db_index"] = False
        super().__init__(to, on_delete, **options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        options.pop("db_constraint", None)
        options.pop("db_index", None)
        return name, path, args, options


class TenantKey(_CompositeReference, models.ForeignKey):
    """Many rows to one, inside the marketplace. Brings no index of its own: declare one with marketplace first."""


class TenantOneToOne(_CompositeReference, models.OneToOneField):
    """One row to one, inside the marketplace."""
