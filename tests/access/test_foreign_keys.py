"""Gate 21: no form takes the key of something that does not exist for who sends it."""

import pytest
from django import forms
from django.db import transaction
from django.forms.formsets import BaseFormSet

from tests.access import matrix
from tests.access.offered import merged

pytestmark = [pytest.mark.django_db, pytest.mark.gate(21)]
NAMES = matrix.names()
PAGES = sorted(
    name for name in NAMES if name.split(":")[0] in {"portal", "desk", "public"} or name == "account_details"
)


def foreign_objects(world):
    """One object of the other district for each model with an owner."""
    return {model: getattr(world.away, name) for model, name in merged("world", "FOREIGN").items()}


def forms_of(answer):
    """Every form that a page was drawn with: plain, filters, and those of formsets."""
    for layer in answer.context or []:
        for values in layer.dicts if hasattr(layer, "dicts") else [layer]:
            for value in values.values():
                found = getattr(value, "form", value)
                found = getattr(getattr(value, "filterset", None), "form", found)
                if isinstance(found, BaseFormSet):
                    yield from found.forms
                elif isinstance(found, forms.BaseForm):
                    yield found


def test_no_field_takes_a_strangers_key(world):
    foreign = foreign_objects(world)
    assert len(foreign) >= 9
    met: set[tuple[str, str, str]] = set()
    for name in PAGES:
        path = matrix.address(world, name, NAMES[name])
        # Nothing is foreign to the roles that see the whole city.
        for role in ("visitor", "owner", "officer"):
            with transaction.atomic():
                answer = world.client(role).get(path)
                for form in forms_of(answer) if answer.status_code == 200 else ():
                    for label, field in form.fields.items():
                        if _refuses_strangers(field, foreign, (name, role, label)):
                            met.add((name, role, label))
                transaction.set_rollback(True)
    assert len(met) >= 3, f"hardly a field with a key was met: {met}"


def _refuses_strangers(field, foreign, where):
    """Whether the field chooses among rows that have an owner; fails when it takes or shows a stranger's."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset.model in foreign:
        key = foreign[field.queryset.model].pk
        many = isinstance(field, forms.ModelMultipleChoiceField)
        with pytest.raises(forms.ValidationError):
            field.clean([key] if many else key)
        return True
    if isinstance(field, forms.ChoiceField):
        words = {str(each) for _key, each in _flat(field.choices)}
        assert not words & {str(other) for other in foreign.values()}, where
    return False


def _flat(choices):
    for key, words in choices:
        if isinstance(words, list | tuple):
            yield from words
        else:
            yield key, words
