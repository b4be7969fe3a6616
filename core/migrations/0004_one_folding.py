"""The functions behind every search: one spelling for what is stored and what is typed."""

from django.db import migrations

# Immutable, so that an index may use it: the dictionary is named in full and does not change by itself.
# Marks are taken off letters of any script; what is left is put together again, for ガ is one letter.
PLAIN = r"""
CREATE FUNCTION core_plain(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize(regexp_replace(
            normalize(typed, NFKD),
            '[\u0300-\u036f'                                       -- accents: café, Ελλάς, Ёлка
            '\u0591-\u05bd\u05bf-\u05c7'                           -- Hebrew points
            '\u0640\u064b-\u065f\u0670'                            -- Arabic vowels, hamza, drawn-out letters
            '\u093c\u094d\u09cd\u0a4d\u0acd\u0bcd\u0c4d\u0ccd\u0d4d\u0e47-\u0e4e'  -- Indic and Thai signs
            '\u00ad\u200b-\u200f\ufeff'                            -- what nobody sees
            '''`´\u02b9-\u02bf\u2018-\u201b\u2032\u055a\ua78c]',   -- apostrophes
            '', 'g'), NFKC))),
        'ς', 'σ')
$$
"""
# Most texts are plain letters, for which a shorter way leads to the same. A folded text holds letters, digits and single
# blanks alone; it begins with one, so that the beginning of a word can be asked for.
FOLD = r"""
CREATE FUNCTION core_fold(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ' ' || trim(regexp_replace(
        regexp_replace(
            CASE WHEN octet_length(typed) = length(typed) THEN translate(lower(typed), '''`', '')
                 ELSE coalesce(core_plain(typed), '') END,         -- sammy's: sammys
            '\m([[:alnum:]])\.(?=[[:alnum:]]\M)', '\1', 'g'),      -- l.l.c.: llc
        '[^[:alnum:]]+', ' ', 'g'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_working_days")]

    operations = [
        migrations.RunSQL(PLAIN, "DROP FUNCTION core_plain(text)"),
        migrations.RunSQL(FOLD, "DROP FUNCTION core_fold(text)"),
    ]
