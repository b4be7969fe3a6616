"""Every mail of this room, declared once, with a sample of what it says."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import words
from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.outbox import Mail, Wanted, declared, in_states
from core.mail.purposes import Category
from partnerships.vetting.choices import Outcomes, Step
from partnerships.vetting.letters import opening
from partnerships.vetting.models import Application

from .payloads import (
    About,
    ActionNeededMail,
    ActionReminderMail,
    AppealReceiptMail,
    ApprovalExpiringMail,
    ConditionLine,
    ConditionMail,
    DeclinedMail,
    DraftReminderMail,
    PromiseMail,
    ReceiptMail,
    WelcomeMail,
    WithdrawnMail,
)
from .words import task_words

WHY_APPLIED = _("You get this because you applied to become a partner.")
WHY_OWNER = _("You get this because your business is a partner.")
WHY_OFFICER = _("You get this because you work on this application.")


def _is_open(mail: OutgoingMail) -> bool:
    """The application is neither decided nor withdrawn."""
    return Application.objects.open().filter(pk=mail.subject_id or 0).exists()


OPEN = Wanted("vetting.application_open", _is_open)

# --- Samples

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
        opening=opening("Lakeside Bakery", Outcomes.APPROVED),
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
        opening=opening("Lakeside Bakery", Outcomes.DECLINED),
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


def _about(page: str) -> About:
    return About(
        organization="Lakeside Bakery",
        reference="A-00012",
        officer="Officer Dana Reyes",
        officer_phone="(312) 555-0142",
        call="",
        url=absolute(page),
    )


# --- The mails

RECEIPT = Mail(
    template="vetting/receipt",
    name=_("Application received"),
    trigger=_("An application, or the answers asked for, are sent in"),
    audience=_("Applicant"),
    category=Category.SERVICE,
    subject=_("Your application arrived"),
    sample=_receipt_sample,
    why=WHY_APPLIED,
    wanted=OPEN,
)
ACTION_NEEDED = Mail(
    template="vetting/action_needed",
    name=_("Something is needed"),
    trigger=_("An officer asks the applicant for something"),
    audience=_("Applicant"),
    category=Category.DECISION,
    subject=_("We need something from you"),
    sample=_action_sample,
    why=WHY_APPLIED,
    wanted=in_states(Application, "action_needed", named="vetting.action_wanted"),
    rule="vetting.action",
)
WELCOME = Mail(
    template="vetting/welcome",
    name=_("Welcome as a partner"),
    trigger=_("An application is approved"),
    audience=_("Applicant"),
    category=Category.DECISION,
    subject=_("Welcome as a partner"),
    sample=_welcome_sample,
    why=WHY_APPLIED,
    rule="vetting.decision",
)
DECLINED = Mail(
    template="vetting/declined",
    name=_("Application declined"),
    trigger=_("An application is declined"),
    audience=_("Applicant"),
    category=Category.DECISION,
    subject=_("About your application"),
    sample=_declined_sample,
    why=WHY_APPLIED,
    rule="vetting.decision",
)
WITHDRAWN = Mail(
    template="vetting/withdrawn",
    name=_("Application withdrawn for the owner"),
    trigger=_("An officer withdraws an application at the owner’s request"),
    audience=_("Applicant"),
    category=Category.DECISION,
    subject=_("Your application was withdrawn"),
    sample=_withdrawn_sample,
    why=WHY_APPLIED,
)
WITHDRAWN_BY_OWNER = Mail(
    template="vetting/withdrawn_by_owner",
    name=_("Application withdrawn by the owner"),
    trigger=_("The owner withdraws an application"),
    audience=_("Officers who work on it"),
    category=Category.SERVICE,
    subject=_("An application was withdrawn"),
    sample=_withdrawn_sample,
    why=WHY_OFFICER,
    rule="vetting.withdrawn",
)
SET_ASIDE = Mail(
    template="vetting/set_aside",
    name=_("Application set aside"),
    trigger=_(
        "Someone else applies for a business, and the claim of the first applicant was refused or taken back"
    ),
    audience=_("First applicant"),
    category=Category.DECISION,
    subject=_("Your application was set aside"),
    sample=_withdrawn_sample,
    why=WHY_APPLIED,
)
SET_ASIDE_FOR_OFFICER = Mail(
    template="vetting/set_aside_for_officer",
    name=_("Application set aside, for officers"),
    trigger=_(
        "Someone else applies for a business, and the claim of the first applicant was refused or taken back"
    ),
    audience=_("Officers who work on it"),
    category=Category.SERVICE,
    subject=_("An application was set aside"),
    sample=_withdrawn_sample,
    why=WHY_OFFICER,
    rule="vetting.withdrawn",
)
APPEAL_RECEIPT = Mail(
    template="vetting/appeal_receipt",
    name=_("Appeal received"),
    trigger=_("An appeal is sent in"),
    audience=_("Applicant"),
    category=Category.SERVICE,
    subject=_("Your appeal arrived"),
    sample=_appeal_sample,
    why=WHY_APPLIED,
    wanted=OPEN,
    rule="vetting.appeal",
)
DRAFT_REMINDER = Mail(
    template="vetting/draft_reminder",
    name=_("Application not sent"),
    trigger=_("A draft of an application was not changed for some days"),
    audience=_("The applicant"),
    category=Category.REMINDER,
    subject=_("Your application is not sent yet"),
    sample=lambda: DraftReminderMail(
        "Maria Santos", _about("/portal/applications/12/"), words.day(date(2026, 11, 16))
    ),
    why=WHY_APPLIED,
)
ACTION_REMINDER = Mail(
    template="vetting/action_reminder",
    name=_("Answer still needed"),
    trigger=_("The owner has not answered a request for changes"),
    audience=_("The applicant, else the owners; the lead officer, if nobody has an address"),
    category=Category.REMINDER,
    subject=_("We still need something from you"),
    sample=lambda: ActionReminderMail(
        "Maria Santos",
        _about("/portal/applications/12/answer/"),
        words.day(date(2026, 11, 16)),
        ["A phone number we can reach you at", "What you can offer to the community"],
        "We could not reach you at the number you gave.",
    ),
    why=WHY_APPLIED,
)
PROMISE = Mail(
    template="vetting/promise",
    name=_("Application near or past its promised day"),
    trigger=_("The promised day of an application comes near, or has passed"),
    audience=_("Whoever at the desk has to take the next step"),
    category=Category.REMINDER,
    subject="Overdue: Lakeside Bakery",
    sample=lambda: PromiseMail(
        "Sergeant Ada Okafor",
        _about("/desk/applications/12/"),
        words.day(date(2026, 11, 20)),
        True,
        task_words(Step.DECIDE),
    ),
    why=WHY_OFFICER,
    duty=True,
)
APPROVAL_EXPIRING = Mail(
    template="vetting/approval_expiring",
    name=_("Partnership about to end"),
    trigger=_("An approval is about to run out"),
    audience=_("The owners, else the applicant; the lead officer, if nobody has an address"),
    category=Category.REMINDER,
    subject="Partner until January 22, 2027: please get in touch",
    sample=lambda: ApprovalExpiringMail("Maria Santos", _about("/portal/"), words.day(date(2027, 1, 22))),
    why=WHY_OWNER,
)
CONDITION_DUE = Mail(
    template="vetting/condition_due",
    name=_("Condition falls due"),
    trigger=_("A condition of an approval falls due"),
    audience=_("The owners, else the applicant; the lead officer, if nobody has an address"),
    category=Category.REMINDER,
    subject="Due on December 1, 2026: a condition of your approval",
    sample=lambda: ConditionMail(
        "Maria Santos",
        _about("/portal/applications/12/"),
        "Put a light over the back door",
        words.day(date(2026, 12, 1)),
    ),
    why=WHY_OWNER,
)
CONDITION_OVERDUE = Mail(
    template="vetting/condition_overdue",
    name=_("Condition overdue"),
    trigger=_("A condition of an approval was not noted as met by its day"),
    audience=_("The lead officer, else supervisors of the area"),
    category=Category.REMINDER,
    subject="A condition is overdue: Lakeside Bakery",
    sample=lambda: ConditionMail(
        "Officer Jo Nair",
        _about("/desk/applications/12/"),
        "Put a light over the back door",
        words.day(date(2026, 12, 1)),
    ),
    why=WHY_OFFICER,
    duty=True,
)
MAILS = declared(vars())
