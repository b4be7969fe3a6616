"""Every way to read a file that is known here: the presets that ship, and those of the department's own."""

from datetime import datetime

from partnerships.businesses.models import ImportMapping

from .presets import Preset, known_presets, load_preset, preset_of


def choices() -> list[tuple[str, str]]:
    """Their keys and names, for a form: one's own first."""
    own = ImportMapping.objects.values_list("key", "label")
    return [*own, *((key, load_preset(key).label) for key in known_presets())]


def is_known(key: str) -> bool:
    """Whether there is one of this key."""
    return key in known_presets() or ImportMapping.objects.filter(key=key).exists()


def label_of(key: str) -> str:
    """What people call it; the key itself where it is gone."""
    if key in known_presets():
        return load_preset(key).label
    return ImportMapping.objects.filter(key=key).values_list("label", flat=True).first() or key


def changed_since(key: str, moment: datetime) -> bool:
    """Whether one of the department's own was changed after a moment."""
    return ImportMapping.objects.filter(key=key, updated_at__gt=moment).exists()


def load(key: str) -> Preset:
    """Read one by its key.

    Raises:
        ImportRefusedError: there is none of that key.
    """
    own = ImportMapping.objects.filter(key=key).first()
    if own is not None and key not in known_presets():
        return preset_of({**own.says, "label": own.label}, own.key, own.label)
    return load_preset(key)
