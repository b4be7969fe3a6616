"""Paging behind a row: forward and back, over ties and empty values, while rows come and go."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.mail.models import Suppression
from core.pages.keyset import Order, take

pytestmark = pytest.mark.django_db

ORDERS = (
    ["detail"],
    ["-detail"],
    ["lifted_at"],
    ["-lifted_at"],
    ["lifted_at", "detail"],
    ["-lifted_at", "-detail"],
    ["-lifted_at", "detail"],
    ["detail", "lifted_at"],
    ["detail", "-lifted_at", "-pk"],
    ["mail__planned_at", "lifted_at", "detail"],  # by way of a row that nobody has
    [],
)
AWKWARD = ["", "a", "a b", "A", "é", "a~b", "100%", "%41", "'", "''", "+", "&row=1", "zz", "\\", "\U0001f600"]
ROW = st.tuples(
    st.sampled_from(AWKWARD),
    st.sampled_from([None, *(datetime(2026, 11, n, 6, 0, 0, n, tzinfo=UTC) for n in range(1, 4))]),
)


def make(rows, start: int = 0) -> None:
    Suppression.objects.bulk_create(
        Suppression(address=f"a{start + n}@people.example", reason="bounce", detail=detail, lifted_at=at)
        for n, (detail, at) in enumerate(rows)
    )


def in_order(order: Order) -> list[int]:
    terms = [key.order(backwards=False, filled=False) for key in order.keys]
    return list(Suppression.objects.order_by(*terms).values_list("pk", flat=True))


def walk(order: Order, size: int, *, backwards: bool = False, between=lambda: None) -> list[int]:
    """Page by page from one end to the other, each place by way of its address."""
    place, seen = None, []
    while rows := take(Suppression.objects.all(), order, size, place=place, backwards=backwards):
        numbers = [row.pk for row in rows]
        seen = [*numbers, *seen] if backwards else [*seen, *numbers]
        written = order.write(rows[0] if backwards else rows[-1])
        place = order.read(written)
        assert place is not None, written
        between()
    return seen


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=25), terms=st.sampled_from(ORDERS), size=st.integers(1, 7))
def test_walking_forward_then_back_sees_each_row_once_and_in_order(db, rows, terms, size):
    with transaction.atomic():
        make(rows)
        order = Order.of(Suppression.objects.all(), terms)
        whole = in_order(order)
        assert walk(order, size) == whole
        assert walk(order, size, backwards=True) == whole
        transaction.set_rollback(True)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ROW, min_size=1, max_size=20),
    new=st.lists(ROW, min_size=1, max_size=12),
    terms=st.sampled_from(ORDERS),
    size=st.integers(1, 5),
    backwards=st.booleans(),
    gone=st.booleans(),
)
def test_rows_that_come_and_go_between_two_pages_repeat_none_and_leave_none_out(
    db, rows, new, terms, size, backwards, gone
):
    with transaction.atomic():
        make(rows)
        order = Order.of(Suppression.objects.all(), terms)
        there = in_order(order)
        coming, number = list(new), [1000]

        def between() -> None:
            if coming:
                make([coming.pop()], number[0])
                number[0] += 1
            if gone and len(there) > 1:  # the row at the edge of a page may be the one that goes
                Suppression.objects.filter(pk=there.pop(len(there) // 2)).delete()

        seen = walk(order, size, backwards=backwards, between=between)
        assert len(seen) == len(set(seen))
        assert [pk for pk in seen if pk in there] == there
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "terms", [["detail"], ["-detail"], ["lifted_at"], ["-lifted_at"], ["lifted_at", "detail"]]
)
@pytest.mark.parametrize("backwards", [False, True])
def test_page_deep_in_a_list_is_found_by_one_plain_index(terms, backwards):
    names = ", ".join([*(each.removeprefix("-") for each in terms), "id"])
    order = Order.of(Suppression.objects.all(), terms)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX mail_suppression_once")  # as good as any other while there are three rows
        cursor.execute(f"CREATE INDEX tried ON mail_suppression ({names})")
        make([("a", datetime(2026, 11, 1, tzinfo=UTC)), ("b", None), ("c", None)])
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for row in Suppression.objects.all():
            for condition, by in order.pieces(order.read(order.write(row)), backwards):
                plan = Suppression.objects.filter(condition).order_by(*by)[:31].explain()
                assert "using tried" in plan, plan
                assert "Sort" not in plan, plan
