"""SQL by hand, for the paths that every lead takes: the ORM's compilers would take half of the time there (ADR 9).

Every statement names its parameters; `%(marketplace)s` is the marketplace in force. The walls of core.tenancy hold here too:
outside a scope there is no marketplace to name, and row-level security reads the same one.
"""

import json
from functools import cache

from django.db import connection, models

from core.tenancy import current_id


def rows(statement, **parameters) -> list[tuple]:
    """What a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"marketplace": current_id()})
        return cursor.fetchall()


def run(statement, **parameters) -> int:
    """Do it; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters | {"marketplace": current_id()})
        return cursor.rowcount


def load(statement, model, *related, **parameters) -> list:
    """Instances of `model`, with the instances its relations named in `related` point to. The statement says `{name}` where the
    columns of such a relation belong, `{row}` for those of `model`, and calls its tables so."""
    text, parts, documents = _loading(statement, model, related)
    loaded = []
    for found in rows(text, **parameters):
        values = list(found)
        for place in documents:
            values[place] = json.loads(values[place])
        row, *others = (part.from_db(connection.alias, names, values[start:end]) for part, names, start, end in parts)
        row._state.fields_cache.update(zip(related, others, strict=True))
        loaded.append(row)
    return loaded


def insert(objects, *, once=False) -> int:
    """One INSERT of these instances of one model; how many it wrote. `once`: a row that is there already stays, and that is no error."""
    objects = list(objects)
    if not objects:
        return 0
    columns, text = _inserting(type(objects[0]))
    values = [write(getattr(one, name)) if write else getattr(one, name) for one in objects for name, write in columns]
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        cursor.execute(text + ", ".join([row] * len(objects)) + " on conflict do nothing" * once, values)
        written = cursor.rowcount
    for one in objects:
        one._state.adding, one._state.db = False, connection.alias
    return written


def update(row, **values) -> None:
    """One UPDATE of the row of this instance, which then knows the new values."""
    table = row._meta
    columns = ", ".join(f'"{table.get_field(name).column}" = %({name})s' for name in values)
    run(f'update "{table.db_table}" set {columns} where marketplace_id = %(marketplace)s and id = %(pk)s', pk=row.pk, **values)
    for name, value in values.items():
        setattr(row, name, value)


@cache
def _loading(statement, model, related):
    """The statement with its columns, which values belong to which model, and which of them are JSON."""
    columns, parts, documents, start = {}, [], [], 0
    for name, part in [("row", model)] + [(name, _target(model, name)) for name in related]:
        fields = part._meta.concrete_fields
        columns[name] = ", ".join(f'{name}."{field.column}"' for field in fields)
        parts.append((part, [field.attname for field in fields], start, start + len(fields)))
        documents += [place for place, field in enumerate(fields, start) if isinstance(field, models.JSONField)]
        start += len(fields)
    return statement.format(**columns), parts, documents


def _target(model, name):
    return model._meta.get_field(name).related_model


@cache
def _inserting(model):
    """The columns that are written, each with what makes its value one that PostgreSQL takes, if anything; and the statement's head."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = [(field.attname, _as_json(field) if isinstance(field, models.JSONField) else None) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    return columns, f'insert into "{model._meta.db_table}" ({names}) values '


def _as_json(field):
    return lambda value: field.get_db_prep_value(value, connection)
