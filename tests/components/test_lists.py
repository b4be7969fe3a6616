"""Lists: sorting, paging, filters and what a strange address does."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.pages.columns import Column
from core.pages.counting import Count, _rounded
from core.pages.lists import ListPage
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
    page = ask("?page=last")
    assert shown(page) == shops[60:]
    assert page.range_words == "61 to 70"
    assert page.last_url == page.next_url == ""


def follow(page: ListPage, url: str, **changes) -> ListPage:
    """Click a link of the pager."""
    assert url
    return ask(url, **changes)


def test_pager_leads_forward_and_back_over_the_same_pages(shops):
    page = ask()
    assert page.first_url == page.previous_url == ""
    there = [shown(page)]
    while page.next_url:
        page = follow(page, page.next_url)
        there.append(shown(page))
    assert there == [shops[:30], shops[30:60], shops[60:]]
    assert page.range_words == "61 to 70"
    back = [shown(page)]
    while page.previous_url:
        page = follow(page, page.previous_url)
        back.append(shown(page))
    assert back == there[::-1]
    assert page.range_words == "1 to 30"
    assert shown(follow(page, ask(ask().next_url).first_url)) == shops[:30]


def test_address_of_a_page_can_be_read(shops):
    assert ask("?sort=name").next_url.startswith("?sort=name&after=Shop+029~")
    assert ask("?sort=name").next_url.endswith("&row=31")


@pytest.mark.parametrize(
    "place",
    ["page=3", "page=0", "page=many", "after=", "after=Shop+029", "after=a~b", "after=a~1~2",
     "before=%2500~1", "after=x~99999999999999999999999999", "row=-4&after=~", "before=~~~~", "after=''~''"],
)  # fmt: skip
def test_place_that_is_no_place_is_the_first_page(shops, place):
    page = ask(f"?{place}")
    assert shown(page) == shops[:30]
    assert page.range_words == "1 to 30"


def test_place_behind_the_end_is_the_last_page(shops):
    assert shown(ask("?after=Zebra~1")) == shops[60:]


def test_place_before_the_start_is_the_first_page(shops):
    assert shown(ask("?before=Ant~1")) == shown(ask("?before=Shop+002~1")) == shops[:30]


@pytest.mark.parametrize("row", ["0", "-3", "many", "1e9", "9" * 30, "\u0663"])
def test_odd_count_of_the_first_row_is_not_said(shops, row):
    after = ask().next_url.partition("&row=")[0]
    page = ask(f"{after}&row={row}")
    assert shown(page) == shops[30:60]
    assert page.range_words in {"", "0 to 29"}


def test_list_too_long_to_count_is_estimated_and_says_so(shops, monkeypatch):
    monkeypatch.setattr("core.pages.counting.COUNTED", 20)
    connection.cursor().execute("ANALYZE auth_permission")
    page = ask()
    assert page.count_words == "about 70 businesses"
    assert page.range_words == "1 to 30"
    last = follow(page, page.last_url)
    assert shown(last) == shops[40:]
    assert last.range_words == ""
    assert shown(follow(last, last.previous_url)) == shops[10:40]


@pytest.mark.parametrize(
    ("number", "said"), [(12_449, "about 12,400"), (99_950, "about 100,000"), (1_234_567, "about 1,230,000")]
)
def test_estimate_is_said_in_three_figures(number, said):
    assert str(Count(_rounded(number), exact=False)) == said


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
    pages = [ask()]
    while pages[-1].next_url:
        pages.append(ask(pages[-1].next_url))
    seen = [row.pk for page in pages for row in page.rows]
    assert len(seen) == len(set(seen)) == 70


def test_head_says_how_the_list_is_ordered_and_where_a_click_leads(shops):
    heads = {head.column.key: head for head in ask("?sort=name&q=Shop&after=Shop+029~4&row=31").heads}
    assert heads["name"].direction == "ascending"
    assert heads["name"].url == "?sort=-name&q=Shop"
    assert heads["pk"].direction == ""
    assert heads["content_type.app_label"].url == ""
    assert 'aria-sort="ascending"' in draw(ask("?sort=name"))


def test_filter_narrows_and_the_pager_keeps_it(shops):
    page = ask("?kind=add&sort=-name")
    assert page.count == 35
    assert page.next_url.startswith("?kind=add&sort=-name&after=Shop+011~")


def test_chip_takes_one_filter_off_and_keeps_the_others(shops, kind):
    page = ask(f"?q=Shop&content_type={kind.pk}&sort=-name&after=a~1&row=31")
    chips = {chip.label: chip for chip in page.chips}
    assert chips["Search"].url == f"?content_type={kind.pk}&sort=-name"
    assert chips["Standing"].value == str(kind)
    assert page.clear_url == "?sort=-name"


def test_filter_form_carries_the_order_and_a_views_own_switch(shops):
    assert ask("?q=x&sort=-name&whose=mine&before=x~1&row=91").kept == [("sort", "-name"), ("whose", "mine")]


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
    assert '<td role="cell" data-label="Nothing">–</td>' in draw(ask(columns=columns))


def test_page_of_the_list_takes_three_queries(shops, django_assert_num_queries):
    page = ask("?sort=-name")
    with django_assert_num_queries(3):  # the count, the rows, and the choices of the one filter over a table
        draw(page)
