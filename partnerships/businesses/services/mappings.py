"""Ways to read a file, as someone here said them once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit, edits, locks
from core.access import Actor, Refusal, Refused, check
from core.names import tidy
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.presets import known_presets, preset_of
from partnerships.businesses.models import ImportMapping


@transaction.atomic
def keep_mapping(
    *, label: str, says: Mapping[str, Any], actor: Actor, replace: bool = False
) -> ImportMapping:
    """Keep a way to read a file under a name, which makes it the source of what is read.

    Args:
        label: what people call the kind of file.
        says: what a mapping in TOML says, see `presets.preset_of`.
        actor: an admin or a supervisor; `None` for the system.
        replace: also where one of this name says something else; it stays the same source.

    Raises:
        Refused: the actor may not, the mapping lacks something, or the name is taken; the sentence says what.
    """
    check(actor, "businesses.import_files")
    name = edits.typed(ImportMapping, {"label": tidy(label)})["label"]
    try:
        preset_of(says, "", f"“{name}”")
    except ImportRefusedError as wrong:
        raise Refused(Refusal("mapping_lacks", str(wrong))) from None
    key = slugify(name, allow_unicode=True)[:50] or "file"
    if key in known_presets():
        key = f"{key}-here"
    locks.one_at_a_time(f"businesses.mapping:{key}")
    row = ImportMapping.objects.filter(key=key).first() or ImportMapping(key=key)
    if row.pk and row.says == dict(says):
        return row
    if row.pk and not replace:
        raise Refused(_taken(row))
    row.label, row.says = name, dict(says)
    row.stamp(actor)
    row.save()
    audit.record("businesses.mapping_kept", row, actor=actor, detail=key)
    return row


def _taken(row: ImportMapping) -> Refusal:
    told = _(
        "“%(name)s” is kept already, and is read another way. Give this kind of file another name, or tick "
        "below to read “%(name)s” this way from now on."
    )
    return Refusal("mapping_taken", told % {"name": row.label}, field="label")
