"""Lists: sorting, paging, filters and what a strange address does."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.pages.lists import Column, ListPage
from tests.components.gallery_pages import sample_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return ContentType.objects.create(app_label="tests", model="shop")


@pytest.fixture
def shops(kind):
    names = [f"Shop {number:03d}" for number in range(70)]
    Permission.objects.all().delete()
    Permission.objects.bulk_create(
        Permission(name=name, codename=f"{'add' if n % 2 else 'change'}_{n}", content_type=kind)
        for n, name in enumerate(names)
    )
    return names


def ask(query: str = "", **changes) -> ListPage:
    return sample_list(RequestFactory().get(f"/desk/businesses/{query}"), **changes)


def shown(page: ListPage) -> list[str]:
    return [row.name for row in page.rows]


def draw(page: ListPage) -> str:
    return render_to_string("components/list.html", {"list": page}, page.request)


def test_thirty_rows_stand_on_a_page(shops):
    page = ask()
    assert shown(page) == shops[:30]
    assert page.count == 70
    assert page.count_words == "70 businesses"
    assert page.range_words == "1 to 30"


def test_one_row_is_counted_in_the_singular(shops):
    assert ask("?q=Shop 069").count_words == "1 business"


def test_last_page_holds_the_rest(shops):
    assert shown(ask("?page=3")) == shops[60:]


@pytest.mark.parametrize(("wanted", "number"), [("99", 3), ("0", 3), ("-4", 3), ("many", 1), ("", 1)])
def test_page_that_does_not_exist_leads_to_the_nearest(shops, wanted, number):
    assert ask(f"?page={wanted}").page.number == number


def test_minus_turns_the_order_round(shops):
    assert shown(ask("?sort=-name"))[:2] == ["Shop 069", "Shop 068"]


@pytest.mark.parametrize(
    "sort", ["nonsense", "-nonsense", "content_type.app_label", "--name", "password", "name;drop"]
)
def test_unknown_order_falls_back_quietly(shops, sort):
    page = ask(f"?sort={sort}")
    assert shown(page) == shops[:30]
    assert page.sort == "name"


def test_ties_are_broken_so_that_pages_never_overlap(kind):
    Permission.objects.all().delete()
    Permission.objects.bulk_create(
        Permission(name="Same", codename=f"c{n}", content_type=kind) for n in range(70)
    )
    seen = [row.pk for number in (1, 2, 3) for row in ask(f"?page={number}").rows]
    assert len(seen) == len(set(seen)) == 70


def test_head_says_how_the_list_is_ordered_and_where_a_click_leads(shops):
    heads = {head.column.key: head for head in ask("?sort=name&q=Shop&page=2").heads}
    assert heads["name"].direction == "ascending"
    assert heads["name"].url == "?sort=-name&q=Shop"
    assert heads["pk"].direction == ""
    assert heads["content_type.app_label"].url == ""
    assert 'aria-sort="ascending"' in draw(ask("?sort=name"))


def test_filter_narrows_and_the_pager_keeps_it(shops):
    page = ask("?kind=add&sort=-name")
    assert page.count == 35
    assert page.next_url == "?kind=add&sort=-name&page=2"


def test_chip_takes_one_filter_off_and_keeps_the_others(shops, kind):
    page = ask(f"?q=Shop&content_type={kind.pk}&sort=-name&page=2")
    chips = {chip.label: chip for chip in page.chips}
    assert chips["Search"].url == f"?content_type={kind.pk}&sort=-name"
    assert chips["Standing"].value == str(kind)
    assert page.clear_url == "?sort=-name"


def test_filter_form_carries_the_order_and_a_views_own_switch(shops):
    assert ask("?q=x&sort=-name&whose=mine&page=4").kept == [("sort", "-name"), ("whose", "mine")]


def test_wrong_filter_value_shows_an_error_and_no_crash(shops):
    html = draw(ask("?content_type=abc"))
    assert "Select a valid choice" in html


def test_empty_list_says_what_to_do(db):
    Permission.objects.all().delete()
    html = draw(ask())
    assert "No businesses yet" in html
    assert 'href="/desk/"' in html
    assert "<table" not in html


def test_filter_without_a_match_offers_the_way_back(shops):
    html = draw(ask("?q=zzz"))
    assert "Nothing matches" in html
    assert "No businesses yet" not in html


def test_names_are_escaped_and_cells_drawn_by_their_kind(kind):
    Permission.objects.all().delete()
    Permission.objects.create(name="<script>x</script>", codename="c", content_type=kind)
    html = draw(ask())
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "<script>x" not in html
    assert '<span class="tag tag--good">shop</span>' in html


def test_missing_value_is_a_dash(shops):
    columns = (Column("name", "Name", sort="name"), Column("content_type.nothing.at_all", "Nothing"))
    _row, _css, cells = next(ask(columns=columns).lines())
    assert cells[1].html == "–"


def test_page_of_the_list_takes_three_queries(shops, django_assert_num_queries):
    page = ask("?sort=-name")
    with django_assert_num_queries(3):  # the count, the rows, and the choices of the one filter over a table
        draw(page)
