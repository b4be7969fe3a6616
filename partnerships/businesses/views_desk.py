"""The desk: the list of businesses, adding and editing, contacts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import mailboxes
from core.access import check, refusal, requires, visible
from core.mail import suppressions
from core.mail.desk import steps as mail_steps
from core.mail.reader import preferences
from core.pages import edit
from core.pages.confirm import Question, ask

from . import forms, lists, rules, services
from .models import Business, Contact, Organization
from .twins import like_it

SAVED = gettext_lazy("Saved. %(name)s is up to date.")


@requires("core.use_desk")
def businesses(request: HttpRequest) -> HttpResponseBase:
    """The registry as a list; for officers also the public directory of the whole city."""
    return lists.of(request).respond(request)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def business_add(request: HttpRequest) -> HttpResponse:
    """Add a place of business; what is probably there already is shown first."""
    organization = None
    if request.GET.get("organization"):
        organization = _organization(request, request.GET["organization"])
    form = forms.NewBusinessForm(request.POST or None, user=request.user, organization=organization)
    alike: list[rules.Likeness] = []

    def make() -> str:
        fields = form.values()
        place = fields["name"], fields["street"], fields["postal_code"]
        if not request.POST.get("really") and (found := like_it(*place, request.user)):
            raise MuchAlike(found)
        added = services.add_business(actor=request.user, organization=organization, **fields)
        return reverse("desk:business", args=[added.pk])

    try:
        done = edit.attempt(form, lambda: form.once(request, make))
    except MuchAlike as there:
        done, alike = None, there.found
    if done is not None:
        address, again = done
        added = _("%(name)s was added as a prospect.") % {"name": form.cleaned_data["name"]}
        messages.success(request, form.ALREADY_SAVED if again else added)
        return redirect(address)
    return edit.page(
        request, "businesses/desk_add.html", form, {"alike": alike, "organization": organization}
    )


class MuchAlike(Exception):  # noqa: N818  (no error: the officer is asked)
    """The registry has places much like the one to be added."""

    def __init__(self, found: list[rules.Likeness]) -> None:
        super().__init__()
        self.found = found


def _organization(request: HttpRequest, typed: str) -> Organization:
    pk = int(typed) if typed.isdecimal() and len(typed) < 18 else 0
    return get_object_or_404(visible(Organization, request.user), pk=pk)


@requires("businesses.edit_business", "core.write_desk")
@require_http_methods(["GET", "POST"])
def business_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a place of business."""
    business = get_object_or_404(visible(Business, request.user).select_related("organization"), pk=pk)
    check(request, "businesses.edit_business", business)
    form = forms.BusinessForm(request.POST or None, instance=business, user=request.user)
    saved = edit.attempt(
        form,
        lambda: services.update_business(
            business=business, actor=request.user, seen=form.seen, **form.values()
        ),
    )
    if saved is not None:
        messages.success(request, SAVED % {"name": saved.name})
        return redirect("desk:business", pk)
    # The form has put what was typed into the row; the page shows the row as it is.
    shown = visible(Business, request.user).select_related("organization", "area__parent").get(pk=pk)
    sites = visible(Business, request.user).filter(organization=shown.organization_id).count()
    return edit.page(request, "businesses/desk_edit.html", form, {"business": shown, "sites": sites})


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def organization_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organization: its names, its kind, who leads it."""
    organization = get_object_or_404(visible(Organization, request.user), pk=pk)
    form = forms.OrganizationForm(request.POST or None, instance=organization, user=request.user)
    sites = visible(Business, request.user).filter(organization=pk).select_related("area__parent")
    first = sites.first()
    saved = edit.attempt(
        form,
        lambda: services.update_organization(
            organization=organization, actor=request.user, seen=form.seen, **form.values()
        ),
    )
    if saved is not None:
        messages.success(request, SAVED % {"name": saved.name})
        return redirect("desk:business", first.pk) if first else redirect("desk:businesses")
    shown = visible(Organization, request.user).get(pk=pk)
    context = {
        "organization": shown,
        "sites": sites[:50],
        "first": first,
        "count": sites.count(),
        "unreachable": _unreachable(request, shown),
        "may_gather": refusal(request.user, "businesses.merge_records", shown) is None,
    }
    return edit.page(request, "businesses/desk_organization.html", form, context)


def _unreachable(
    request: HttpRequest, organization: Organization
) -> list[tuple[Contact, suppressions.Trouble]]:
    """The contacts to whom mail is held back, with the reason."""
    people = list(visible(Contact, request.user).filter(organization=organization).exclude(email="")[:200])
    trouble = suppressions.trouble_of([each.email for each in people])
    found = ((each, trouble.get(mailboxes.normal(each.email))) for each in people)
    return [(each, why) for each, why in found if why is not None]


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add someone to ask for at a place of business."""
    business = get_object_or_404(visible(Business, request.user).select_related("organization"), pk=pk)
    form = forms.ContactForm(
        request.POST or None,
        initial={"business": business.pk},
        user=request.user,
        organization=business.organization,
    )
    contact = edit.attempt(
        form,
        lambda: services.add_contact(organization=business.organization, actor=request.user, **form.values()),
    )
    if contact is not None:
        messages.success(request, _("%(name)s was added.") % {"name": contact.name})
        return redirect("desk:business", pk)
    return edit.page(request, "businesses/desk_contact.html", form, {"business": business})


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change someone to ask for."""
    contact = get_object_or_404(visible(Contact, request.user).select_related("organization"), pk=pk)
    business = _page_of(request, contact)
    form = forms.ContactForm(
        request.POST or None, instance=contact, user=request.user, organization=contact.organization
    )
    saved = edit.attempt(
        form,
        lambda: services.update_contact(contact=contact, actor=request.user, seen=form.seen, **form.values()),
    )
    if saved is not None:
        messages.success(request, SAVED % {"name": saved.name})
        return redirect("desk:business", business.pk)
    shown = visible(Contact, request.user).get(pk=pk)
    context = {
        "business": business,
        "contact": shown,
        "choices": preferences.offered(shown.email) if shown.email else [],
        "trouble": suppressions.trouble_of([shown.email]).get(mailboxes.normal(shown.email)),
    }
    return edit.page(request, "businesses/desk_contact.html", form, context)


@requires("core.write_desk")
@require_POST
def contact_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what a contact told an officer: that they want a kind of mail, or no longer."""
    contact = get_object_or_404(visible(Contact, request.user), pk=pk)
    form = preferences.ToldForm(request.POST, address=contact.email)
    row = edit.attempt(
        form,
        lambda: services.note_mail_choice(contact=contact, actor=request.user, **form.cleaned_data),
    )
    if row is not None:
        words = _("Noted: %(name)s gets %(what)s.") if row.given else _("Noted: %(name)s gets no %(what)s.")
        what = row.get_purpose_display().lower()
        messages.success(request, words % {"name": contact.name, "what": what})
    elif (found := edit.refusal_of(form)) is not None:
        messages.error(request, str(found.sentence))
    return redirect("desk:contact_edit", pk)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def contact_mail_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let mail go to a contact's address again, after a question."""
    contact = get_object_or_404(visible(Contact, request.user), pk=pk)
    back = reverse("desk:contact_edit", args=[contact.pk])
    step, names = mail_steps.STEPS["lift"], {"to": contact.email or contact.name}

    def lift() -> tuple[str, str]:
        suppressions.lift(address=contact.email, actor=request.user)
        return step.done % names, back

    words = Question(
        question=step.question % names,
        explain=step.explain,
        confirm=step.label,
        back=back,
        keep=_("Go back"),
    )
    held = suppressions.trouble_of([contact.email])
    form = mail_steps.StepForm(request.POST or None)
    return ask(request, words, lift, form=form, refusal=None if held else suppressions.NOT_HELD)


@requires("core.write_desk")
@require_http_methods(["GET", "POST"])
def contact_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove someone to ask for, after a question with their name."""
    contact = get_object_or_404(visible(Contact, request.user).select_related("organization"), pk=pk)
    back = reverse("desk:business", args=[_page_of(request, contact).pk])

    def remove() -> tuple[str, str]:
        services.remove_contact(contact=contact, actor=request.user)
        return _("%(name)s was removed.") % {"name": contact.name}, back

    words = Question(
        question=_("Remove %(name)s?") % {"name": contact.name},
        explain=_("Nobody can look them up here any more. The history keeps that they were there."),
        confirm=_("Remove"),
        back=back,
        danger=True,
    )
    return ask(request, words, remove)


def _page_of(request: HttpRequest, contact: Contact) -> Business:
    """The page a contact is shown on: theirs, or the first place of the organization."""
    places = visible(Business, request.user).filter(organization=contact.organization_id)
    return get_object_or_404(places.filter(pk=contact.business_id) if contact.business_id else places[:1])
