"""Two admins save the same row: the second is told, with both versions, and nothing is overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from core.access import Refusal, Refused
from core.adminsite.base import AdminForm, RegistryAdmin
from core.mail import wording
from core.mail.models import MailWording, ReminderRule
from core.models import AuditEntry, Department
from core.pages import versions
from partnerships.vetting import services
from partnerships.vetting.models import SelectionCriterion
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.markup import untouched

pytestmark = pytest.mark.django_db


def rule() -> ReminderRule:
    return ReminderRule.objects.get(key="event-day-before")


def words() -> MailWording:
    wording.make_rows()
    return MailWording.objects.order_by("pk")[0]


def department() -> Department:
    return Department.objects.create(pk=1, name="Riverton Police")


def criterion() -> SelectionCriterion:
    draft = services.copy_criteria(version=vetting.first_version(), actor=AdminFactory())
    return draft.criteria.get(code="values")


# A row, one of its fields, and what two people type there.
CASES: tuple[tuple[Callable[[], Any], str, str, str], ...] = (
    (rule, "amount", "4", "6"),
    (words, "before", "Bring your ID.", "Ring twice."),
    (department, "name", "Lake Police", "Hill Police"),
    (OfficerFactory, "full_name", "Dana Reyes", "Dana Ruiz"),
    (BusinessFactory, "name", "Corner Bean", "Corner Bakery"),
    (criterion, "word_0", "never", "rarely"),
)


def sent(form: Any) -> dict[str, Any]:
    """What a browser sends when nothing was typed."""
    found = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if value is None or value is False:
            continue
        found[name] = "on" if value is True else field.prepare_value(getattr(value, "pk", value))
    return found


def none_of(rows: str) -> dict[str, str]:
    """What a browser sends of rows below the form when there are none."""
    return {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}


@pytest.mark.parametrize(("make", "field", "theirs", "mine"), CASES, ids=[case[0].__name__ for case in CASES])
def test_the_second_to_save_is_shown_both_versions_and_overwrites_nothing(
    make: Callable[[], Any], field: str, theirs: str, mine: str
) -> None:
    row = make()
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    first, second = (sign_in(Client(), AdminFactory(full_name=name)) for name in ("Pat Quick", "Sam Late"))
    typed = sent(first.get(url).context["adminform"].form)
    if isinstance(row, Department):
        typed |= none_of("days_off")
    if isinstance(row, User):
        typed |= none_of("district_assignments")
    done = first.post(url, {**typed, field: theirs})
    assert done.status_code == 302, done.context["errors"]
    for _reloaded in range(2):
        late = second.post(url, {**typed, field: mine})
        body = late.content.decode()
        assert late.status_code == 409
        assert "Where the two versions differ" in body
        form = late.context["adminform"].form
        assert [(each.field.name, each.yours, each.now) for each in form.conflict.differences] == [
            (field, mine, theirs)
        ]
        assert form[field].value() == mine
        fresh = second.get(url).context["adminform"].form
        assert str(fresh[field].value()) == theirs
    version = late.context["adminform"].form["version"].value()
    assert second.post(url, {**typed, field: mine, "version": version}).status_code == 302
    assert str(second.get(url).context["adminform"].form[field].value()) == mine


@pytest.mark.parametrize("make", [case[0] for case in CASES])
def test_a_page_knows_what_a_browser_sends_where_nothing_was_touched(make: Callable[[], Any]) -> None:
    row = make()
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    answer = sign_in(Client(), AdminFactory()).get(url)
    form, sent_back = answer.context["adminform"].form, QueryDict(mutable=True)
    for name, value in untouched(answer.content.decode()):
        sent_back.appendlist(name, value)
    said = form.said(form.row)
    assert {name: versions.sent(sent_back, form[name]) for name in said} == {
        name: versions.drawn(form[name], value) for name, value in said.items()
    }


def test_saving_what_stands_there_writes_nothing_and_is_not_on_record() -> None:
    row = BusinessFactory()
    browser = sign_in(Client(), AdminFactory())
    url = reverse("admin:businesses_business_change", args=[row.pk])
    before = AuditEntry.objects.count()
    assert browser.post(url, sent(browser.get(url).context["adminform"].form)).status_code == 302
    assert AuditEntry.objects.count() == before


class Strict(RegistryAdmin):
    """An admin of a room whose service takes no new name."""

    fields = ("name", "short_name")

    def save_model(self, *args: Any) -> None:
        super().save_model(*args)
        raise Refused(Refusal("named", "The name is settled."))


def test_what_a_service_refuses_here_keeps_what_was_typed_and_writes_nothing(rf: RequestFactory) -> None:
    row, page = department(), Strict(Department, admin.site)
    request = rf.get("/")
    request.user = AdminFactory()
    shown = page.changeform_view(request, str(row.pk)).context_data["adminform"].form
    post = rf.post("/", {**sent(shown), "name": "Lake Police", "short_name": "Lake PD"})
    post.user, post._dont_enforce_csrf_checks = request.user, True
    answer = page.changeform_view(post, str(row.pk))
    form = answer.context_data["adminform"].form
    assert answer.status_code == 403
    assert form.non_field_errors() == ["The name is settled."]
    assert form["name"].value() == "Lake Police"
    row.refresh_from_db()
    assert row.name == "Riverton Police"


def test_every_page_of_the_admin_that_changes_a_row_carries_its_version() -> None:
    assert not [
        type(each).__name__ for each in admin.site._registry.values() if not issubclass(each.form, AdminForm)
    ]
