"""The functions behind the searched text: one spelling for all, and the table of distinct words."""

from django.db import migrations

# Immutable, so that an index may use it: the dictionary is named in full and does not change by itself.
FOLD = r"""
CREATE FUNCTION businesses_fold(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    lower(public.unaccent('public.unaccent'::regdictionary, coalesce(typed, ''))),
                    '[''`´]', '', 'g'),                                   -- sammy's: sammys
                '\m([[:alnum:]])\.(?=[[:alnum:]]\M)', '\1', 'g'),          -- l.l.c.: llc
            '[^[:alnum:]]+', ' ', 'g'))
$$
"""

# In order, so that two writers can't wait for each other's words.
KEEP_WORDS = """
CREATE FUNCTION businesses_keep_words(texts text[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO businesses_searchword (word)
    SELECT DISTINCT word
    FROM unnest(texts) AS one, regexp_split_to_table(trim(one), ' +') AS word
    WHERE length(word) BETWEEN 2 AND 60
    ORDER BY word
    ON CONFLICT DO NOTHING
$$
"""


class Migration(migrations.Migration):
    dependencies = [("businesses", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION businesses_fold(text)"),
        migrations.RunSQL(KEEP_WORDS, "DROP FUNCTION businesses_keep_words(text[])"),
    ]
