"""Every mail of this room that a step of an application causes, with a sample of what it says."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.links import absolute
from core.mail.outbox import Mail, Wanted
from core.mail.purposes import Category

from . import mail_checks
from .emails import (
    WHY_APPLIED,
    WHY_OFFICER,
    ActionNeededMail,
    AppealReceiptMail,
    ConditionLine,
    DeclinedMail,
    ReceiptMail,
    WelcomeMail,
    WithdrawnMail,
)

_LETTER = (
    "Thank you for the time you gave us.\n\n"
    "We liked how your staff look out for each other, and for the block around you."
)


def _sample_url() -> str:
    return absolute(reverse("portal:application_status", args=[7]))


def _receipt_sample() -> ReceiptMail:
    return ReceiptMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        reference="A-00147",
        promised_on=date(2026, 12, 15),
        again=False,
        url=_sample_url(),
    )


def _action_sample() -> ActionNeededMail:
    return ActionNeededMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        message="The phone number you gave is not in service.\nWhich one can we use?",
        asked_for=["A phone number we can reach you at", "Your business license"],
        url=_sample_url(),
    )


def _welcome_sample() -> WelcomeMail:
    return WelcomeMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        letter=_LETTER,
        conditions=[ConditionLine(text="Show the new license at the next visit", due_on=date(2027, 2, 1))],
        valid_until=date(2028, 11, 24),
        officer="Officer Dana Reyes",
        officer_phone="555-0142",
        url=absolute(reverse("portal:home")),
    )


def _declined_sample() -> DeclinedMail:
    return DeclinedMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        letter="We could not find a license for this address.\n\nPlease bring it when you apply again.",
        reasons=["One or more of the published criteria are not met yet"],
        appeal_until=date(2026, 12, 24),
        url=_sample_url(),
    )


def _withdrawn_sample() -> WithdrawnMail:
    return WithdrawnMail(
        name="Maria Santos", organization="Lakeside Bakery", reference="A-00147", url=_sample_url()
    )


def _appeal_sample() -> AppealReceiptMail:
    return AppealReceiptMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        promised_on=date(2027, 1, 15),
        url=_sample_url(),
    )


OPEN = Wanted("vetting.application_open", mail_checks.application_open)
MAILS: list[Mail] = [
    Mail(
        template="vetting/receipt",
        name=_("Application received"),
        trigger=_("An application, or the answers asked for, are sent in"),
        audience=_("Applicant"),
        category=Category.SERVICE,
        subject="Your application arrived",
        sample=_receipt_sample,
        wanted=OPEN,
        why=WHY_APPLIED,
    ),
    Mail(
        template="vetting/action_needed",
        name=_("Something is needed"),
        trigger=_("An officer asks the applicant for something"),
        audience=_("Applicant"),
        category=Category.DECISION,
        subject="We need something from you",
        sample=_action_sample,
        wanted=Wanted("vetting.action_wanted", mail_checks.action_wanted),
        why=WHY_APPLIED,
    ),
    Mail(
        template="vetting/welcome",
        name=_("Welcome as a partner"),
        trigger=_("An application is approved"),
        audience=_("Applicant"),
        category=Category.DECISION,
        subject="Welcome as a partner",
        sample=_welcome_sample,
        why=WHY_APPLIED,
    ),
    Mail(
        template="vetting/declined",
        name=_("Application declined"),
        trigger=_("An application is declined"),
        audience=_("Applicant"),
        category=Category.DECISION,
        subject="About your application",
        sample=_declined_sample,
        why=WHY_APPLIED,
    ),
    Mail(
        template="vetting/withdrawn",
        name=_("Application withdrawn for the owner"),
        trigger=_("An officer withdraws an application at the owner’s request"),
        audience=_("Applicant"),
        category=Category.DECISION,
        subject="Your application was withdrawn",
        sample=_withdrawn_sample,
        why=WHY_APPLIED,
    ),
    Mail(
        template="vetting/withdrawn_by_owner",
        name=_("Application withdrawn by the owner"),
        trigger=_("The owner withdraws an application"),
        audience=_("Officers who work on it"),
        category=Category.SERVICE,
        subject="An application was withdrawn",
        sample=_withdrawn_sample,
        why=WHY_OFFICER,
    ),
    Mail(
        template="vetting/appeal_receipt",
        name=_("Appeal received"),
        trigger=_("An appeal is sent in"),
        audience=_("Applicant"),
        category=Category.SERVICE,
        subject="Your appeal arrived",
        sample=_appeal_sample,
        wanted=OPEN,
        why=WHY_APPLIED,
    ),
]
