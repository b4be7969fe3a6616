"""Addresses for mail and calendar files, where no request tells the host."""

from django.conf import settings


def absolute(path: str) -> str:
    """Turn a path such as `/events/` into an address under `settings.SITE_URL`."""
    return f"{settings.SITE_URL.rstrip('/')}/{path.lstrip('/')}"
