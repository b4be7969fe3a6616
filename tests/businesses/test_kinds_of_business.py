"""The kind of business in forms and filters: by everyday words, with scripts and without."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.pages import versions
from partnerships.businesses import kinds
from partnerships.businesses.forms import IndustryField
from partnerships.businesses.forms.kinds import MOST
from partnerships.businesses.industries import COMMON, OFTEN_CHOSEN, common_groups
from partnerships.businesses.models import Industry
from partnerships.vetting.forms import ProfileForm
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db
KINDS = "/kinds/"


@pytest.fixture(autouse=True)
def counted_anew():
    cache.delete("businesses.common_groups")
    yield
    cache.delete("businesses.common_groups")


def industry(code):
    return Industry.objects.get(code=code)


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
    """What a browser sends of the page, with changes."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if name != "industry"}
    data |= {
        key: "".join(some) for key, some in versions.drawn(form["industry"], form["industry"].value()).items()
    }
    return {**{k: v for k, v in data.items() if v not in (None, False)}, **changes}


def value_of(html, name):
    """What stands in a text box or a hidden input."""
    (box,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', html)
    (value,) = re.findall(r'value="([^"]*)"', box)
    return unescape(value)


def code_of(place):
    place.refresh_from_db()
    return place.industry and place.industry.code


def test_the_page_carries_the_kind_that_is_set(owner):
    client, address, place = owner
    html = client.get(address).content.decode()
    assert re.search(r'<label class="usa-label"\s+for="id_industry">Kind of business', html)
    assert f'<input type="hidden" name="industry" value="{place.industry_id}" data-kinds-key>' in html
    assert value_of(html, "industry_words") == "Spectator Sports"
    assert 'data-kinds="/kinds/"' in html


def test_what_nobody_touches_stays(owner):
    client, address, place = owner
    assert client.post(address, typed(client.get(address), name="New Name")).status_code == 302
    assert code_of(place) == "7112"
    assert place.name == "New Name"


def test_words_that_mean_one_kind_are_taken_and_its_six_digits_kept(owner):
    client, address, place = owner
    assert client.post(address, typed(client.get(address), industry_words="nail salon")).status_code == 302
    assert code_of(place) == "812113"
    assert b"Nail Salons" in client.get(address).content
    assert b"Personal Care Services" in client.get(address).content, "the group stands below it"


def test_words_that_mean_several_are_asked_about_and_nothing_typed_is_lost(owner):
    client, address, place = owner
    page = client.post(address, typed(client.get(address), industry_words="hair", name="New Name"))
    assert page.status_code == 200
    html = unescape(page.content.decode())
    assert "Choose which of these fits best." in html
    assert value_of(html, "industry_words") == value_of(html, "industry_for") == "hair"
    assert 'value="New Name"' in html
    for code in ("812112", "812111"):
        assert f'type="radio" name="industry" value="{industry(code).pk}"' in html
    assert html.count('type="radio" name="industry"') <= MOST + 1
    assert code_of(place) == "7112"
    answer = {"industry_words": "hair", "industry_for": "hair", "industry": industry("812111").pk}
    assert client.post(address, typed(client.get(address), name="New Name", **answer)).status_code == 302
    assert code_of(place) == "812111"
    assert place.name == "New Name"


def test_none_of_these_is_an_answer_and_no_answer_is_asked_again(owner):
    client, address, place = owner
    data = typed(client.get(address), industry_words="hair", industry_for="hair")
    del data["industry"]
    assert b"Which is it?" in client.post(address, data).content
    assert client.post(address, {**data, "industry": ""}).status_code == 302
    assert code_of(place) is None


def test_an_emptied_box_means_no_kind(owner):
    client, address, place = owner
    assert client.post(address, typed(client.get(address), industry_words=" ")).status_code == 302
    assert code_of(place) is None


def test_other_words_count_more_than_a_key_that_they_do_not_belong_to(owner):
    client, address, place = owner
    data = typed(client.get(address), industry_words="nail salon", industry=industry("7225").pk)
    assert client.post(address, data).status_code == 302
    assert code_of(place) == "812113"


def test_unknown_words_offer_the_common_kinds(owner):
    client, address, place = owner
    page = client.post(address, typed(client.get(address), industry_words="zzzzqq"))
    html = unescape(page.content.decode())
    assert "We know no kind of business by these words." in html
    assert html.count('type="radio" name="industry"') == COMMON + 1
    assert code_of(place) == "7112"


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "x" * 5000, "\u0000nail", "7" * 40, "-1", "٣"]
)
def test_hostile_words_change_nothing_and_stand_as_text(owner, hostile):
    client, address, place = owner
    page = client.post(address, typed(client.get(address), industry_words=hostile, name="New Name"))
    assert page.status_code in (200, 302)
    assert b"<script>alert" not in page.content
    assert code_of(place) in ("7112", "812113")


@pytest.mark.parametrize("key", ["81", "999999", "x", "1e3"])
def test_a_key_that_is_no_kind_of_a_place_is_refused(owner, key):
    client, address, place = owner
    pk = industry("81").pk if key == "81" else key  # a sector says too little
    page = client.post(address, {**typed(client.get(address)), "industry": pk})
    assert "industry" in page.context["form"].errors
    assert code_of(place) == "7112"


def test_a_kind_that_someone_else_changed_is_told_by_its_name(owner):
    client, address, place = owner
    page = client.get(address)
    place.industry = industry("812112")
    place.save()
    page = client.post(
        address, typed(page, industry=industry("812111").pk, industry_words="h", industry_for="h")
    )
    assert page.status_code == 409
    (difference,) = page.context["form"].conflict.differences
    assert (difference.yours, difference.now) == ("Barber Shops", "Beauty Salons")


def test_words_that_are_still_asked_about_stand_in_a_conflict_as_they_were_typed(owner):
    client, address, place = owner
    page = client.get(address)
    place.industry = industry("812112")
    place.save()
    page = client.post(address, typed(page, industry_words="hair"))
    assert page.status_code == 409
    (difference,) = page.context["form"].conflict.differences
    assert (difference.yours, difference.now) == ("hair", "Beauty Salons")
    assert b"Which is it?" in page.content


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
        assert b'data-kinds="/kinds/"' in page.content
        assert b"In your own words" in page.content


def test_at_sign_up_words_are_taken_too(client):
    application = vetting.draft()
    sign_in(client, application.applicant)
    url = reverse("portal:application_step", args=[application.pk, "profile"])
    data = typed(client.get(url), contact_name="Rosa", contact_role="Owner", contact_phone="312 555 0134",
                 hopes="Advice", offers="A room", industry_words="taqueria")  # fmt: skip
    assert client.post(url, data).status_code == 302
    application.refresh_from_db()
    assert application.industry.code == "722513"


def test_a_finer_kind_that_is_set_is_kept(client):
    application = vetting.draft()
    fine = industry("722513")
    application.industry = fine
    form = ProfileForm(instance=application, user=application.applicant)
    assert form.fields["industry"].widget.decompress(fine.pk) == [
        str(fine.pk), "Limited-Service Restaurants", "Limited-Service Restaurants",
    ]  # fmt: skip
    assert f'name="industry" value="{fine.pk}"' in str(form["industry"])


# --- What the combobox asks for


def test_the_combobox_finds_kinds_with_their_group(client, django_assert_num_queries):
    answer = client.get(KINDS, {"q": "nail salon"}).json()
    first = answer["kinds"][0]
    assert first == {
        "value": industry("812113").pk, "label": "Nail Salons", "note": "Personal Care Services",
    }  # fmt: skip
    assert answer["said"] == "1 kind. Down arrow to choose."
    several = client.get(KINDS, {"q": "restaurant"}).json()
    assert len(several["kinds"]) > 1
    assert several["said"] == f"{len(several['kinds'])} kinds. Down arrow to choose."
    assert client.get(KINDS, {"q": "zzzz"}).json() == {
        "kinds": [],
        "said": "No kind of business by these words.",
    }
    with django_assert_num_queries(2):  # the department, and the keys
        client.get(KINDS, {"q": "taqueria"})


def test_a_filter_finds_groups_and_nothing_typed_finds_the_common_ones(client):
    found = client.get(KINDS, {"q": "nail salon", "as": "groups"}).json()["kinds"]
    assert found[0] == {"value": "Personal Care Services", "label": "Personal Care Services", "note": ""}
    assert len(client.get(KINDS).json()["kinds"]) == MOST


# --- Lists and filters


@pytest.fixture
def shops(city):
    for name, code in (("Tips", "812113"), ("Cuts", "8121"), ("Tacos", "722513")):
        BusinessFactory(
            name=name, industry=industry(code), area=city.west_beat, listed=True, standing="partner"
        )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("nail salon", {"Tips", "Cuts"}),  # lists are narrowed to the group
        ("Personal Care Services", {"Tips", "Cuts"}),
        ("8121", {"Tips", "Cuts"}),
        ("812113", {"Tips"}),
        ("taquería", {"Tacos"}),
        ("restaraunt", {"Tacos"}),
        ("zzzz", set()),
        ("", {"Tips", "Cuts", "Tacos"}),
        ("99999999", {"Tips", "Cuts", "Tacos"}),  # no code: an old address opens
    ],
)
def test_lists_are_narrowed_by_words(client, supervisor, shops, words, names):
    assert {row.name for row in client.get("/partners/", {"industry": words}).context["list"].rows} == names
    sign_in(client, supervisor)
    page = client.get(reverse("desk:businesses"), {"industry": words}).context["list"]
    assert {row.name for row in page.rows} == names


def test_an_address_of_old_with_the_key_of_a_subsector_still_opens(client, shops, monkeypatch):
    """Where the key is no code; both are numbers, and which key it is depends on the database."""
    key = str(industry("812").pk)
    known = {code: title for code, title in kinds.titles().items() if code != key or code == "812"}
    monkeypatch.setattr(kinds, "titles", lambda: known)
    page = client.get("/partners/", {"industry": key}).context["list"]
    assert {row.name for row in page.rows} == {"Tips", "Cuts"}


def test_what_was_typed_stays_in_the_filter_and_its_chip_says_the_group(client, shops):
    page = client.get("/partners/", {"industry": "nail salon"})
    assert value_of(page.content.decode(), "industry") == "nail salon"
    assert [str(chip.value) for chip in page.context["list"].chips] == ["Personal Care Services (nail salon)"]
    page = client.get("/partners/", {"industry": "personal care services"})
    assert [str(chip.value) for chip in page.context["list"].chips] == ["Personal Care Services"]


def test_lists_show_the_group_and_files_the_whole_code(client, supervisor, shops):
    sign_in(client, supervisor)
    address = reverse("desk:businesses") + "?q=tips"
    html = client.get(address).content.decode()
    assert "Personal Care Services" in html
    assert "Nail Salons" not in html
    file = b"".join(client.get(f"{address}&as=csv").streaming_content).decode()
    assert "812113" in file


def test_the_admin_finds_kinds_by_words_the_best_first(client, admin_user):
    sign_in(client, admin_user)
    address = reverse("admin:autocomplete")
    asked = {"app_label": "businesses", "model_name": "business", "field_name": "industry", "term": "bodega"}
    found = client.get(address, asked).json()["results"]
    assert found[0]["text"] == "Convenience Retailers"
