"""Functions call each other by their full names: `pg_restore` fills tables while no schema is looked through."""

from django.db import migrations

# The same as in 0004 but for `public.` before core_plain.
FOLD = r"""
CREATE OR REPLACE FUNCTION core_fold(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || trim(regexp_replace(
        regexp_replace(
            CASE WHEN octet_length(typed) = length(typed) THEN translate(lower(typed), '''`', '')
                 ELSE coalesce(public.core_plain(typed), '') END,  -- sammy's: sammys
            '\m([[:alnum:]])\.(?=[[:alnum:]]\M)', '\1', 'g'),      -- l.l.c.: llc
        '[^[:alnum:]]+', ' ', 'g'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_names_in_order")]

    operations = [migrations.RunSQL(FOLD, migrations.RunSQL.noop)]
