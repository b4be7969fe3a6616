"""The tags that pages are built of. docs/interface.md shows each with an example."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import words
from core.links import web_address
from core.pages import marks

register = template.Library()

for mark in (
    marks.tag,
    marks.icon,
    marks.day,
    marks.clock,
    marks.moment,
    marks.span,
    marks.ago,
    marks.due,
    marks.date_block,
):
    register.simple_tag(mark)

# The same as plain text: for sentences, attributes and mails.
for said in (
    words.day,
    words.weekday,
    words.month,
    words.clock,
    words.moment,
    words.number,
    words.spelled,
):
    register.filter(said)


# --- Navigation and addresses


@register.simple_tag
def optional_url(name: str, *args: object) -> str:
    """The address of a view, or "" where the view does not exist (a room that is switched off)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _address(target: object) -> str:
    text = str(target)
    if "/" in text or text.startswith("?"):
        return text
    return optional_url(text)


@register.simple_tag
def website(address: str) -> SafeString | str:
    """A link to a website that people gave us; only its text where it is no web address."""
    if not web_address(address):
        return address
    return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', address)


@register.simple_tag
def breadcrumbs(*parts: object) -> SafeString:
    """The way to this page: label, address, label, address, …, label of this page.

    An address is a path or a URL name that takes no arguments.
    """
    links = [(parts[i], _address(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]
    items = format_html_join("", '<li><a href="{1}">{0}</a></li>', links)
    here = format_html('<li aria-current="page">{}</li>', parts[-1]) if len(parts) % 2 else ""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}{}</ol></nav>', _("Breadcrumbs"), items, here
    )


@register.simple_tag
def department_css() -> str:
    """The address of the style sheet with the department's own accent color."""
    return optional_url("department_css") or optional_url("public:department_css")


# --- Buttons

BUTTONS = {
    "main": "usa-button",
    "outline": "usa-button usa-button--outline",
    "danger": "usa-button usa-button--secondary",
    "accent": "usa-button button--accent",
    "plain": "link-button",
}


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    url: str,
    label: str,
    style: str = "main",
    name: str = "",
    value: str = "",
) -> SafeString:
    """A form with one button, for a write that needs no more than a click.

    Args:
        url: where the POST goes.
        label: the words on the button.
        style: `main`, `outline`, `danger`, `accent` or `plain`.
        name: optional name of a value that is posted along.
        value: that value.
    """
    extra = format_html(' name="{}" value="{}"', name, value) if name else ""
    token = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context.get("csrf_token", "")
    )
    return format_html(
        '<form class="post-button" method="post" action="{}">{}'
        '<button type="submit" class="{}"{}>{}</button></form>',
        url, token, BUTTONS.get(style, BUTTONS["main"]), extra, label,
    )  # fmt: skip


@register.simple_tag
def refused(refusal: Any, label: str) -> SafeString:
    """A step that can't be taken now: its button, disabled, and the reason beside it."""
    return format_html(
        '<span class="refused"><button type="button" class="usa-button" disabled>{}</button>'
        '<span class="refused__why">{}</span></span>',
        label, getattr(refusal, "sentence", refusal),
    )  # fmt: skip


# --- Blocks


@register.simple_block_tag
def wrap(content: str, element: str = "", css: str = "", suffix: str = "") -> str:
    """The content in an element, or nothing at all where the content is blank."""
    body = content.strip()
    if not body:
        return ""
    inner = _safe(body)
    if element:
        return format_html('<{0} class="{1}">{2}</{0}>{3}', element, css, inner, suffix)
    return format_html("{}{}", inner, suffix)


def _safe(content: str) -> SafeString:
    """What the template engine rendered inside a block tag; it has been escaped there."""
    return SafeString(content)


@register.simple_block_tag
def card(
    content: str,
    title: object = "",
    link: str = "",
    link_text: object = "",
    tone: str = "",
    level: int = 2,
    id: str = "",  # noqa: A002 - named as in HTML
    flush: bool = False,
) -> SafeString:
    """A white card with an optional heading and a link at its right."""
    classes = ["card"]
    if tone:
        classes.append(f"card--{marks.known_tone(tone)}")
    if flush:
        classes.append("card--flush")
    anchor = format_html(' id="{}"', id) if id else ""
    more = format_html('<a class="card__more" href="{}">{}{}</a>', link, link_text, _arrow()) if link else ""
    head = (
        format_html(
            '<div class="card__head"><h{0} class="card__title">{1}</h{0}>{2}</div>', int(level), title, more
        )
        if title
        else ""
    )
    element = "section" if title else "div"
    return format_html(
        '<{0} class="{1}"{2}>{3}<div class="card__body">{4}</div></{0}>',
        element, " ".join(classes), anchor, head, _safe(content),
    )  # fmt: skip


def _arrow() -> SafeString:
    return SafeString(' <span aria-hidden="true">→</span>')


@register.simple_block_tag
def alert(content: str, tone: str = "info", lead: object = "") -> SafeString:
    """A bar across the page: what to know, or "Next:" and the next step."""
    strong = format_html("<strong>{}</strong> ", lead) if lead else ""
    return format_html(
        '<div class="alert alert--{}"><div class="alert__body">{}{}</div></div>',
        marks.known_tone(tone),
        strong,
        _safe(content),
    )


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """A row of figures; put `{% tile %}`s in it."""
    return format_html('<ul class="tiles">{}</ul>', _safe(content))


@register.simple_tag
def tile(figure: object, label: object, tone: str = "neutral", url: str = "") -> SafeString:
    """One figure with the words that say what it counts."""
    shown = words.number(figure) if isinstance(figure, int | float) else figure
    body = format_html(
        '<span class="tile__figure">{}</span> <span class="tile__words">{}</span>', shown, label
    )
    if url:
        body = format_html('<a class="tile__body" href="{}">{}</a>', url, body)
    else:
        body = format_html('<span class="tile__body">{}</span>', body)
    return format_html('<li class="tile tile--{}">{}</li>', marks.known_tone(tone), body)


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A definition list ("At a glance"); put `{% fact %}`s in it."""
    return format_html('<dl class="facts">{}</dl>', _safe(content))


@register.simple_block_tag
def fact(content: str, label: object, sub: object = "") -> SafeString:
    """One line of `{% facts %}`: label, value, and a quiet second line."""
    body = content.strip() or "–"
    below = format_html('<span class="facts__sub">{}</span>', sub) if sub else ""
    return format_html('<div class="facts__row"><dt>{}</dt><dd>{}{}</dd></div>', label, _safe(body), below)


@register.simple_block_tag
def rows(content: str) -> SafeString:
    """A quiet list with lines between; put `{% row %}`s in it."""
    return format_html('<ul class="rows">{}</ul>', _safe(content))


@register.simple_block_tag
def row(
    content: str,
    title: object,
    url: str = "",
    sub: object = "",
    date: marks.Day | None = None,
    date_style: str = "",
) -> SafeString:
    """One entry of `{% rows %}`: an optional date block, the title, a quiet line, and what else there is."""
    block = marks.date_block(date, date_style) if date else ""
    name = (
        format_html('<a class="strong-link" href="{}">{}</a>', url, title)
        if url
        else format_html("{}", title)
    )
    below = format_html('<span class="rows__sub">{}</span>', sub) if sub else ""
    more = format_html('<div class="rows__more">{}</div>', _safe(content)) if content.strip() else ""
    return format_html(
        '<li class="rows__item{}">{}'
        '<div class="rows__words"><span class="rows__title">{}</span>{}{}</div></li>',
        " rows__item--dated" if date else "", block, name, below, more,
    )  # fmt: skip


@register.filter
def tail(text: object) -> str:
    """Words that go on behind others: after a space, unless they begin with a comma or the like."""
    said = format_html("{}", text or "")
    if not said or said[0] in ",.;:!?":
        return said
    return format_html(" {}", said)


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    """`mapping[key]`, or "" when it is missing."""
    return mapping.get(key, "")


@register.simple_tag
def steps_position(steps: list[Any]) -> dict[str, object]:
    """Where a step indicator stands: number and label of the current step, and how many there are."""

    def of(step: Any, key: str) -> Any:
        return step.get(key) if isinstance(step, Mapping) else getattr(step, key)

    states = [of(step, "state") for step in steps]
    index = states.index("current") if "current" in states else max(len(steps) - 1, 0)
    label = of(steps[index], "label") if steps else ""
    return {"number": index + 1, "total": len(steps), "label": label}
