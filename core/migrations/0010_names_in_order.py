"""The function behind every order by name: numbers in a name count as numbers."""

from django.db import migrations

# Ten digits for each number, more for one that has more.
IN_ORDER = r"""
CREATE FUNCTION core_in_order(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ltrim(CASE WHEN folded ~ '[0-9]'
        THEN regexp_replace(regexp_replace(folded, '([0-9]+)', '0000000000\1', 'g'), '0*([0-9]{10,})', '\1', 'g')
        ELSE folded END)
    FROM (SELECT public.core_fold(name) AS folded) AS one
$$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_mail_addresses")]

    operations = [migrations.RunSQL(IN_ORDER, "DROP FUNCTION core_in_order(text)")]
