"""What the report of an import says."""

from collections.abc import Mapping
from typing import Any

from django import template

from partnerships.businesses.imports import errors

register = template.Library()


@register.filter
def sentence(error: Mapping[str, Any]) -> str:
    """Why a row was left out, in the reader's language."""
    return errors.sentence(error)
