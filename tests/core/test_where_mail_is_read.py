"""The places that `make run` names for outgoing mail are open to whom it names."""

import re
from types import SimpleNamespace

import pytest

from config.local.supervisor import Supervisor
from tests.factories.accounts import AdminFactory, SupervisorFactory, sign_in
from tests.factories.core import mail

pytestmark = pytest.mark.django_db


def test_supervisor_and_admin_find_a_visitors_code_where_the_banner_sends_them(client, settings):
    settings.DEMO = True
    mail(category="security", to="visitor@example.com", subject="Your code: workshop")
    said: list[str] = []
    banner = SimpleNamespace(
        address="http://localhost:8000/",
        holds=[],
        terminal=SimpleNamespace(verbose=True),
        say=lambda name, text: said.append(text),
    )
    Supervisor._announce(banner)  # type: ignore[arg-type]  # what it reads of a supervisor
    line = next(each for each in said if each.startswith("Outgoing mail:"))
    desk, admin = re.findall(r"http://localhost:8000(/\S+)", line)
    for path, person in ((desk, SupervisorFactory()), (admin, AdminFactory())):
        sign_in(client, person)
        page = client.get(path)
        assert page.status_code == 200
        assert "visitor@example.com" in page.content.decode()
