"""Facts about a reader are read once while a request only reads, and each time where something may change."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core import context
from core.middleware import RequestContextMiddleware


@pytest.mark.parametrize(("method", "times"), [("get", 1), ("head", 1), ("post", 3), ("delete", 3)])
def test_a_fact_is_kept_only_while_a_request_reads(method: str, times: int) -> None:
    read: list[str] = []

    def fact() -> str:
        read.append("once more")
        return "answer"

    def view(request: object) -> HttpResponse:
        for _time in range(3):
            with context.acting(actor_label="Officer Dana Reyes"):
                assert context.once("fact", fact) == "answer"
        return HttpResponse()

    RequestContextMiddleware(view)(getattr(RequestFactory(), method)("/"))
    assert len(read) == times


def test_nothing_is_kept_from_one_request_to_the_next_nor_under_another_key() -> None:
    found: list[int] = []

    def view(request: object) -> HttpResponse:
        found.append(context.once("a", lambda: len(found)))
        found.append(context.once("b", lambda: len(found)))
        return HttpResponse()

    for _time in range(2):
        RequestContextMiddleware(view)(RequestFactory().get("/"))
    assert found == [0, 1, 2, 3]


def test_outside_of_a_request_nothing_is_kept() -> None:
    assert [context.once("fact", lambda each=each: each) for each in range(2)] == [0, 1]
