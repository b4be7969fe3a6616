"""The department's color, the navigation and the error pages."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from config import rooms
from core.models import Department
from core.pages.look import INK, NAVY, WHITE, accent_style, contrast, on_bar
from core.pages.navigation import Navigation, NavItem, current_item, fitted
from core.roles import Role
from tests.factories.accounts import SupervisorFactory, ViewerFactory, sign_in


@pytest.mark.parametrize("color", ["#ffbc78", "#000000", "#ffffff", "#767676", "#b50909", "#00A91C"])
def test_text_on_the_accent_color_is_always_readable(color):
    rules = re.findall(r"--accent: (#\w+);.*?--accent-ink: (#\w+)", accent_style(color))
    assert [each for each, _ink in rules] == [color, on_bar(color)]
    for background, ink in rules:
        assert ink in (INK, WHITE)
        assert contrast(background, ink) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # Black on white, and two of the grays that WebAIM's checker and the WCAG itself are quoted with.
    [("#000000", "#ffffff", 21), ("#767676", "#ffffff", 4.54), ("#949494", "#ffffff", 3.03), (NAVY, NAVY, 1)],
)
def test_contrast_is_that_of_the_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("color", ["#162e51", "#000000", "#b50909", "#1a4480", "#5c410a", "#4b0082"])
def test_a_color_that_can_t_be_told_from_the_bar_is_drawn_lighter_there_as_little_as_need_be(color):
    assert contrast(color, NAVY) < 3
    assert 3 <= contrast(on_bar(color), NAVY) < 3.3


@pytest.mark.parametrize("color", ["#ffbc78", "#ffffff", "#00a91c", "#00bde3"])
def test_a_color_that_can_be_told_from_the_bar_stays_as_it_is(color):
    assert on_bar(color) == color


def test_the_bar_is_as_navy_as_the_style_sheet_says_and_its_rules_stand_where_it_is_dark():
    sheet = (Path(settings.BASE_DIR) / "static/css/app.css").read_text()
    assert f"--navy: {NAVY};" in sheet
    for dark in (".bar", ".hero"):
        assert re.search(rf"^{re.escape(dark)} {{[^}}]*background: var\(--navy\)", sheet, re.M), dark
    assert ".bar:not(.bar--light), .hero { --accent: " in accent_style("#162e51")


@pytest.mark.parametrize(
    "color", ["", "red", "#fff", "#ffbc7", "#ffbc78;} body{display:none", "url(x)", "#ffbc78\n}"]
)
def test_anything_but_a_color_gives_no_style(color):
    assert accent_style(color) == ""


@pytest.mark.django_db
def test_accent_color_is_served_as_a_style_sheet_and_linked(client):
    Department.objects.update_or_create(pk=1, defaults={"accent_color": "#b50909"})
    answer = client.get(reverse("public:department_css"))
    assert answer["Content-Type"].startswith("text/css")
    assert b"--accent: #b50909" in answer.content
    assert b"department.css" in client.get("/accounts/login/").content


def items(*groups):
    return [(group, NavItem(f"{n}", f"/{n}/", current=n == 6)) for n, group in enumerate(groups)]


def shown(bar):
    return [[each.label for each in item.items] or item.label for item in bar]


def test_six_items_stand_side_by_side_whatever_their_groups():
    assert shown(fitted(items("", "", "", "", "a", "a"))) == ["0", "1", "2", "3", "4", "5"]


def test_of_seven_items_those_of_a_group_share_one_that_opens():
    bar = fitted(items("", "", "a", "", "", "b", "a"))
    assert shown(bar) == ["0", "1", ["2", "6"], "3", "4", "5"]
    assert (bar[2].label, bar[2].current, bar[0].current) == ("a", True, False)


def test_what_does_not_fit_even_then_is_found_under_more():
    bar = fitted(items("", "", "", "", "a", "a", "", "", "b", "b"))
    assert shown(bar) == ["0", "1", "2", "3", ["4", "5"], ["6", "7", "8", "9"]]
    assert bar[-1].label == "More"
    assert bar[-1].current


@pytest.mark.django_db
def test_who_may_open_seven_pages_finds_them_all_and_who_may_not_gets_no_group(client, monkeypatch):
    more = [
        ("desk", "Held back", "desk:mail_held_back", "core.write_desk", "Post"),
        ("desk", "Past", "desk:events_past", "core.write_desk"),
    ]
    entries = [(*each, "Post") if each[2] == "desk:mail" else each for each in rooms.NAVIGATION]
    monkeypatch.setattr(rooms, "NAVIGATION", [*entries, *more])
    sign_in(client, SupervisorFactory())
    page = client.get(reverse("desk:home")).content.decode()
    assert page.count("<summary>Post</summary>") == 2  # in the bar, and in the menu of a phone
    for _audience, label, name, *_rest in rooms.NAVIGATION:
        if name.startswith("desk:"):
            assert page.count(f'<a href="{reverse(name)}"') >= 2, label
    sign_in(client, ViewerFactory())
    assert "menu--group" not in client.get(reverse("desk:home")).content.decode()


def test_every_item_of_the_navigation_leads_somewhere():
    assert [reverse(name) for _audience, _label, name, *_rest in rooms.NAVIGATION]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/desk/", "/desk/"),
        ("/desk/businesses/", "/desk/businesses/"),
        ("/desk/businesses/7/edit/", "/desk/businesses/"),
        ("/desk/mailbox/", ""),
        ("/desk/unknown/", ""),
    ],
)
def test_item_of_the_page_is_marked(path, here):
    assert current_item(path, ["/desk/", "/desk/businesses/", "/desk/mail/"]) == here


@pytest.mark.django_db
def test_item_without_permission_is_not_shown():
    request = RequestFactory().get("/desk/")
    request.user = User.objects.create_user(email="viewer@example.org", role=Role.VIEWER)
    names = {item.label for item in Navigation(request).desk}
    assert "Businesses" in names
    assert "Applications" not in names


def test_visitor_sees_no_desk():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert Navigation(request).desk == []


@pytest.mark.parametrize("status", [500, 503])
def test_page_of_our_own_fault_needs_neither_database_nor_session(status):
    html = render_to_string(f"errors/{status}.html", {"request_id": "4f1d2c"})
    assert "4f1d2c" in html
    assert "911" in html


def test_icon_that_a_template_names_is_in_the_sprite():
    sprite = (Path(settings.BASE_DIR) / "static/vendor/uswds/img/sprite.svg").read_text()
    known = set(re.findall(r'id="([^"]+)"', sprite))
    named = set()
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"', template.read_text()))
    assert named
    assert named - known == set()


def test_templates_hold_no_style_and_no_script_of_their_own():
    guilty = []
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        text = re.sub(r"{%.*?%}", "", template.read_text(), flags=re.S)
        if "emails" in template.parts:
            continue
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", text):
            guilty.append(template.name)
    assert guilty == []


def test_vendored_style_sheet_refers_only_to_files_that_are_there():
    folder = Path(settings.BASE_DIR) / "static/vendor/uswds"
    names = set(re.findall(r"url\(\.\./([^)?#]+)\)", (folder / "css/uswds.min.css").read_text()))
    assert names
    assert [name for name in names if not (folder / name).exists()] == []


def test_style_sheet_refers_only_to_vendored_fonts_that_are_there():
    folder = Path(settings.BASE_DIR) / "static/css"
    names = set(re.findall(r"url\(([^)]+)\)", (folder / "app.css").read_text()))
    assert any("vietnamese" in name for name in names)
    assert [name for name in names if not (folder / name).exists()] == []
