"""Gate 8: hostile names in every field of every mail add no header, no live tag and no foreign link.

The HTML is read by Chromium's own parser, as a document without scripts. A mail may hold the elements and
attributes of its clean sample, and those of a paragraph more; the links are the sample's, one by one.
"""

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from email import message_from_bytes, policy
from itertools import cycle

import pytest

from core.mail.models import MailWording, OutgoingMail
from core.mail.outbox import catalog, compose
from core.mail.outbox.relay import build
from core.mail.purposes import Category
from core.models import Department
from tests.gates import scale
from tests.gates.payloads import payloads

pytestmark = [pytest.mark.gate(8), pytest.mark.xdist_group("hostile-mail")]

COUNT = 500
KINDS = catalog()
DEPARTMENT = Department(
    pk=1, name="Riverton Police", email="partners@riverton.example", postal_address="1 Elm"
)
OWN = (
    "Ana\r\nBcc: everyone@evil.example",
    "Ana\nSubject: Won\n\n<b>body</b>",
    "Ana\rX-Evil: 1",
    "Ana\x0bX-Evil: 1\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: a@evil.example",
    "=?utf-8?q?Ana=0D=0ABcc:_everyone@evil.example?=",
    "=?utf-8?b?QW5hDQpCY2M6IGFAZXZpbC5leGFtcGxl?=",
    'Ana" <everyone@evil.example>, "',
    "Ana <a@evil.example>, Ben <b@evil.example>",
    "\u202eanA\u202c \u2066x\u2069 \u200f\u200e",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 🦊 \U0001f1e8\U0001f1ed" * 20,
    "W" * 10_000,
    "Wide word " * 1000,
    "<b>" * 3333,
    "\x00\x01\x7f\ud800\udfff",
    "{{ department.name }}{% include 'emails/base.html' %}{{ 7|add:42 }}",
    "{% autoescape off %}<script>1</script>{% endautoescape %}",
    "[click](https://evil.example/) https://evil.example/x www.evil.example",
    "<a href='https://evil.example/'>Your bank</a>",
    "<img src=x onerror=alert(1)>",
    "--\nYou get this because\nRiverton Police",
    "</style><script>1</script>",
    "</td></tr></table><form action=https://evil.example><input name=p>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "%(name)s %s {0} {name}",
    "",
    " ",
    "'\"`<>&;",
)
# What the browser makes of a page: elements with the names of their attributes, and every address in one.
READ = """pages => pages.map(page => {
  const made = new DOMParser().parseFromString(page, "text/html");
  const elements = new Set(), links = [];
  for (const one of made.querySelectorAll("*")) {
    elements.add([one.tagName.toLowerCase(), ...one.getAttributeNames().sort()].join(" "));
    for (const name of ["href", "src", "action", "background", "formaction", "srcset", "data"])
      if (one.hasAttribute(name)) links.push(one.getAttribute(name));
  }
  const styles = [...made.querySelectorAll("style")].map(one => one.textContent).join();
  const comments = document.createNodeIterator.call(made, made, NodeFilter.SHOW_COMMENT).nextNode() !== null;
  return {elements: [...elements], links, styles, comments};
})"""
OF_A_PARAGRAPH = {"p", "p style", "br"}


def hostile_names():
    """As many as the gate asks for: ours first, then the script payloads."""
    count = scale(COUNT)
    scripts = [each.replace("\0", "zq") for each in payloads(COUNT)]
    both = [f"{name[:80]}{script}" for name, script in zip(cycle(OWN), scripts, strict=False)]
    made = [*OWN, *scripts, *both][:count]
    assert len(made) == count
    return made


def filled(value, name, field=""):
    """A payload with the name in every text that is not an address of ours."""
    if isinstance(value, str):
        return value if field == "url" or field.endswith("_url") else name
    if isinstance(value, list | tuple):
        return [filled(each, name, field) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: filled(getattr(value, each.name), name, each.name) for each in fields(value)}
        )
    return value


def written(kind, name=None):
    """A mail of a kind as it would be queued; with the name in the payload, subject, words and recipient."""
    hostile = name is not None
    said = name if hostile else "Words"
    rendered = compose.render(
        template=kind.template,
        subject=f"Hello {name}" if hostile else kind.subject,
        why=f"{kind.why} {name}" if hostile else kind.why,
        payload=filled(kind.sample(), name) if hostile else kind.sample(),
        category=kind.category,
        department=DEPARTMENT,
        words=MailWording(before=said, after=said),
    )
    return OutgoingMail(
        message_id="<1@riverton.example>",
        category=kind.category,
        to="ana@people.example",
        recipient_name=compose.one_line(name if hostile else "Ana", 200),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        why=rendered.why,
    )


def sent(mail):
    """What a relay and a reader get: the message parsed back from its bytes."""
    return message_from_bytes(build(mail, DEPARTMENT).message().as_bytes(), policy=policy.default)


def faults_of_headers(message, clean):
    """Headers more or fewer than the clean one has, other recipients, a subject of two lines or too long."""
    found = []
    if Counter(key.lower() for key in message) != Counter(key.lower() for key in clean):
        found.append(f"headers {sorted(set(message) ^ set(clean))}")
    if [each.addr_spec for each in message["To"].addresses] != ["ana@people.example"]:
        found.append(f"to {message['To']}")
    subject = str(message["Subject"]).lstrip()  # a long word stands on a line of its own, one space in
    if len(subject) >= 60 or len(subject.splitlines()) != 1:
        found.append(f"subject {subject!r}")
    return found


def faults_of_page(read, clean):
    """Elements, attributes, links, styles and comments that the clean page has not."""
    found = sorted(set(read["elements"]) - set(clean["elements"]) - OF_A_PARAGRAPH)
    foreign = Counter(read["links"]) - Counter(clean["links"])
    found += [f"link {each}" for each in foreign]
    if read["styles"] != clean["styles"]:
        found.append("styles")
    if read["comments"]:
        found.append("a comment")
    return found


@pytest.fixture(scope="module")
def read(browser):
    """Have pages parsed by the browser: `read([html, …])`."""
    page = browser.new_page(java_script_enabled=True)
    yield lambda pages: page.evaluate(READ, pages)
    page.close()


def faults(kind, names, read):
    """What is wrong with a kind of mail, by name."""
    clean = written(kind)
    clean_message = sent(clean)
    found, pages = [], [clean.html]
    for name in names:
        mail = written(kind, name)
        pages.append(mail.html)
        found += [f"{name[:60]!r}: {fault}" for fault in faults_of_headers(sent(mail), clean_message)]
    first, *others = (each for start in range(0, len(pages), 50) for each in read(pages[start : start + 50]))
    for name, page in zip(names, others, strict=True):
        found += [f"{name[:60]!r}: {fault}" for fault in faults_of_page(page, first)]
    return found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_hostile_name_stays_a_name(kind, read):
    assert faults(kind, hostile_names(), read) == []


@pytest.mark.parametrize("template", ["mail/digest", "events/moved", "vetting/declined"])
def test_without_escaping_the_same_names_live(template, read, monkeypatch):
    fill = compose._fill
    monkeypatch.setattr(
        compose, "_fill", lambda name, values, *, autoescape: fill(name, values, autoescape=False)
    )
    found = "\n".join(faults(KINDS[template], hostile_names(), read))
    for sign in ("script", "img onerror src", "link https://evil.example", "form action"):
        assert sign in found


def test_a_header_added_on_purpose_is_found():
    kind = KINDS["mail/test"]
    clean = sent(written(kind))
    message = sent(written(kind))
    message["Bcc"] = "everyone@evil.example"
    assert faults_of_headers(message, clean) == ["headers ['Bcc']"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_link_that_leads_away_is_refused_in_every_mail(kind):
    sample = kind.sample()
    names = [each.name for each in fields(sample) if each.name == "url" or each.name.endswith("_url")]
    for name in names:
        for url in ("javascript:alert(1)", "https://evil.example/", "\tjavascript:1", "//evil.example/"):
            with pytest.raises(compose.ForeignLinkError):
                compose.payload_values(replace(sample, **{name: url}))


def test_names_of_every_family_are_tried():
    names = hostile_names()
    assert len(set(names)) > len(names) * 0.9
    for sign in ("\r\n", "<script", "onerror", "javascript:", "\u202e", "🦊", "{{", "evil.example"):
        assert any(sign in name for name in names), sign
    assert max(map(len, names)) == 10_000
    assert {kind.category for kind in KINDS.values()} > {Category.SECURITY, Category.REMINDER}
