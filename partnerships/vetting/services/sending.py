"""The owner's own moves: declare, send, withdraw, appeal."""

from django.db import transaction

from core import audit, clock, edits
from core.access import Actor, check
from core.mail import consents
from core.mail.purposes import How
from partnerships.businesses.services import take_turn
from partnerships.vetting.models import Application
from partnerships.vetting.workflow import APPLICATION

from .drafting import editable


@transaction.atomic
def declare(
    *,
    application: Application,
    actor: Actor,
    true: bool,
    no_effect_on_response: bool,
    records_may_be_public: bool,
    confirmed_name: str = "",
) -> Application:
    """Keep the three statements of the declaration.

    Args:
        application: a draft.
        actor: the owner, or the officer on whose phone the owner confirms.
        true: "what I wrote is true".
        no_effect_on_response: "being a partner never changes how police respond".
        records_may_be_public: "records may be public".
        confirmed_name: the owner's name as they typed it, for an assisted application.

    Raises:
        Refused: someone else's, sent already, or a name that can't be read.
    """
    row = editable(application, actor, [])
    row.declared_true, row.declared_response = true, no_effect_on_response
    row.declared_records = records_may_be_public
    row.declared_at = clock.now() if true and no_effect_on_response and records_may_be_public else None
    typed = edits.typed(Application, {"confirmed_name": confirmed_name})
    row.confirmed_name = typed["confirmed_name"][:150]
    row.stamp(actor)
    row.save()
    audit.record("vetting.application_declared", row, actor=actor)
    return row


@transaction.atomic
def submit_application(*, application: Application, actor: Actor) -> Application:
    """Send an application, or the answers to a request for changes.

    What someone sent before whose claim was refused or taken back stands in nobody's way: it is set aside.

    An application that comes back to reviewers who are named and free of conflict goes on in review at once.

    Raises:
        StaleMove: it was sent or withdrawn already.
        Refused: something is missing; the sentence says what.
    """
    # Of two people who send at once for one organization the second finds the first one's.
    take_turn(application.organization_id)
    others = Application.objects.sent().of_ended_claims().filter(organization=application.organization_id)
    for each in others.exclude(pk=application.pk).order_by("pk"):
        APPLICATION.move(each, "set_aside", actor=None)
    row = APPLICATION.move(application, "submit", actor=actor)
    # An assisted one is typed by an officer, who tells the owner what mail comes of it.
    consents.told(
        address=row.mail_address,
        how=How.DESK if row.is_assisted else How.FORM,
        wording=consents.REMINDERS_TOLD if row.is_assisted else consents.REMINDERS_SAID,
        source=f"application-{row.pk}",
        by=actor,
    )
    return continue_review(row)


def continue_review(application: Application) -> Application:
    """Start the review by the system where nothing is in its way."""
    if APPLICATION.refusal(application, "start_review", None) is None:
        return APPLICATION.move(application, "start_review", actor=None)
    return application


@transaction.atomic
def withdraw_application(*, application: Application, actor: Actor) -> Application:
    """The owner, or an officer at the owner's request, takes it back. The other side gets a mail.

    Raises:
        StaleMove: it was decided or withdrawn already.
        Refused: not the owner and not at the desk.
    """
    check(actor, "vetting.reach_application", application)
    take_turn(application.organization_id)
    return APPLICATION.move(application, "withdraw", actor=actor)


@transaction.atomic
def appeal_decision(*, application: Application, actor: Actor, text: str) -> Application:
    """Ask for another look by other people, once, within 30 days.

    Raises:
        StaleMove: it is not declined.
        Refused: too late, a second time, without words, or not the owner.
    """
    check(actor, "vetting.reach_application", application)
    take_turn(application.organization_id)
    return APPLICATION.move(application, "appeal", actor=actor, text=text)
