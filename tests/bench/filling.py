"""Many rows by one statement: what a statement does not name gets the model's own default."""

from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Model
from psycopg import sql

# Chance that is the same on every run: of a number and of what it decides.
CHANCE = """
CREATE OR REPLACE FUNCTION pg_temp.chance(n bigint, what integer) RETURNS float8 LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(n, what) & 2147483647) / 2147483648.0 $$;
CREATE OR REPLACE FUNCTION pg_temp.one_of(few text[], n bigint, what integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT few[1 + floor(pg_temp.chance(n, what) * cardinality(few))::int] $$
"""
# What a registry that grew by and by has gone through one row at a time: the moves of a status, and history.
GROWN_INTO = r"pgtrigger_(\w*moves|\w*starts?|insert_insert|update_update|delete_delete)_\w+$"


def run(statement: str, *values: Any) -> None:
    """Run a statement through Django's connection; `%` in it stands for itself when there are no values."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def insert(model: type[Model], rows: str, /, **columns: str) -> None:
    """Insert the rows of a query.

    Args:
        model: whose table; its columns that are not named get their default.
        rows: what follows FROM.
        columns: the SQL of each field by the field's name.
    """
    names, terms, numbered = [], [], "id" in columns
    for field in model._meta.concrete_fields:
        term = columns.pop(field.name, None)
        if term is None:
            left_to_the_database = field.primary_key or field.null or field.generated
            if left_to_the_database or field.db_default is not NOT_PROVIDED:
                continue
            value = field.get_db_prep_save(field.get_default(), connection)
            term = sql.Literal(value).as_string(connection.connection)
        names.append(f'"{field.column}"')
        terms.append(term)
    if columns:
        raise LookupError(f"{model.__name__} has no {', '.join(columns)}.")
    table = model._meta.db_table
    run(f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(terms)} FROM {rows}")  # noqa: S608
    if numbered:
        run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608


def as_if_grown(*models: type[Model], on: bool) -> None:
    """Switch off the triggers that a row passes once in its life, and on again. All others stay on."""
    for model in models:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname ~ %s",
                [table, GROWN_INTO],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} {'DISABLE' if on else 'ENABLE'} TRIGGER {name}")


def ago(number: str, what: int, days: int) -> str:
    """A moment within so many days before now."""
    return f"now() - pg_temp.chance({number}, {what}) * interval '{days} days'"
