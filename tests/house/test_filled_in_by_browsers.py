"""What Chrome, Safari and an iPhone put into a form by themselves is taken, and kept in one form."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.forms import DetailsForm, SignUpForm
from core import postal
from core.access import Refused
from events.forms import RsvpForm
from partnerships.businesses.forms import BusinessForm, InviteForm
from partnerships.businesses.forms import ProfileForm as BusinessProfileForm
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import sentence
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business
from partnerships.businesses.services import add_business, update_business
from partnerships.vetting.forms import AddBusinessForm, ProfileForm
from tests.businesses.files import PRESET, row, write
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.factories.events import EventFactory
from tests.factories.vetting import first_version

pytestmark = pytest.mark.django_db
NBSP = "\xa0"
# By autocomplete token: what is kept, and what browsers and phones write for it. iOS ends a suggestion of its
# keyboard with a space; its contacts hold non-breaking hyphens between marks of direction.
FILLED = {
    "name": ("Rosa Ortiz", ["Rosa Ortiz", "Rosa Ortiz ", f"Rosa{NBSP}Ortiz{NBSP}"]),
    "organization": ("Oak Bakery", ["Oak Bakery", " Oak Bakery ", f"Oak{NBSP}Bakery"]),
    "organization-title": ("Owner", ["Owner", "Owner ", f"Owner{NBSP}"]),
    "email": (
        "rosa@people.example",
        ["rosa@people.example", "rosa@people.example ", f"{NBSP}rosa@people.example"],
    ),
    "tel": (
        "(312) 555-0134",
        ["(312) 555-0134", "+1 312-555-0134", "+13125550134", "3125550134 ", "1-312-555-0134",
         "\u202a+1\xa0(312)\xa0555\u20110134\u202c", "312.555.0134", f"(312){NBSP}555-0134{NBSP}"],
    ),
    "address-line1": ("10 W 26th St", ["10 W 26th St", "10 W 26th St ", f"10 W 26th St{NBSP}"]),
    "address-level2": ("Chicago", ["Chicago", "Chicago ", f"Chicago{NBSP}"]),
    "address-level1": (
        "IL",
        ["IL", "il", "Il", "IL ", f"{NBSP}IL", "Illinois", "ILLINOIS", "illinois ", "US-IL"],
    ),
    "postal-code": (
        "60608",
        ["60608", "60608 ", " 60608", f"60608{NBSP}", "\u200b60608"],
    ),
    "url": ("https://oak.example", ["https://oak.example", "https://oak.example ", "oak.example "]),
}  # fmt: skip
ALSO = {
    "address-level1": {"D.C.": "DC", "District of Columbia": "DC", "new york": "NY", "Puerto Rico": "PR",
                       "QC": "QC", "Québec": "QC"},
    "postal-code": {"60608-1234": "60608-1234", "606081234": "60608-1234", "60608 1234": "60608-1234",
                    "60608\u20131234 ": "60608-1234"},
}  # fmt: skip


def asked():
    """Each form that a browser fills in, made as its page makes it."""
    user, shop = SupervisorFactory(), BusinessFactory()
    application = vetting.draft()
    return {
        "sign-up": lambda data: SignUpForm(data),
        "own details": lambda data: DetailsForm(data, instance=user),
        "an event": lambda data: RsvpForm(data, event=EventFactory()),
        "adding a business": lambda data: AddBusinessForm(data),
        "a page of one's own": lambda data: BusinessProfileForm(data, instance=shop, user=user),
        "an application": lambda data: ProfileForm(data, instance=application, user=application.applicant),
        "an invitation": lambda data: InviteForm(data, user=user, organization=shop.organization),
        "the desk": lambda data: BusinessForm(data, instance=shop, user=user),
    }


# The desk writes of others, so it asks the browser for nothing; what is typed there is read the same way.
AT_THE_DESK = {"state": "address-level1", "postal_code": "postal-code", "phone": "tel", "website": "url"}


def fields_of(name, form):
    """Names of the fields with their token."""
    told = {each: field.widget.attrs.get("autocomplete", "") for each, field in form.fields.items()}
    if name == "the desk":
        told |= AT_THE_DESK
    return {each: token for each, token in told.items() if token not in ("", "off")}


def test_what_browsers_and_phones_fill_in_is_taken():
    seen, wrong = set(), []
    for name, make in asked().items():
        for field, token in fields_of(name, make({})).items():
            kept, written = FILLED[token]
            for typed in written:
                form = make({field: typed})
                form.is_valid()
                found = form.cleaned_data.get(field, form.errors.get(field))
                if not (found == kept or (token == "tel" and found == typed.strip())):
                    wrong.append((name, field, ascii(typed), found))
            seen.add(token)
    assert not wrong
    assert seen == set(FILLED), "every token is asked somewhere"


@pytest.mark.parametrize("token", ALSO)
def test_a_state_and_a_zip_code_are_known_in_each_spelling(token):
    clean = {"address-level1": postal.state_code, "postal-code": postal.zip_code}[token]
    assert {typed: clean(typed) for typed in ALSO[token]} == ALSO[token]
    assert clean("") == ""


def test_nothing_cuts_off_what_a_browser_fills_in():
    """Chrome shortens to `maxlength` what it fills in: "Il" of "Illinois"."""
    for name, make in asked().items():
        form = make({})
        for field in fields_of(name, form):
            longest = form.fields[field].widget.attrs.get("maxlength")
            assert longest is None or int(longest) >= 40, (name, field, longest)


@pytest.mark.parametrize("typed", ["ZZ", "CN", "Ill", "Atlantis", "I", "60608"])
def test_what_is_no_state_is_refused_everywhere(typed, tmp_path):
    with pytest.raises(ValidationError, match="such as IL or Illinois"):
        postal.state_code(typed)
    for name in ("adding a business", "the desk"):
        form = asked()[name]({"state": typed})
        assert "Write a state, such as IL or Illinois." in form.errors["state"]
    for write_it in (
        lambda: add_business(actor=None, name="Oak Bakery", state=typed),
        lambda: update_business(business=BusinessFactory(state="IL"), actor=None, state=typed),
    ):
        with pytest.raises(Refused) as refused:
            write_it()
        assert refused.value.refusal.field == "state"
    path = write(tmp_path / "licenses.csv", [row(state=typed), row(site_number="2")])
    report = import_businesses(path, load_preset(PRESET), actor=None)
    assert [sentence(each) for each in report.errors] == [f"“{typed}” is not a state or province."]
    assert report.created == 1


def test_a_service_and_a_file_keep_the_letters_of_a_state(tmp_path):
    assert add_business(actor=None, name="Oak Bakery", state="Illinois").state == "IL"
    path = write(tmp_path / "licenses.csv", [row(state="ILLINOIS ", zip_code=f" 606571234{NBSP}")])
    import_businesses(path, load_preset(PRESET), actor=None)
    assert Business.objects.filter(site_number="1").values_list("state", "postal_code").get() == (
        "IL",
        "60657-1234",
    )


def test_the_admin_reads_a_state_as_the_desk_does():
    browser, shop = sign_in(Client(), AdminFactory()), BusinessFactory(state="IL")
    page = browser.get(reverse("admin:businesses_business_change", args=[shop.pk]))
    field = page.context["adminform"].form.fields["state"]
    assert isinstance(field, postal.StateFormField)
    assert field.clean("Illinois ") == "IL"


@pytest.mark.parametrize("typed", ["6060", "606080", "ABCDE", "60608-12"])
def test_what_is_no_zip_code_is_refused_to_an_owner(typed):
    assert AddBusinessForm({"postal_code": typed}).errors["postal_code"] == [
        "Write five digits, such as 60657."
    ]


def test_an_owner_sends_what_an_iphone_filled_in():
    first_version()  # whoever adds a business begins to apply
    owner = sign_in(Client(), UserFactory())
    page = owner.get(reverse("portal:application_add"))
    typed = {
        "name": "Panader\u00eda El Sol ", "street": "10 W 26th St ", "city": "Chicago ", "state": "Illinois ",
        "postal_code": " 60608 ", "phone": "\u202a+1\xa0(312)\xa0555\u20110134\u202c", "note": "I own it.",
        "form_key": page.context["form"]["form_key"].value(),
    }  # fmt: skip
    assert owner.post(reverse("portal:application_add"), typed).status_code == 302
    made = Business.objects.get(name="Panadería El Sol")
    assert (made.state, made.postal_code, made.phone) == ("IL", "60608", "(312) 555-0134")
