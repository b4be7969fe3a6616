"""What the report of an import says."""

from collections.abc import Mapping
from typing import Any

from django import template

from partnerships.businesses import papers, words_of_areas
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


@register.filter
def becomes(change: Mapping[str, Any]) -> tuple[str, str]:
    """What becomes of an area by an edition, with its tone."""
    return words_of_areas.becomes(change)


@register.filter
def sums_of_areas(result: dict[str, Any]) -> papers.Pairs:
    """How many areas became what, or would become."""
    return words_of_areas.sums_of(result)


@register.filter
def notices(result: dict[str, Any]) -> list[words_of_areas.Notice]:
    """What is to be looked at before an edition is taken."""
    return words_of_areas.notices_of(result)
