"""What the report of an import says."""

from collections.abc import Mapping
from typing import Any

from django import template

from partnerships.businesses import papers
from partnerships.businesses.imports import errors

register = template.Library()


@register.filter
def sentence(error: Mapping[str, Any]) -> str:
    """Why a row was left out, in the reader's language."""
    return errors.sentence(error)


@register.filter
def sums(result: dict[str, Any]) -> papers.Pairs:
    """How many rows became what, or would become."""
    return papers.sums_of(result)


@register.simple_tag(takes_context=True)
def only_tried(context: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Whether nothing was changed: a dry run. An admin reads a report without its job."""
    return papers.only_tried(result, context.get("job"))


@register.filter
def hint(result: Mapping[str, Any]) -> str:
    """How to save the file so that all of it can be read."""
    return errors.hint_of(result)
