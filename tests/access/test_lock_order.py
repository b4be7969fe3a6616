"""Every service locks in one order (docs/decisions/0093): the organization before what belongs to it.

The statements of each service's call in `SERVICES` are read: where one locks or writes an organization, or a
new row that points at one, after it locked a row of it, two people could wait for each other crosswise.
"""

import re
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from core.adminsite.base import RegistryAdmin
from partnerships.businesses import services as businesses
from partnerships.businesses.models import Business, Organization
from partnerships.businesses.services import people
from partnerships.vetting.services import sending
from tests.access.refusals import find
from tests.access.test_services_refuse import ALL, samples, undone
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db
ORGANIZATION = Organization._meta.db_table
ROOMS = ("partnerships.businesses", "partnerships.vetting")
CALLS = [each for each in ALL if each[0] in ROOMS]
LOCK = re.compile(r'FROM "?(\w+)"?.*FOR (?:NO KEY )?UPDATE', re.DOTALL)
WRITE = re.compile(r'\s*(UPDATE|DELETE FROM|INSERT INTO) "?(\w+)"?')


def points_at(model, tables):
    return any(
        field.related_model._meta.db_table in tables
        for field in model._meta.concrete_fields
        if field.related_model
    )


def tables_of(models, tables):
    return {model._meta.db_table for model in models if points_at(model, tables)}


MODELS = [model for room in ("businesses", "vetting") for model in apps.get_app_config(room).get_models()]
POINTING = tables_of(MODELS, {ORGANIZATION})
# What an organization has, and what that has.
BELONGS = POINTING | tables_of(MODELS, POINTING)


class Order:
    """The statements of a call, as far as they lock: was something of an organization locked before it?"""

    def __init__(self):
        self.turn = False
        self.before = []
        self.wrong = []

    def __call__(self, execute, sql, params, many, context):
        self.note(sql if isinstance(sql, str) else "")
        return execute(sql, params, many, context)

    def note(self, sql):
        written, locked = WRITE.match(sql), LOCK.search(sql)
        verb, table = written.groups() if written else ("LOCK", locked.group(1)) if locked else ("", "")
        if table == ORGANIZATION or (verb == "INSERT INTO" and table in POINTING):
            if self.before and not self.turn:
                self.wrong.append(f"{verb} {table} after {', '.join(self.before)}")
            self.turn = True
        elif table in BELONGS and verb != "INSERT INTO":
            self.before.append(f"{verb} {table}")
            if (
                table == Business._meta.db_table
                and "area_id" in sql.partition("WHERE")[0]
                and verb == "UPDATE"
            ):
                self.note(f'UPDATE "{ORGANIZATION}"')  # the trigger that keeps its areas


@contextmanager
def order():
    found = Order()
    with connection.execute_wrapper(found):
        yield found


def of_call(world, room, name):
    call, service = samples(room)[name], find(room, name)
    with undone():
        arguments = call.given(world.home)
        with order() as found:
            call(service, arguments, world.people[call.by])
    return found


@pytest.mark.parametrize(("room", "name"), CALLS, ids=[name for _room, name in CALLS])
def test_a_service_locks_the_organization_first(world, room, name):
    assert of_call(world, room, name).wrong == []


def test_a_place_that_moves_to_another_area_waits_for_the_organization_first(world):
    with undone(), order() as found:
        businesses.update_business(business=world.home.business, actor=None, area=world.away.area)
    assert found.turn
    assert found.wrong == []


def test_without_their_turn_it_would_be_seen(world, monkeypatch):
    """The negative control."""
    for module in (people, sending):
        monkeypatch.setattr(module, "take_turn", lambda organization_id: None)
    wrong = {name for room, name in CALLS if of_call(world, room, name).wrong}
    assert wrong >= {
        "services.people.accept_invitation",
        "services.sending.submit_application",
        "services.sending.withdraw_application",
        "services.sending.appeal_decision",
    }


def test_the_admin_locks_the_organization_before_a_row_of_it(world):
    behind = {
        model
        for model, each in admin.site._registry.items()
        if isinstance(each, RegistryAdmin) and each.locked_behind == "organization"
    }
    changed = {
        model
        for model, each in admin.site._registry.items()
        if isinstance(each, RegistryAdmin) and each.may_change and points_at(model, {ORGANIZATION})
    } - {Organization}  # one that was merged points to another, and is itself what is locked
    assert behind == changed
    shop = BusinessFactory(area=world.home.area)
    page = reverse("admin:businesses_business_change", args=[shop.pk])
    with order() as found:
        world.client("admin").post(page, {})
    assert found.turn
    assert found.wrong == []
