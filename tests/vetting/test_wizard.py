"""The owner's way from the search to the sent application, without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.access import Refused
from partnerships.businesses.models import Business, Claim
from partnerships.businesses.services import add_business
from partnerships.vetting import services
from partnerships.vetting.models import Application
from tests.factories import files, vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import (
    BusinessFactory,
    IndustryFactory,
    MembershipFactory,
    OrganizationFactory,
)
from tests.markup import typed_into

pytestmark = pytest.mark.django_db

PROFILE = {
    "contact_name": "Alex Moreno",
    "contact_role": "Owner",
    "contact_phone": "312 555 0134",
    "hopes": "Advice on lighting.",
    "offers": "A room for 30 people.",
    "offer_kinds": ["room", "people"],
    "action": "next",
}


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    vetting.first_version()


@pytest.fixture
def owner(client):
    user = UserFactory(full_name="Alex Moreno")
    sign_in(client, user)
    client.user = user
    return client


def step(application, name):
    return reverse("portal:application_step", args=[application.pk, name])


def load(client, url):
    """The fields of the form on a page as a browser would send them back."""
    form = client.get(url).context["form"]
    return {
        name: form[name].value() if form[name].value() is not None else ""
        for name, field in form.fields.items()
        if type(field).__name__ != "FileField" and form[name].value() is not False
    }


def test_a_visitor_reads_what_is_asked_and_is_sent_to_sign_up(client):
    page = client.get(reverse("public:join")).content.decode()
    for title in ("Reputation and credibility", "Commitment to community", "Alignment of values", "Capacity"):
        assert title in page
    assert f"{reverse('account_signup')}?next={reverse('portal:application_start')}" in page
    assert client.get(reverse("portal:application_start")).status_code == 302


def test_from_the_search_to_the_receipt(owner):
    business = BusinessFactory(name="Halsted Hardware Co.")
    found = owner.get(reverse("portal:application_start"), {"q": "halsted hardwear"})
    assert business.name in found.content.decode()
    owner.post(reverse("portal:application_claim", args=[business.pk]), {"note": "I own it."})
    application = Application.objects.get()
    assert Claim.objects.get().status == "claimed"

    url = step(application, "profile")
    answer = owner.post(url, {**load(owner, url), **PROFILE})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == step(application, "reputation")
    for code, onward in zip(vetting.CODES, [*vetting.CODES[1:], "declaration"], strict=True):
        url = step(application, code)
        answer = owner.post(url, {**load(owner, url), "text": f"About {code}.", "action": "next"})
        assert answer.url == step(application, onward)
    url = step(application, "declaration")
    ticks = {"declared_true": "on", "declared_response": "on", "declared_records": "on", "action": "send"}
    done = owner.post(url, {**load(owner, url), **ticks}, follow=True)
    application.refresh_from_db()
    assert application.status == "submitted"
    assert application.contact_phone == "(312) 555-0134"
    assert application.offer_kinds == ["room", "people"]
    assert "Where it stands" in done.content.decode()
    application.organization.refresh_from_db()
    assert application.organization.standing == "applicant"


def test_of_a_business_that_someone_speaks_for_it_is_said(owner):
    """Not that nothing like it is in the record, which made people add it a second time."""
    shop = BusinessFactory(name="Halsted Hardware", street="12 S Halsted St")
    MembershipFactory(user=UserFactory(), business=shop)
    claim = reverse("portal:application_claim", args=[shop.pk])
    found = owner.get(reverse("portal:application_start"), {"q": "halsted hardware"}).content.decode()
    assert "Halsted Hardware" in found
    assert "12 S Halsted St" in found
    assert "Someone already speaks for it. Ask them to invite you, or call us." in found
    assert "Nothing like it is in the record" not in found
    assert claim not in found
    assert owner.get(claim).status_code == 404
    typed = {
        "name": "Halsted Hardware", "street": "12 S Halsted St", "city": "Chicago", "state": "IL",
        "postal_code": "60661", "note": "I own it.",
    }  # fmt: skip
    again = owner.post(reverse("portal:application_add"), typed).content.decode()
    assert "Is it one of these?" in again
    assert "Someone already speaks for it." in again
    assert claim not in again
    assert Business.objects.count() == 1


def test_of_ones_own_business_it_is_not_said(owner):
    shop = BusinessFactory(name="Halsted Hardware")
    MembershipFactory(user=owner.user, business=shop)
    found = owner.get(reverse("portal:application_start"), {"q": "halsted hardware"}).content.decode()
    assert "Someone already speaks for it" not in found
    assert reverse("portal:application_claim", args=[shop.pk]) in found


def test_what_another_member_typed_in_is_theirs_until_it_is_verified(owner):
    add_business(actor=UserFactory(), name="Secret Hardware")
    found = owner.get(reverse("portal:application_start"), {"q": "secret hardware"}).content.decode()
    assert "Nothing like it is in the record" in found


def test_a_business_that_is_not_there_is_added_after_a_look_at_the_like(owner):
    BusinessFactory(name="Panaderia El Sol", street="10 W 26th St")
    typed = {
        "name": "Panadería El Sol", "street": "10 W 26th St", "city": "Chicago", "state": "il",
        "postal_code": "60608", "note": "I own it.",
    }  # fmt: skip
    first = owner.post(reverse("portal:application_add"), typed)
    assert "Is it one of these?" in first.content.decode()
    assert Business.objects.count() == 1
    owner.post(reverse("portal:application_add"), {**typed, "sure": "on"})
    made = Application.objects.get()
    assert made.organization.name == "Panadería El Sol"
    assert made.organization.standing == "prospect"
    assert Claim.objects.get(user=owner.user).business == made.sites.get()


def test_saving_for_later_needs_nothing_and_tomorrow_goes_on_where_it_stopped(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    data = {**load(owner, url), "hopes": "Half a sentence", "action": "later"}
    assert owner.post(url, data).url == reverse("portal:application_status", args=[application.pk])
    page = owner.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    assert "Your role in the business" in page
    assert step(application, "profile") in page
    assert "Half a sentence" in owner.get(url).content.decode()


def test_an_error_keeps_every_word(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    data = {**load(owner, url), **PROFILE, "contact_phone": "call me", "hopes": "Kept words"}
    page = owner.post(url, data)
    assert page.status_code == 200
    assert "Kept words" in page.content.decode()
    assert "area code" in page.content.decode()


def test_a_bad_file_keeps_the_answer(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "values")
    bad = SimpleUploadedFile("x.pdf", b"MZ program", content_type="application/pdf")
    page = owner.post(url, {**load(owner, url), "text": "Kept words", "file": bad, "action": "next"})
    assert "Send a PDF or a photo" in page.content.decode()
    assert "Kept words" in page.content.decode()
    assert application.answers.get().text == "Kept words"


def test_after_a_refused_file_the_right_one_is_kept_at_once(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "values")
    wrong = SimpleUploadedFile("plan.docx", b"PK\x03\x04 a document")
    refused = owner.post(
        url, typed_into(owner.get(url), text="First words.", file=wrong, link="example.org/us", action="next")
    )
    assert "Send a PDF or a photo" in refused.content.decode()
    photo = SimpleUploadedFile("IMG_0042.HEIC", files.heic())
    again = typed_into(refused, text="First words, and more.", file=photo, action="next")
    assert owner.post(url, again).url == step(application, "capacity")
    assert application.answers.get().text == "First words, and more."
    assert sorted(application.evidence.values_list("name", flat=True)) == ["IMG_0042.jpg", "example.org/us"]


@pytest.mark.parametrize("mistake", [{"text": ""}, {"link": "no address"}, {"version": "", "text": "Mine"}])
def test_a_file_that_came_with_a_mistake_elsewhere_is_kept(owner, mistake):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    services.save_step(application=application, actor=owner.user, answers={"values": "Saved before"})
    url = step(application, "values")
    sent = {"text": "Words", "file": SimpleUploadedFile("letter.pdf", files.PDF), "action": "next", **mistake}
    answer = owner.post(url, typed_into(owner.get(url), **sent))
    assert answer.status_code in (200, 409)
    assert "letter.pdf" in answer.content.decode()
    sent["file"] = SimpleUploadedFile("letter.pdf", files.PDF)
    owner.post(url, typed_into(answer, **sent))
    assert application.evidence.get().name == "letter.pdf", "sent twice, it is kept once"


def test_of_a_file_and_a_link_that_is_one_too_many_only_the_link_is_refused(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    criterion = application.criteria_version.criteria.get(code="values")
    for number in range(9):
        services.add_evidence_link(
            application=application, criterion=criterion, actor=owner.user, url=f"https://a.example/{number}"
        )
    url, file = step(application, "values"), SimpleUploadedFile("letter.pdf", files.PDF)
    sent = {"text": "Words", "file": file, "link": "https://a.example/ten", "action": "next"}
    page = owner.post(url, typed_into(owner.get(url), **sent)).content.decode()
    assert "Ten files and links for one question are enough." in page
    assert "The file is empty" not in page
    assert application.evidence.filter(name="letter.pdf").count() == 1


def test_a_refused_declaration_can_be_sent_again_with_another_name(client):
    officer = sign_in(client, OfficerFactory())
    application = services.assist_application(business=BusinessFactory(), actor=OfficerFactory())
    Application.objects.filter(pk=application.pk).update(assisted_by=officer.session["_auth_user_id"])
    url = reverse("desk:application_fill", args=[application.pk, "declaration"])
    ticks = {"declared_true": "on", "declared_response": "on", "declared_records": "on", "action": "send"}
    refused = officer.post(url, typed_into(officer.get(url), **ticks, confirmed_name="Rosa Diza"))
    assert refused.status_code == 403
    again = officer.post(url, typed_into(refused, **ticks, confirmed_name="Rosa Diaz"))
    assert again.status_code == 403
    assert "Still missing" in again.content.decode()
    application.refresh_from_db()
    assert application.confirmed_name == "Rosa Diaz"


def test_files_and_links_are_added_and_removed_on_the_page(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "reputation")
    file = SimpleUploadedFile("letter.pdf", files.PDF)
    owner.post(
        url, {**load(owner, url), "text": "Yes.", "file": file, "link": "example.org/x", "action": "add"}
    )
    assert sorted(application.evidence.values_list("kind", flat=True)) == ["file", "link"]
    item = application.evidence.get(kind="file")
    owner.post(url, {**load(owner, url), "remove": item.pk})
    assert application.evidence.get().kind == "link"


def test_a_stale_step_is_refused_and_the_words_stay(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "profile")
    old = load(owner, url)
    owner.post(url, {**old, **PROFILE, "hopes": "From the first window"})
    page = owner.post(url, {**old, **PROFILE, "hopes": "From the second window"})
    assert "changed in the meantime" in page.content.decode()
    assert "From the second window" in page.content.decode()
    application.refresh_from_db()
    assert application.hopes == "From the first window"
    other = owner.post(step(application, "values"), {**load(owner, step(application, "values")), "text": "x"})
    assert other.status_code == 302


@pytest.mark.gate(22)
def test_keys_that_are_not_on_the_form_change_nothing(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    stranger = UserFactory()
    extra = {
        "status": "approved", "track": "basic", "applicant": stranger.pk, "promised_on": "2030-01-01",
        "valid_until": "2030-01-01", "organization": OrganizationFactory().pk, "confirmed_name": "x",
        "contact_email": "evil@x.example", "round": 9, "assisted_by": OfficerFactory().pk,
    }  # fmt: skip
    watched = [*extra]
    before = {name: getattr(application, name) for name in watched}
    for name in ("profile", "values", "declaration"):
        url = step(application, name)
        owner.post(url, {**load(owner, url), **PROFILE, "text": "x", **extra})
    application.refresh_from_db()
    assert {name: getattr(application, name) for name in watched} == before


@pytest.mark.gate(21)
def test_a_site_of_another_organization_is_refused(owner):
    chain = OrganizationFactory(name="Northside Grocers")
    sites = [BusinessFactory(name=f"Store {n}", organization=chain) for n in range(3)]
    MembershipFactory(user=owner.user, organization=chain)
    foreign = BusinessFactory()
    application = services.start_application(business=sites[0], actor=owner.user)
    url = step(application, "profile")
    page = owner.post(url, {**load(owner, url), **PROFILE, "sites": [sites[0].pk, foreign.pk]})
    assert page.status_code == 200
    assert list(application.sites.all()) == [sites[0]]
    owner.post(url, {**load(owner, url), **PROFILE, "sites": [sites[0].pk, sites[2].pk]})
    assert application.sites.count() == 2


@pytest.mark.gate(20)
def test_a_stranger_gets_a_missing_page_everywhere(client):
    application = vetting.at("action_needed")
    sign_in(client, UserFactory())
    for name in ("status", "answer", "withdraw", "appeal"):
        url = reverse(f"portal:application_{name}", args=[application.pk])
        assert client.get(url).status_code == 404, name
        assert client.post(url).status_code == 404, name
    assert client.get(step(application, "profile")).status_code == 404
    mine = reverse("portal:application_status", args=[application.pk])
    assert sign_in(client, application.applicant).get(mine).status_code == 200


def test_who_is_no_longer_a_member_sees_nothing_with_the_next_click(client):
    application = vetting.in_review()
    url = reverse("portal:application_status", args=[application.pk])
    sign_in(client, application.applicant)
    assert client.get(url).status_code == 200
    application.applicant.memberships.all().delete()
    assert client.get(url).status_code == 404


def test_the_answer_page_asks_for_exactly_what_the_officer_wanted(owner):
    application = vetting.action_needed(
        fields=["contact_phone", "industry", "answer:values", "evidence:capacity"], owner=owner.user
    )
    industry = IndustryFactory(code="4441", title="Building Material Dealers")
    status = owner.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    assert "We need four things from you" in status
    url = reverse("portal:application_answer", args=[application.pk])
    form = owner.get(url).context["form"]
    assert set(form.fields) == {
        "version", "contact_phone", "industry", "answer:values", "file:capacity", "link:capacity",
    }  # fmt: skip
    data = {
        **load(owner, url), "contact_phone": "312 555 0199", "industry": industry.pk,
        "answer:values": "We train everyone.", "link:capacity": "https://example.org/room",
        "hopes": "not asked", "status": "approved", "action": "send",
    }  # fmt: skip
    owner.post(url, data)
    application.refresh_from_db()
    assert application.status == "in_review"
    assert application.contact_phone == "(312) 555-0199"
    assert application.hopes == "Advice on lighting."
    assert application.evidence.get().criterion.code == "capacity"
    request = application.action_requests.get()
    assert request.after["answer:values"] == "We train everyone."


def test_withdrawing_asks_with_the_name_first(owner):
    application = vetting.submitted(owner=owner.user)
    url = reverse("portal:application_withdraw", args=[application.pk])
    assert application.organization.name in owner.get(url).content.decode()
    owner.post(url)
    application.refresh_from_db()
    assert application.status == "withdrawn"
    again = owner.post(url, follow=True).content.decode()
    assert "the application is “Withdrawn”" in again


def test_an_appeal_is_written_on_the_status_page(owner):
    application = vetting.decided("declined", owner=owner.user)
    page = owner.get(reverse("portal:application_status", args=[application.pk])).content.decode()
    assert "If you think we are wrong" in page
    owner.post(
        reverse("portal:application_appeal", args=[application.pk]), {"text": "You missed our license."}
    )
    application.refresh_from_db()
    assert application.status == "appealed"


def test_a_place_of_someone_else_is_not_applied_for(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    foreign = BusinessFactory()
    with pytest.raises(Refused, match="belongs to someone else"):
        services.save_step(
            application=application, actor=owner.user, sites=[application.sites.get(), foreign]
        )
    assert foreign not in application.sites.all()


@pytest.mark.parametrize("pk", ["²", "1" * 5000, "9" * 19, "-1", "x", ""])
def test_a_number_no_file_can_have_removes_nothing(owner, pk):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    url = step(application, "reputation")
    assert owner.post(url, {**load(owner, url), "remove": pk}).status_code == 302
