"""Ways to read a file, as someone here said them once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core import audit, edits
from core.access import Actor, Refused, check
from core.access import Refusal as _Refusal
from core.names import tidy
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.presets import known_presets, preset_of
from partnerships.businesses.models import ImportMapping


@transaction.atomic
def keep_mapping(*, label: str, says: Mapping[str, Any], actor: Actor) -> ImportMapping:
    """Keep a way to read a file under a name; one of this name is replaced, and stays the same source.

    Args:
        label: what people call the kind of file.
        says: what a mapping in TOML says, see `presets.preset_of`.
        actor: an admin or a supervisor; `None` for the system.

    Raises:
        Refused: the actor may not, or the mapping lacks something; the sentence says what.
    """
    check(actor, "businesses.import_files")
    name = edits.typed(ImportMapping, {"label": tidy(label)})["label"]
    try:
        preset_of(says, "", str(_as_told(name)))
    except ImportRefusedError as wrong:
        raise Refused(_Refusal("mapping_lacks", str(wrong))) from None
    key = slugify(name)[:50] or "file"
    if key in known_presets():
        key = f"{key}-here"
    row = ImportMapping.objects.select_for_update().filter(key=key).first() or ImportMapping(key=key)
    row.label, row.says = name, dict(says)
    row.stamp(actor)
    row.save()
    audit.record("businesses.mapping_kept", row, actor=actor, detail=key)
    return row


def _as_told(name: str) -> str:
    return f"“{name}”"
