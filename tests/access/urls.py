"""Every URL of the product, by name, and a path that leads there."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, reverse

# Nobody's pages: not views of ours, or the same for everyone.
IGNORED = re.compile(r"^(static|media)$")


def every_url(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Walk the resolver.

    Yields:
        The full name, as `desk:business`, and the pattern. A URL without a name is named by its route.
    """
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = (*namespaces, each.namespace) if each.namespace else namespaces
            yield from every_url(each, inner)
        elif not IGNORED.match(each.name or ""):
            yield ":".join((*namespaces, each.name or str(each.pattern))), each


def sample_path(name: str, pattern: URLPattern, values: dict[str, Any] | None = None) -> str:
    """A path to the URL: with the given arguments, or with made-up ones that lead to no object.

    Args:
        name: the full name.
        pattern: the pattern, asked for its arguments.
        values: arguments by name.
    """
    if values is not None:
        return reverse(name, kwargs=dict(values))
    kwargs: dict[str, Any] = {
        argument: 999_999_999 if type(converter).__name__ == "IntConverter" else "none-999"
        for argument, converter in pattern.pattern.converters.items()
    }
    if not kwargs:
        # A regular expression, as allauth, the admin and some of our rooms have them.
        for argument in pattern.pattern.regex.groupindex:
            choices = re.search(rf"\(\?P<{argument}>([a-z_-]+)\|", str(pattern.pattern.regex.pattern))
            kwargs[argument] = choices[1] if choices else "999"
    return reverse(name, kwargs=kwargs)
