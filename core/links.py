"""Addresses: ours for mail and calendar files, where no request tells the host, and those people give us."""

from django.conf import settings


def absolute(path: str) -> str:
    """Turn a path such as `/events/` into an address under `settings.SITE_URL`."""
    return f"{settings.SITE_URL.rstrip('/')}/{path.lstrip('/')}"


def web_address(given: str) -> str:
    """An address that a page may link to.

    Forms ask for a web address, but a file that was imported may hold anything, `javascript:` included.

    Args:
        given: as it is stored.

    Returns:
        The address when it begins with `http://` or `https://`, else "".
    """
    return given if given.lower().startswith(("http://", "https://")) else ""
