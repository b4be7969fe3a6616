"""The desk's list, adding with a look at what is there, editing without losing anything."""

import pytest
from django.urls import reverse

from core.access import Refused
from core.models import AuditEntry
from partnerships.businesses import services
from partnerships.businesses.models import Business, Contact, Organization
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ContactFactory, IndustryFactory

pytestmark = pytest.mark.django_db


def form_of(client, url, prefix=None):
    """What the page's form would post untouched."""
    form = client.get(url).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            data[name] = [str(each) for each in value]
        elif value not in (None, False):
            data[name] = str(value)
    return data


class TestList:
    def names(self, client, query=""):
        return [row.name for row in client.get(reverse("desk:businesses") + query).context["list"].rows]

    def test_filters_narrow_the_list(self, as_user, supervisor, city):
        lead = supervisor
        food = IndustryFactory(code="722511", title="Full-Service Restaurants")
        one = BusinessFactory(name="One", area=city.west_beat, industry=food)
        BusinessFactory(name="Two", area=city.east_beat, standing="partner", listed=True)
        BusinessFactory(name="Three")
        services.update_organization(organization=one.organization, actor=None, lead_officer=lead)
        group = IndustryFactory(code="722", title="Food Services and Drinking Places")
        client = as_user(supervisor)
        assert self.names(client) == ["One", "Three", "Two"]
        assert self.names(client, "?sort=-name") == ["Two", "Three", "One"]
        assert self.names(client, "?standing=partner") == ["Two"]
        assert self.names(client, "?district=19") == ["One"]
        assert self.names(client, "?district=none") == ["Three"]
        assert self.names(client, "?beat=2011") == ["Two"]
        assert self.names(client, f"?industry={group.pk}") == ["One"]
        assert self.names(client, "?listed=yes") == ["Two"]
        assert self.names(client, "?lead=me") == ["One"]
        assert set(self.names(client, "?lead=none")) == {"Two", "Three"}
        assert self.names(client, "?q=thre&standing=prospect") == ["Three"]

    def test_an_old_or_odd_address_still_opens(self, as_user, officer, west_shop):
        client = as_user(officer)
        for query in ("?page=abc&sort=evil&district=zz&industry=x&standing=king&listed=maybe&beat=%27",):
            assert client.get(reverse("desk:businesses") + query).status_code == 200

    def test_an_empty_registry_says_what_to_do(self, as_user, officer, viewer):
        assert b"Add a business" in as_user(officer).get(reverse("desk:businesses")).content
        assert b"No businesses yet" in as_user(viewer).get(reverse("desk:businesses")).content

    def test_viewers_look_and_do_not_write(self, as_user, viewer, west_shop):
        client = as_user(viewer)
        page = client.get(reverse("desk:businesses"))
        assert b"Halsted Hardware" in page.content
        assert b"Add a business" not in page.content
        contact = ContactFactory(business=west_shop)
        for name, args in (
            ("business_add", []),
            ("business_edit", [west_shop.pk]),
            ("contact_add", [west_shop.pk]),
            ("contact_edit", [contact.pk]),
            ("claims", []),
            ("organization_edit", [west_shop.organization_id]),
        ):
            assert client.get(reverse(f"desk:{name}", args=args)).status_code == 403, name
            assert client.post(reverse(f"desk:{name}", args=args)).status_code == 403, name


class TestAdd:
    url = "/desk/businesses/add/"

    def test_a_business_is_added_as_a_prospect_and_placed(self, as_user, officer, city):
        data = {
            "name": "New Tacos",
            "kind": "business",
            "legal_name": "New Tacos LLC",
            "latitude": "41.95",
            "longitude": "-87.65",
            "phone": "312.555.0134",
            "website": "newtacos.example",
            "state": "il",
        }
        answer = as_user(officer).post(self.url, data)
        shop = Business.objects.get()
        assert answer.status_code == 302
        assert answer.url == reverse("desk:business", args=[shop.pk])
        assert (shop.standing, shop.area, shop.phone, shop.website, shop.state) == (
            "prospect",
            city.west_beat,
            "(312) 555-0134",
            "https://newtacos.example",
            "IL",
        )
        assert shop.organization.legal_name == "New Tacos LLC"
        assert shop.updated_by_name == "Officer Dana Reyes"

    def test_what_is_probably_there_is_shown_before_anything_is_added(self, as_user, officer, west_shop):
        client = as_user(officer)
        data = {"name": "Halstead Hardwear", "kind": "business", "street": "3127 N. Broadway"}
        page = client.post(self.url, data)
        assert [each.business for each in page.context["alike"]] == [west_shop]
        assert b"Is it one of these?" in page.content
        assert b"Halstead Hardwear" in page.content, "what was typed is kept"
        assert Business.objects.count() == 1
        assert client.post(self.url, {**data, "really": "1"}).status_code == 302
        assert Business.objects.count() == 2

    @pytest.mark.parametrize(
        ("name", "street"),
        [("Halsted Hardware", "900 W Addison St"), ("Corner Bean", "1 W Lake St"), ("Corner Bean", "")],
    )
    def test_another_site_of_a_chain_or_another_name_is_no_duplicate(
        self, as_user, officer, west_shop, name, street
    ):
        assert (
            as_user(officer).post(self.url, {"name": name, "kind": "business", "street": street}).status_code
            == 302
        )

    def test_of_a_duplicate_in_another_district_only_the_public_record_is_told(
        self, as_user, officer, east_shop
    ):
        data = {"name": "Canary Cleaners", "kind": "business", "street": "9 E Oak St"}
        page = as_user(officer).post(self.url, data).content.decode()
        assert Business.objects.count() == 1
        card = page.partition('id="alike"')[2].partition("</ul>")[0]
        assert "9 E Oak St" in card
        assert "another officer’s district" in card
        assert reverse("desk:business", args=[east_shop.pk]) not in page
        assert east_shop.organization.get_standing_display() not in card

    def test_a_further_place_belongs_to_its_organization(self, as_user, officer, west_shop):
        url = f"{self.url}?organization={west_shop.organization_id}"
        assert (
            as_user(officer).post(url, {"name": "Halsted Paint", "street": "7 W Oak St"}).status_code == 302
        )
        assert Business.objects.get(name="Halsted Paint").organization == west_shop.organization

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("phone", "12"),
            ("phone", "not a phone"),
            ("latitude", "91"),
            ("latitude", "x"),
            ("website", "javascript:alert(1)"),
            ("name", ""),
            ("state", "ILL"),
        ],
    )
    def test_a_wrong_value_is_told_and_nothing_is_written(self, as_user, officer, city, field, value):
        data = {"name": "N", "kind": "business", "longitude": "-87.6", "latitude": "41.9", field: value}
        page = as_user(officer).post(self.url, data)
        assert page.status_code == 200
        assert field in page.context["form"].errors
        assert not Business.objects.exists()


class TestEdit:
    def test_an_edit_is_saved_with_who_and_what_in_the_audit(self, as_user, officer, west_shop):
        client = as_user(officer)
        url = reverse("desk:business_edit", args=[west_shop.pk])
        data = form_of(client, url)
        assert client.post(url, {**data, "name": "Halsted & Sons"}).status_code == 302
        west_shop.refresh_from_db()
        assert west_shop.name == "Halsted & Sons"
        entry = AuditEntry.objects.get(verb="businesses.business_changed")
        assert (entry.changed, entry.actor_id) == (["name"], officer.pk)
        assert "Sons" not in f"{entry.detail}{entry.changed}"

    def test_a_change_between_check_and_save_is_refused_too(self, west_shop, officer):
        seen = west_shop.updated_at
        services.update_business(business=west_shop, actor=officer, name="First")
        with pytest.raises(Refused):
            services.update_business(business=west_shop, actor=officer, seen=seen, name="Second")

    def test_saving_without_a_change_leaves_no_trace(self, as_user, officer, west_shop):
        client = as_user(officer)
        url = reverse("desk:business_edit", args=[west_shop.pk])
        before = west_shop.updated_at
        assert client.post(url, form_of(client, url)).status_code == 302
        west_shop.refresh_from_db()
        assert west_shop.updated_at == before
        assert not AuditEntry.objects.filter(verb="businesses.business_changed").exists()

    def test_contacts_are_added_changed_and_removed(self, as_user, officer, west_shop):
        client = as_user(officer)
        add = reverse("desk:contact_add", args=[west_shop.pk])
        assert client.post(add, {"name": "Rosa Diaz"}).status_code == 200, "neither phone nor email"
        data = {"name": "Rosa Diaz", "phone": "3125550134", "business": west_shop.pk}
        assert client.post(add, data).status_code == 302
        contact = Contact.objects.get()
        assert (contact.phone, contact.organization) == ("(312) 555-0134", west_shop.organization)
        url = reverse("desk:contact_edit", args=[contact.pk])
        assert client.post(url, {**form_of(client, url), "role_title": "Owner"}).status_code == 302
        contact.refresh_from_db()
        assert contact.role_title == "Owner"
        url = reverse("desk:contact_remove", args=[contact.pk])
        assert b"Remove Rosa Diaz?" in client.get(url).content
        assert client.post(url).status_code == 302
        assert not Contact.objects.exists()


@pytest.mark.gate(21)
class TestForeignKeys:
    """Every foreign key in every form with a row of another tenant is refused."""

    def test_a_contact_for_another_organization_s_place(self, as_user, officer, west_shop):
        other = BusinessFactory()
        data = {"name": "Rosa", "phone": "3125550134", "business": other.pk}
        page = as_user(officer).post(reverse("desk:contact_add", args=[west_shop.pk]), data)
        assert "business" in page.context["form"].errors
        assert not Contact.objects.exists()

    def test_a_member_as_lead_officer(self, as_user, officer, west_shop):
        client = as_user(officer)
        url = reverse("desk:organization_edit", args=[west_shop.organization_id])
        page = client.post(url, {**form_of(client, url), "lead_officer": UserFactory().pk})
        assert "lead_officer" in page.context["form"].errors

    @pytest.mark.parametrize("page", ["person_invite", "person_edit"])
    def test_a_colleague_for_another_organization_s_place(self, as_user, owner, west_shop, page):
        from tests.factories.businesses import MembershipFactory

        BusinessFactory(organization=west_shop.organization)
        other = BusinessFactory()
        mine = MembershipFactory(user=owner, business=west_shop)
        target = west_shop.organization_id if page == "person_invite" else mine.pk
        data = {"email": "a@b.example", "role": "owner", "reach": "some", "sites": [other.pk]}
        answer = as_user(owner).post(reverse(f"portal:{page}", args=[target]), data)
        assert "sites" in answer.context["form"].errors
        mine.refresh_from_db()
        assert mine.all_sites

    def test_an_industry_or_area_that_does_not_exist(self, as_user, officer, west_shop):
        client = as_user(officer)
        url = reverse("desk:business_edit", args=[west_shop.pk])
        page = client.post(url, {**form_of(client, url), "industry": "999999", "area": "999999"})
        assert {"industry", "area"} <= set(page.context["form"].errors)


@pytest.mark.gate(22)
def test_extra_keys_in_a_post_change_nothing(as_user, officer, owner, west_shop, city):
    from tests.factories.businesses import MembershipFactory

    MembershipFactory(user=owner, business=west_shop, role="staff")
    other = BusinessFactory()
    extra = {
        "standing": "partner",
        "organization": other.organization_id,
        "organization_id": other.organization_id,
        "listed": "on",
        "slug": "taken",
        "role": "owner",
        "all_sites": "on",
        "added_by": owner.pk,
        "partner_since": "2020-01-01",
        "updated_by_name": "Nobody",
        "imported": "{}",
    }
    watched = ("standing", "organization_id", "listed", "slug", "area_id", "imported", "listed_at")
    before = Business.objects.filter(pk=west_shop.pk).values(*watched).get()
    for user, url in (
        (officer, reverse("desk:business_edit", args=[west_shop.pk])),
        (owner, reverse("portal:business_edit", args=[west_shop.pk])),
    ):
        client = as_user(user)
        data = {**extra, **form_of(client, url), "name": f"Renamed {user.pk}"}
        if user == owner:
            data |= {"area": city.east_beat.pk, "street": "Elsewhere", "latitude": "1", "longitude": "1"}
        assert client.post(url, data).status_code == 302
        assert Business.objects.filter(pk=west_shop.pk).values(*watched).get() == before
        assert Business.objects.get(pk=west_shop.pk).street == west_shop.street
    assert owner.memberships.get().role == "staff"
    assert Organization.objects.get(pk=west_shop.organization_id).standing == "prospect"
