"""Each status of each model has its tone, said where the status is declared."""

import pytest
from django.apps import apps
from pghistory.models import Event as HistoryEvent

from core.tones import TONES, Toned

STATUSES = ("status", "standing")
OURS = ("core", "accounts", "partnerships", "events")
MODELS = [
    (model, field)
    for model in apps.get_models()
    if model.__module__.split(".")[0] in OURS and not issubclass(model, HistoryEvent)
    for field in model._meta.fields
    if field.name in STATUSES and field.choices
]


def test_the_house_has_statuses_to_look_at():
    assert len(MODELS) >= 9


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [(model, field.name, value) for model, field in MODELS for value, _label in field.flatchoices],
    ids=lambda each: str(getattr(each, "_meta", each)),
)
def test_a_row_in_any_status_has_a_tone(model, field, value):
    assert model(**{field: value}).tone in TONES


def test_a_status_without_a_tone_can_not_be_declared():
    with pytest.raises(ValueError, match="is no tone"):

        class Forgotten(Toned):
            DRAFT = "draft", "Draft"


def test_a_status_keeps_its_value_and_its_words():
    class Light(Toned):
        GO = "go", "good", "Go"

    assert (Light.GO, Light("go").tone, Light.choices) == ("go", "good", [("go", "Go")])
