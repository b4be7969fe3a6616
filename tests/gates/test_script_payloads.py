"""Gate 33: script payloads in every text that people type stay text on every page that shows it."""

import re
from datetime import timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import models, transaction
from django.template import Context, Template
from django.urls import reverse
from django.utils.http import urlencode

from config import rooms
from core import clock
from core.mail.models import OutgoingMail
from events.services import cancel_event
from partnerships.businesses.services import invite_member
from partnerships.vetting.services import decide_application
from tests.access import matrix
from tests.access.offered import offered
from tests.access.world import ROLES, build
from tests.factories import vetting
from tests.factories.jobs import job
from tests.gates import FULL, pages, scale
from tests.gates.payloads import Maker, payloads, read

pytestmark = [pytest.mark.gate(33), pytest.mark.django_db]

ROUNDS = 12 if FULL else 2
ROOMS = [config.label for config in apps.get_app_configs() if config.name in rooms.ROOMS]
# Each room says which columns no person types, and which people type but no page shows as they are.
MADE_BY_US: set[str] = set().union(*offered("pages", "MADE_BY_US"))
SHOWN_NOWHERE: set[str] = set().union(*offered("pages", "SHOWN_NOWHERE"))
WEBSITES = {"Business.website", "BusinessEvent.website", "Evidence.url"}
LOWERED = {"Consent.address", "Suppression.address"}  # the database holds these in lower case
ENOUGH_ROWS = 80  # of a model: industries are many; the pages show the first ones


def typed_fields(model):
    """The columns of a model that hold what people typed."""
    for each in model._meta.concrete_fields:
        text = isinstance(each, (models.CharField, models.TextField)) and not isinstance(
            each, models.SlugField
        )
        names = {each.name, f"{model.__name__}.{each.name}"}
        if text and not (each.choices or each.unique or names & MADE_BY_US):
            yield each


def shown_nowhere(name):
    """Whether no page shows a field: histories, who changed a row, and `SHOWN_NOWHERE`."""
    model, _dot, column = name.partition(".")
    return (
        (model.endswith("Event") and model != "Event") or column == "updated_by_name" or name in SHOWN_NOWHERE
    )


def fill_everything(maker):
    """Write payloads into every row, past the forms and the triggers: an import could bring them."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            columns = list(typed_fields(model))
            if columns:
                for row in model._base_manager.order_by("pk")[:ENOUGH_ROWS]:
                    values = {
                        each.name: maker.fill(f"{model.__name__}.{each.name}", each.max_length or 4000)
                        for each in columns
                    }
                    for name in values:
                        if f"{model.__name__}.{name}" in LOWERED:
                            values[name] = values[name].lower()
                    model._base_manager.filter(pk=row.pk).update(**values)
    for mail in OutgoingMail.objects.all():
        line = {
            "at": clock.now().isoformat(),
            "what": "failed",
            "answer": maker.fill("OutgoingMail.life", 400),
        }
        OutgoingMail.objects.filter(pk=mail.pk).update(life=[line])


def send_mails(world, maker):
    """Let the services write mails with what is in the rows and letters now.

    Returns:
        The mails.
    """
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    side = world.home
    side.reviewed.refresh_from_db()
    decide_application(
        application=side.reviewed,
        outcome="approved_with_conditions",
        letter=maker.fill("Decision.letter", 8000),
        conditions=[(maker.fill("Condition.text", 300), clock.today() + timedelta(days=60))],
        actor=world.people["supervisor"],
    )
    side.event.refresh_from_db()
    cancel_event(event=side.event, actor=side.officer, reason=maker.fill("Event.cancel_reason", 300))
    side.organization.refresh_from_db()
    invite_member(
        organization=side.organization,
        email="hostile@people.example",
        role="staff",
        sites=None,
        actor=side.owner,
    )
    return list(OutgoingMail.objects.exclude(pk__in=before))


@pytest.fixture(scope="module")
def hostile(django_db_setup, django_db_blocker):
    """The world of the access tests; each round fills it with other payloads."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        world.home.failed_job = job("failed", owner=world.home.officer)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def maker():
    """The payloads of this run."""
    made = payloads(scale(200))
    assert len(set(made)) == scale(200)
    return Maker(made)


def roles_for(name):
    """Who opens a page: everyone who may in full, else who sees most on it."""
    if FULL:
        answers = matrix.expected().get((name, "GET"), {})
        return [role for role in ROLES if answers.get(role) == "200"]
    return [pages.role_for(name)]


def more_faces(side):
    """Pages that show another part with another row: a step with evidence, a decided application."""
    first = {"step": vetting.CODES[0]}
    yield "portal:application_step", "owner", {"pk": side.draft.pk, **first}
    yield "desk:application_fill", "officer", {"pk": side.assisted.pk, **first}
    for row in (side.draft, side.conditional, side.declined):
        yield "portal:application_status", "owner", {"pk": row.pk}
    for row in (side.in_review, side.reviewed, side.conditional, side.declined, side.action_needed):
        yield "desk:application", "supervisor", {"pk": row.pk}
    yield "desk:job", "supervisor", {"pk": side.failed_job.pk}


def look(answer, websites, told, seen):
    """Judge one page: what lives goes to `told`, which payload of which field it shows to `seen`."""
    policy = answer.headers["Content-Security-Policy"]
    sandboxed = policy.startswith("sandbox")
    if "unsafe-inline" in policy and not sandboxed:
        told.append(f"{answer.request['PATH_INFO']}: {policy}")
    found = read(answer.content.decode(), websites=websites, styles=sandboxed)
    seen |= found.seen
    told += [f"{answer.request['PATH_INFO']}: {each}" for each in found.live]


def test_payloads_stay_text_on_every_page(hostile, maker):
    told, seen = [], set()
    patterns = matrix.names()
    paths = {
        name: (matrix.address(hostile, name, patterns[name]), roles_for(name))
        for name in pages.page_names()
        if name not in pages.OPENS_FOR
    }
    for name, role, values in more_faces(hostile.home):
        paths[f"{name} {values['pk']}"] = (reverse(name, kwargs=values), [role])
    for turn in range(ROUNDS):
        with transaction.atomic():
            with pgtrigger.ignore():
                fill_everything(maker)
            websites = frozenset(n for n, name in enumerate(maker.fields) if name in WEBSITES)
            query = urlencode({key: maker.fill("query", 300) for key in ("q", "next", "sort", "page")})
            for path, roles in paths.values():
                for role in roles:
                    answer = hostile.client(role).get(path if turn % 2 == 0 else f"{path}?{query}")
                    assert answer.status_code < 500, path
                    if answer.headers["Content-Type"].startswith("text/html"):
                        look(answer, websites, told, seen)
            for mail in send_mails(hostile, maker):
                answer = hostile.client("supervisor").get(f"/desk/mail/{mail.pk}/preview/")
                if answer.status_code == 200:
                    look(answer, websites, told, seen)
            transaction.set_rollback(True)
    assert not told, f"{len(told)} of payloads live:\n" + "\n".join(sorted(set(told))[:60])
    shown = {number for number, _field in seen}
    assert shown == set(range(len(maker.payloads))), "some payloads came onto no page"
    unseen = {name for n, name in enumerate(maker.fields) if n not in {field for _n, field in seen}}
    assert sorted(name for name in unseen if not shown_nowhere(name)) == [], "payloads no page showed"


def test_payloads_are_found_where_a_template_lets_them_live(maker):
    lax = Template(
        "<title>{{ x|safe }}</title><p title='{{ x|safe }}'>{{ x|safe }}</p><a href='{{ x|safe }}'>"
    )
    strict = Template("<p title='{{ x }}'>{{ x }}</p>")
    for number, raw in enumerate(maker.payloads):
        value = raw.replace("\0", f"zq{number:03}f000x")
        assert read(strict.render(Context({"x": value}))).live == [], value
        # What is split in two lives only after a filter that takes the inner half away.
        raw = re.search("<[a-z!?]", value) and "<script>ipt" not in value
        if raw or value.startswith(("javascript", "//")):
            assert read(lax.render(Context({"x": value}))).live, value
