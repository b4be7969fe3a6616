"""The crispy pack "uswds": what a form looks like to a browser and to assistive technology."""

import re

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from pytest_django.asserts import assertHTMLEqual

from core.templatetags.uswds import widget
from tests.components.gallery_pages import SampleForm


def crispy(form) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


def tag_with(html: str, element: str, **attributes: str) -> str:
    """The first start tag of `element` that has these attributes."""
    for found in re.findall(rf"<{element}\b[^>]*>", html):
        if all(f'{name}="{value}"' in found for name, value in attributes.items()):
            return found
    raise AssertionError(f"no <{element} {attributes}>")


@pytest.fixture
def broken() -> str:
    return render_crispy_form(SampleForm({"email": "not-an-email", "about": "fine"}))


def test_every_input_has_a_label_of_its_own():
    html = render_crispy_form(SampleForm())
    ids = re.findall(r'<(?:input|select|textarea)\b[^>]*\bid="([^"]+)"', html)
    shown = [one for one in ids if one not in ("id_secret", "submit-id-save")]
    assert shown
    assert [one for one in shown if f'for="{one}"' not in html] == []


def test_hint_and_error_are_announced_with_the_field(broken):
    field = tag_with(broken, "input", name="name")
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="id_name_helptext"' in broken
    assert 'id="id_name_error"' in broken


def test_field_without_error_is_not_called_invalid(broken):
    assert "aria-invalid" not in tag_with(broken, "textarea", name="about")


def test_group_of_radios_is_a_fieldset_with_a_legend(broken):
    group = broken[broken.index('id="div_id_track"') : broken.index('id="id_track_1"')]
    assert 'aria-describedby="id_track_error"' in group
    assert "<legend" in group
    assert 'type="radio"' in group


def test_summary_names_each_error_and_links_to_its_field(broken):
    summary = broken[broken.index("error-summary") : broken.index("</ul>")]
    links = re.findall(r'href="#([^"]+)"', summary)
    assert links == ["id_name", "id_email", "id_industry", "id_track_0", "id_agree"]
    assert "5 things to correct" in summary
    assert [one for one in links if f'id="{one}"' not in broken] == []


def test_good_form_has_no_summary():
    assert "error-summary" not in crispy(SampleForm())


def test_error_of_the_whole_form_stands_in_the_summary():
    form = SampleForm({"name": "x"})
    form.is_valid()
    form.add_error(None, "Changed by Ana at 6:00 p.m.")
    form.add_error("secret", "Reload the page.")
    html = crispy(form)
    assert "Changed by Ana at 6:00 p.m." in html
    assert "Reload the page." in html


def test_optional_fields_say_so_and_required_ones_do_not():
    html = crispy(SampleForm())
    assert "(optional)" in html[html.index('for="id_phone"') : html.index('name="phone"')]
    assert "(optional)" not in html[html.index('for="id_name"') : html.index('name="name"')]


def test_autocomplete_and_keyboard_of_the_widget_are_kept():
    html = crispy(SampleForm())
    assert 'autocomplete="tel"' in tag_with(html, "input", name="phone")
    assert 'inputmode="tel"' in tag_with(html, "input", name="phone")


def test_form_with_a_file_is_sent_as_multipart_and_posts_a_token():
    html = render_crispy_form(SampleForm(), context={"csrf_token": "TOKEN"})
    form = tag_with(html, "form", method="post")
    assert 'enctype="multipart/form-data"' in form
    assert "novalidate" in form
    assert 'value="TOKEN"' in html


def test_typed_text_survives_an_error():
    html = crispy(SampleForm({"name": "<b>Bean & Co", "about": "line one\nline two"}))
    assert "&lt;b&gt;Bean &amp; Co" in html
    assert "line one\nline two" in html


def test_stored_file_is_shown_and_can_be_removed_only_where_it_is_optional():
    class Stored(str):
        url = "/files/7/"

    class Letters(forms.Form):
        may = forms.FileField(required=False)
        must = forms.FileField()

    html = crispy(Letters(initial={"may": Stored("may.pdf"), "must": Stored("must.pdf")}))
    assert 'href="/files/7/"' in html
    assert 'name="may-clear"' in html
    assert "must-clear" not in html
    assert "required" not in tag_with(html, "input", name="must")


def test_stacked_forms_keep_their_own_ids():
    one, two = SampleForm({}, prefix="a"), SampleForm({}, prefix="b")
    html = crispy(one) + crispy(two)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_drop_down_is_the_same_as_djangos_own():
    groups = [
        ("", "Any"),
        ("Districts", [("17", "District 17 <East>"), ("19", 'The "19th"')]),
        ("none", "No district"),
    ]

    class Choice(forms.Form):
        where = forms.ChoiceField(
            choices=groups, required=False, widget=forms.Select({"data-x": "1", "hidden": True})
        )

    for data in (None, {"where": "19"}, {"where": "nonsense"}):
        field = Choice(data)["where"]
        attrs: dict[str, str | bool] = {
            "class": "usa-select usa-input--error" if field.errors else "usa-select"
        }
        if field.errors:
            attrs["aria-describedby"] = "id_where_error"
        assertHTMLEqual(widget(field), field.as_widget(attrs=attrs))
