"""The portal: one's places of business, colleagues, and the public directory's consent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import check, refusal, requires, visible
from core.folding import in_order
from core.pages import edit
from core.pages.confirm import Question, ask

from . import forms, rules, services
from .merging.where import survivor_of
from .models import Business, Claim, Contact, Invitation, Membership, Organization
from .permissions import may_stop_owning
from .workflow import CLAIM, STANDING


@requires("core.use_portal")
def businesses(request: HttpRequest) -> HttpResponse:
    """The places of business a member acts for, and claims being checked; one alone is shown at once."""
    places: Any = visible(Business, request.user)
    rows = list(
        places.with_unlisted(request.user)
        .select_related("organization", "industry", "area__parent")
        .order_by("organization__name_key", "name_key", "pk")
    )
    claims: Any = visible(Claim, request.user)
    waiting = claims.waiting().select_related("business").exclude(business__in=[each.pk for each in rows])
    claimed = [(each, CLAIM.tells(each)) for each in waiting.order_by("created_at", "pk")]
    if len(rows) == 1 and not claimed:
        return redirect("portal:business", rows[0].pk)
    return render(request, "businesses/portal_list.html", {"businesses": rows, "claimed": claimed})


@requires("core.use_portal")
def business(request: HttpRequest, pk: int) -> HttpResponse:
    """What the registry holds on a place of business, as its people see it."""
    rows = visible(Business, request.user).select_related("organization", "industry", "area__parent")
    found = rows.filter(pk=pk).first()
    if found is None:  # a bookmark may name a record that was merged
        stays = survivor_of(pk=pk)
        return redirect("portal:business", get_object_or_404(rows, pk=stays.pk if stays else pk).pk)
    contacts = visible(Contact, request.user).filter(organization=found.organization_id)
    claim = visible(Claim, request.user).filter(business=pk, status="claimed").first()
    context = {
        "business": found,
        "contacts": [each for each in contacts if each.business_id in (None, found.pk)],
        "claim": claim,
        "told": CLAIM.tells(claim) if claim else STANDING.tells(found.organization),
        "blocked": refusal(request.user, "businesses.list_business", found),
    }
    return render(request, "businesses/portal_business.html", context)


@requires("core.use_portal", "businesses.edit_business")
@require_http_methods(["GET", "POST"])
def business_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the profile true."""
    found = get_object_or_404(visible(Business, request.user), pk=pk)
    check(request, "businesses.edit_business", found)
    form = forms.ProfileForm(request.POST or None, instance=found, user=request.user)
    saved = edit.attempt(
        form,
        lambda: services.update_business(business=found, actor=request.user, seen=form.seen, **form.values()),
    )
    if saved is not None:
        messages.success(request, _("Saved. Thank you for keeping it true."))
        return redirect("portal:business", pk)
    shown = visible(Business, request.user).get(pk=pk)
    return edit.page(request, "businesses/portal_edit.html", form, {"business": shown})


@requires("core.use_portal", "businesses.list_business")
@require_http_methods(["GET", "POST"])
def business_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to be in the public directory, or leave it at once."""
    found = get_object_or_404(visible(Business, request.user).select_related("organization"), pk=pk)
    # An owner. Whether it can be listed now, the service says of what was sent, on this page.
    sent = request.method == "POST"
    check(request, "businesses.unlist_business" if sent else "businesses.list_business", found)
    leaving = "withdraw" in request.POST
    wording = services.listing_wording(found)
    form = forms.ListingForm(request.POST if sent else None, wording=wording, leaving=leaving)

    def keep() -> str:
        if leaving:
            services.unlist_business(business=found, actor=request.user)
            return _("%(name)s is out of the public directory.") % {"name": found.name}
        services.list_business(business=found, actor=request.user, wording=wording)
        return _("%(name)s is in the public directory now.") % {"name": found.name}

    said = edit.attempt(form, keep)
    if said is not None:
        messages.success(request, said)
        return redirect("portal:business", pk)
    return edit.page(request, "businesses/portal_listing.html", form, {"business": found})


@requires("core.use_portal", "businesses.withdraw_claim")
@require_http_methods(["GET", "POST"])
def claim_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's claim of a business back, after a question."""
    found = get_object_or_404(visible(Claim, request.user).select_related("business"), pk=pk)
    check(request, "businesses.withdraw_claim", found)
    back = reverse("portal:businesses")

    def withdraw() -> tuple[str, str]:
        services.withdraw_claim(claim=found, actor=request.user)
        return _("Your claim of %(name)s is taken back.") % {"name": found.business.name}, back

    words = Question(
        question=_("Take your claim of %(name)s back?") % {"name": found.business.name},
        explain=_(
            "We stop checking it. An application for the business can’t go on without it. "
            "You can claim it again at any time."
        ),
        confirm=_("Take it back"),
        keep=_("Keep the claim"),
        back=back,
        danger=True,
        base="portal/base.html",
    )
    return ask(request, words, withdraw, refusal=CLAIM.refusal(found, "withdraw", request.user))


@requires("core.use_portal")
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for the organizations of a member. Owners see everyone, staff themselves."""
    members = list(
        visible(Membership, request.user)
        .select_related("user", "organization")
        .prefetch_related("sites")
        .order_by("organization__name_key", "role", in_order("user__full_name"), "pk")
    )
    asked: Any = visible(Invitation, request.user)
    invitations = list(asked.open().select_related("organization").prefetch_related("sites"))
    mine = {each.organization_id: each for each in members if each.user_id == request.user.pk}
    groups: list[dict[str, Any]] = []
    for organization in {each.organization_id: each.organization for each in members}.values():
        own = mine.get(organization.pk)
        here = [each for each in members if each.organization_id == organization.pk]
        groups.append(
            {
                "organization": organization,
                "members": here,
                "sole_owner": rules.sole_owner(here),
                "invitations": [each for each in invitations if each.organization_id == organization.pk],
                "manages": own is not None and own.owns,
            }
        )
    return render(request, "businesses/portal_people.html", {"groups": groups})


@requires("core.use_portal", "businesses.manage_members")
@require_http_methods(["GET", "POST"])
def person_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a colleague by email."""
    organization = get_object_or_404(visible(Organization, request.user), pk=pk)
    check(request, "businesses.manage_members", organization)
    form = forms.InviteForm(request.POST or None, user=request.user, organization=organization)

    def invite() -> str:
        services.invite_member(
            organization=organization,
            email=form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            sites=form.chosen_sites,
            actor=request.user,
        )
        return reverse("portal:people")

    if edit.attempt(form, lambda: form.once(request, invite)) is not None:
        # The same words whether or not the address has an account, or is a colleague already.
        messages.success(
            request,
            _("An invitation is on its way to %(email)s. It is good for 14 days.")
            % {"email": form.cleaned_data["email"]},
        )
        return redirect("portal:people")
    return edit.page(request, "businesses/portal_invite.html", form, {"organization": organization})


@requires("core.use_portal", "businesses.manage_members")
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a colleague may do, and where."""
    membership = _membership(request, pk)
    organization = membership.organization
    form = forms.MemberForm(
        request.POST or None, user=request.user, organization=organization, membership=membership
    )
    saved = edit.attempt(
        form,
        lambda: services.change_membership(
            membership=membership,
            role=form.cleaned_data["role"],
            sites=form.chosen_sites,
            actor=request.user,
        ),
    )
    if saved is not None:
        own = membership.user_id == request.user.pk
        told = _("Saved. It counts from now on.") if own else _("Saved. It counts from now on for %(name)s.")
        messages.success(request, told % {"name": membership.user.display_name})
        return redirect("portal:people")
    context = {"organization": organization, "membership": membership}
    return edit.page(request, "businesses/portal_person.html", form, context)


@requires("core.use_portal", "businesses.manage_members")
@require_http_methods(["GET", "POST"])
def person_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a colleague or oneself, after a question with the name. The last owner is told why not."""
    membership = _membership(request, pk)
    words = _leaving(membership) if membership.user_id == request.user.pk else _removing(membership)
    back = reverse("portal:people")

    def remove() -> tuple[str, str]:
        services.remove_membership(membership=membership, actor=request.user)
        return words["done"], back

    question = Question(
        question=words["question"],
        explain=words["explain"],
        confirm=words["confirm"],
        back=back,
        keep=_("Back to people"),
        danger=True,
        base="portal/base.html",
    )
    return ask(request, question, remove, refusal=may_stop_owning(membership))


def _removing(membership: Membership) -> dict[str, str]:
    names = {"name": membership.user.display_name, "organization": membership.organization.name}
    return {
        "question": _("Remove %(name)s?") % names,
        "explain": _("They can no longer see or do anything for %(organization)s. You can invite them again.")
        % names,
        "confirm": _("Remove"),
        "done": _("%(name)s was removed.") % names,
    }


def _leaving(membership: Membership) -> dict[str, str]:
    names = {"organization": membership.organization.name}
    return {
        "question": _("Leave %(organization)s?") % names,
        "explain": _("You can no longer see or do anything for it. Another owner can invite you again."),
        "confirm": _("Leave"),
        "done": _("You no longer act for %(organization)s.") % names,
    }


def _membership(request: HttpRequest, pk: int) -> Membership:
    found = get_object_or_404(
        visible(Membership, request.user).select_related("organization", "user").prefetch_related("sites"),
        pk=pk,
    )
    check(request, "businesses.manage_members", found.organization)
    return found


@requires("core.use_portal", "businesses.manage_members")
@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an unanswered invitation back."""
    found = get_object_or_404(visible(Invitation, request.user).select_related("organization"), pk=pk)
    check(request, "businesses.manage_members", found.organization)
    services.revoke_invitation(invitation=found, actor=request.user)
    messages.success(request, _("The invitation to %(email)s no longer works.") % {"email": found.email})
    return redirect("portal:people")


@requires("core.be_signed_in")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation. A link for someone else, altered or expired, leads nowhere."""
    found = services.invitation_for(token, request.user)
    if found is None:
        raise Http404
    if request.method == "POST":
        services.accept_invitation(invitation=found, user=request.user)
        messages.success(request, _("Welcome. You now act for %(name)s.") % {"name": found.organization.name})
        return redirect("portal:businesses")
    return render(request, "businesses/portal_invitation.html", {"invitation": found})
