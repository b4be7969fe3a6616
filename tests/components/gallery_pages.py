"""The component gallery: the pages of the design's pictures, built of our components only."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import django_filters
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils import timezone

from core.access import public
from core.pages.columns import Column
from core.pages.components import DateInput, DateTimeInput, Segment, TimelineEntry, WizardStep
from core.pages.lists import ListPage
from core.pages.navigation import NavItem, fitted

HERE = Path(__file__).parent / "gallery"


class SampleForm(forms.Form):
    name = forms.CharField(label="Name of the business", max_length=80, help_text="As on your license.")
    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    phone = forms.CharField(
        label="Phone",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    about = forms.CharField(
        label="What can you offer?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A room, a skill, some hours.",
    )
    industry = forms.ChoiceField(label="Industry", choices=[("", "Choose one"), ("44", "Hardware stores")])
    track = forms.ChoiceField(
        label="How shall we meet?",
        widget=forms.RadioSelect,
        choices=[("visit", "A visit"), ("call", "A call")],
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("theft", "Theft"), ("light", "Lighting")],
    )
    opened = forms.DateField(label="Opened on", required=False, widget=DateInput)
    meeting = forms.DateTimeField(label="Best time", required=False, widget=DateTimeInput)
    letter = forms.FileField(label="Letter", required=False, help_text="PDF, at most 10 MB.")
    agree = forms.BooleanField(label="What I say here is true")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "name",
            Row("email", "phone"),
            "about",
            "industry",
            "track",
            Fieldset("More", "topics", Row("opened", "meeting"), "letter"),
            "agree",
        )
        self.helper.add_input(Submit("save", "Save and continue"))


class ScoreForm(forms.Form):
    score = forms.TypedChoiceField(
        label="Score",
        widget=forms.RadioSelect,
        required=False,
        choices=[(0, "none"), (1, "doubtful"), (2, "sound"), (3, "strong"), (4, "exemplary")],
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Why this score? What did you see or read?"}),
    )


class SampleFilter(django_filters.FilterSet):
    """Permissions stand in for businesses: Django's own rows, whatever our models look like."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Search")
    content_type = django_filters.ModelChoiceFilter(
        queryset=ContentType.objects.all(), label="Standing", empty_label="Any standing"
    )
    seen = django_filters.BooleanFilter(
        field_name="content_type", lookup_expr="isnull", exclude=True, label="Seen this year"
    )
    kind = django_filters.MultipleChoiceFilter(
        field_name="codename",
        lookup_expr="startswith",
        label="Kind",
        choices=[("add", "Add"), ("change", "Change")],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Permission
        fields = ["content_type"]


COLUMNS = (
    Column(
        "name", "Business", sort="name", link=lambda p: f"/desk/businesses/{p.pk}/", sub=lambda p: p.codename
    ),
    Column(
        "content_type.model",
        "Standing",
        sort="content_type__model",
        tag=lambda p: (p.content_type.model, "good"),
    ),
    Column("content_type.app_label", "Beat", hide_on_phone=True),
    Column("pk", "Visits", sort="pk", numeric=True),
    Column("joined", "Joined", value=lambda p: timezone.now()),
)


def sample_list(request: HttpRequest, **changes) -> ListPage:
    options = {
        "columns": COLUMNS,
        "filterset_class": SampleFilter,
        "default_sort": "name",
        "noun": ("business", "businesses"),
        "empty_title": "No businesses yet",
        "empty_text": "Import a license file or add the first one.",
        "empty_url": "/desk/",
        "empty_action": "Add a business",
    }
    return ListPage(request, Permission.objects.select_related("content_type"), **{**options, **changes})


# What more rooms would add to the desk's bar: then it is seven, and three of them share an item.
MORE = (("", "Agreements"), ("Our work", "Programs"))


def _navigation(audience: str, *, more: bool = False) -> SimpleNamespace:
    items = {
        "public": ["Partners", "Events", "Become a partner"],
        "portal": ["Home", "Events", "People"],
        "desk": ["Today", "Businesses", "Applications", "Events", "Mail"],
    }
    bars = {
        key: [NavItem(label, f"/{key}/{label}/", n == 0) for n, label in enumerate(labels)]
        for key, labels in items.items()
    }
    if more:
        groups = [("Our work" if item.label == "Events" else "", item) for item in bars["desk"]]
        groups += [(group, NavItem(label, f"/desk/{label}/")) for group, label in MORE]
        bars["desk"] = fitted(groups)
    person, post = {
        "public": ("", ""),
        "portal": ("Maria Santos", ""),
        "desk": ("Officer Reyes", "District 4"),
    }[audience]
    return SimpleNamespace(
        **bars, person=person, post=post, home_url="" if audience == "public" else f"/{audience}/"
    )


def _context(name: str, request: HttpRequest) -> dict:
    now = timezone.now()
    audience = {
        "home": "public",
        "status": "portal",
        "form": "portal",
        "form-errors": "portal",
        "sampler": "portal",
    }.get(name, "desk")
    user = SimpleNamespace(
        is_authenticated=audience != "public", role="officer" if audience == "desk" else "member"
    )
    dates = {
        "late": now.date() - timedelta(days=4),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "later": now.date() + timedelta(days=5),
    }
    criteria = []
    for n, title in enumerate(
        ["Reputation and credibility", "Commitment to community", "Alignment of values"]
    ):
        form = ScoreForm(
            initial={
                "score": 3 if n == 0 else None,
                "reason": "License active since 1987." if n == 0 else "",
            },
            prefix=f"c{n}",
        )
        criteria.append(
            {
                "title": title,
                "quote": "“We have been on this corner since 1987.”",
                "score": form["score"],
                "reason": form["reason"],
            }
        )
    return {
        **dates,
        "now_at": now,
        "later_at": now + timedelta(hours=2),
        "navigation": _navigation(audience, more=name == "list"),
        "user": user,
        "demo": name == "status",
        "segments": [
            Segment("Mine", "#m", True),
            Segment("District 4", "#d"),
            Segment("All", "#a", count=11),
        ],
        "story_segments": [
            Segment(label, "#", label == "All") for label in ("All", "Visits", "Vetting", "Events", "Mail")
        ],
        "story": [
            TimelineEntry(
                "Visit",
                dates["late"],
                "· reached the manager. Lighting at the loading dock is fixed.",
                "Reyes · follow-up: refresher, due Dec 1",
                "info",
                "#v",
            ),
            TimelineEntry("Two Safety Ambassadors certified", dates["late"], "", "valid to Oct 2028", "good"),
            TimelineEntry(
                "Came to the robbery prevention workshop", dates["late"], ", 3 people", "rated it 4.7"
            ),
        ],
        "stages": [
            TimelineEntry("You applied", dates["late"], state="done"),
            TimelineEntry("An officer visited", dates["late"], state="done"),
            TimelineEntry("In review", detail="We promised an answer by Dec 3", state="current"),
            TimelineEntry("Decision", detail="by a supervisor, by mail", state="todo"),
        ],
        "steps": [
            WizardStep("Account", "done", "#1"),
            WizardStep("Your business", "current"),
            WizardStep("Criteria", "todo"),
            WizardStep("Declaration", "todo"),
        ],
        "officer": SimpleNamespace(
            display_name="Officer Dana Reyes",
            shift="Tue–Sat, 8 a.m.–4 p.m.",
            languages_spoken="English, Spanish",
            phone="555-0142",
        ),
        "criteria": criteria,
        "form": SampleForm({"name": "", "email": "not-an-email", "about": "x" * 501})
        if name == "form-errors"
        else SampleForm(),
    }


@public
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the gallery."""
    context = _context(name, request)
    if name == "list":
        context["list"] = sample_list(request)
    if name in {"403", "404", "409", "429", "500", "503", "pause"}:
        return render(
            request,
            f"errors/{name}.html",
            {
                "request_id": "4f1d2c",
                "reason": "Viewers can’t decide.",
                "navigation": _navigation("public"),
                "method": "post",
                "wait": 600,
                "typed": [("email", "ana@people.example")],
                "secrets": ["password"],
            },
        )
    if name == "confirm":
        confirm = {
            "base": "portal/base.html",
            "question": "Cancel the registration of Maria Santos?",
            "explain": "The place goes to the next person.",
            "confirm": "Cancel registration",
            "back_url": "/",
            "danger": True,
        }
        return render(request, "components/confirm.html", {**context, "form": None, **confirm})
    source = HERE / f"{name.removesuffix('-errors')}.html"
    if not source.exists():
        raise Http404
    return HttpResponse(engines["django"].from_string(source.read_text()).render(context, request))
