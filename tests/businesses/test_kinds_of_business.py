"""The kind of business on a phone: what the registry holds most of first, all others behind "another"."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from partnerships.businesses.forms import IndustryField
from partnerships.businesses.industries import COMMON, OFTEN_CHOSEN, common_groups
from partnerships.businesses.models import Industry
from partnerships.vetting.forms import ProfileForm
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew():
    cache.delete("businesses.common_groups")
    yield
    cache.delete("businesses.common_groups")


def industry(code):
    return Industry.objects.get(code=code)


def lists(html, name="industry"):
    """The values of the short list and of the long one, and what is chosen in each."""
    found = []
    for each in (name, f"{name}_other"):
        (drawn,) = re.findall(rf'<select[^>]*name="{each}"[^>]*>(.*?)</select>', html, re.DOTALL)
        options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', drawn)
        found.append(([value for value, _on, _said in options], [v for v, on, _said in options if on]))
    return found


def test_what_the_registry_holds_most_of_comes_first():
    for code, number in (("541940", 3), ("7112", 2), ("541921", 1)):
        for _each in range(number):
            BusinessFactory(industry=industry(code))
    found = common_groups()
    assert found[:3] == ["5419", "7112", "7225"]
    assert len(found) == COMMON == len(set(found))
    assert set(found[2:]) <= set(OFTEN_CHOSEN)


def test_it_is_counted_once_an_hour_and_not_for_each_page(django_assert_num_queries):
    BusinessFactory(industry=industry("7112"))
    assert common_groups()[0] == "7112"
    BusinessFactory.create_batch(2, industry=industry("5419"))
    with django_assert_num_queries(1):
        assert common_groups()[0] == "7112"


@pytest.fixture
def owner(client):
    membership = MembershipFactory(user=UserFactory(), role="owner")
    place = BusinessFactory(organization=membership.organization, industry=industry("7112"))
    sign_in(client, membership.user)
    return client, reverse("portal:business_edit", args=[place.pk]), place


def typed(page, **changes):
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {**{k: v for k, v in data.items() if v not in (None, False)}, **changes}


def test_a_phone_shows_a_dozen_and_the_rest_behind_another_kind(owner):
    client, address, place = owner
    html = client.get(address).content.decode()
    (short, chosen), (long, other) = lists(html)
    assert short[0] == ""
    assert short[-1] == "other"
    assert len(short) <= COMMON + 3
    assert len(long) > 250
    assert not set(short[1:-1]) & set(long)
    assert chosen == [str(place.industry_id)], "what is set stands among the first"
    assert other == [""]
    assert "Another kind of business</option>" in html
    assert '<label class="usa-label" for="id_industry_1">Another kind of business</label>' in html
    assert "<legend" in html


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("7225", "", "7225"),
        ("other", "1111", "1111"),
        ("7225", "1111", "7225"),  # the second list counts only where "another" is chosen
        ("", "1111", None),
        ("", "", None),
    ],
)
def test_the_second_list_counts_where_another_kind_is_chosen(owner, first, second, code):
    client, address, place = owner
    values = {each: str(industry(each).pk) for each in ("7225", "1111")}
    page = client.get(address)
    data = typed(page, industry=values.get(first, first), industry_other=values.get(second, second))
    assert client.post(address, data).status_code == 302
    place.refresh_from_db()
    assert (place.industry and place.industry.code) == code


def test_another_kind_without_a_choice_is_said_and_the_second_list_stays_open(owner):
    client, address, place = owner
    page = client.post(address, typed(client.get(address), industry="other", name="New Name"))
    assert page.status_code == 200
    html = page.content.decode()
    assert "Choose the kind of business from the list." in unescape(html)
    assert lists(html)[0][1] == ["other"]
    assert 'value="New Name"' in html
    place.refresh_from_db()
    assert place.industry.code == "7112"


def test_every_form_that_asks_for_it_asks_alike(client):
    application = vetting.draft()
    officer = OfficerFactory()
    sign_in(client, officer)
    pages = [
        client.get(reverse("desk:business_edit", args=[application.sites.get().pk])),
        client.get(reverse("desk:business_add")),
    ]
    sign_in(client, application.applicant)
    pages.append(client.get(reverse("portal:application_step", args=[application.pk, "profile"])))
    for page in pages:
        assert isinstance(page.context["form"].fields["industry"], IndustryField)
        (short, _chosen), (long, _other) = lists(page.content.decode())
        assert len(short) <= COMMON + 3
        assert len(long) > 250


def test_a_finer_kind_that_is_set_is_kept(client):
    application = vetting.draft()
    fine = industry("722513")
    application.industry = fine
    form = ProfileForm(instance=application, user=application.applicant)
    assert form.fields["industry"].widget.decompress(fine.pk) == [str(fine.pk), ""]
    assert f'<option value="{fine.pk}" selected>' in str(form["industry"])
