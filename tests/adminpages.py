"""Pages of the admin as a browser sends them."""

from typing import Any

from django.test import Client


def version_of(client: Client, url: str) -> str:
    """The version that a row's page carries along, without which a change counts as one of an old page."""
    form: Any = client.get(url).context["adminform"].form
    return str(form["version"].value())


def change(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Open a row's page and send it with these values."""
    return client.post(url, {**data, "version": version_of(client, url)})
