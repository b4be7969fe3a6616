"""The desk's pages on jobs: whose they are, what they say in each state, and how they renew themselves."""

from functools import partial

import pytest
from django.urls import reverse
from django.utils.html import escape

from core.jobs.models import Job, Status
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.jobs import job as any_job

pytestmark = pytest.mark.django_db
job = partial(any_job, kind="tests.count")


def page(client, row):
    return client.get(reverse("desk:job", args=[row.pk]))


def test_a_job_is_seen_by_its_owner_by_supervisors_and_by_admins(client):
    owner = OfficerFactory()
    row = job(owner=owner)
    expected = {
        owner: 200,
        SupervisorFactory(): 200,
        AdminFactory(): 200,
        OfficerFactory(): 404,
        ViewerFactory(): 403,
        UserFactory(): 403,
    }
    for person, status in expected.items():
        assert page(sign_in(client, person), row).status_code == status, person
        listed = client.get(reverse("desk:jobs"))
        assert listed.status_code == (403 if status == 403 else 200)
        assert (f'href="/desk/jobs/{row.pk}/"' in listed.content.decode()) is (status == 200)


def test_a_running_job_says_how_much_is_done_how_quickly_and_how_long_it_still_takes(client):
    row = job("running", done=12_000, total=34_500, rate=4_500.0)
    text = page(sign_in(client, SupervisorFactory()), row).content.decode()
    assert "12,000 of 34,500 steps · 4,500 a second · about 5 seconds left" in text
    assert '<progress class="job-bar" aria-label="How far it is" max="34500" value="12000">' in text


def test_a_job_whose_rows_are_all_read_does_not_pretend_to_know_the_time_left(client):
    row = job("running", done=500, total=500, rate=100.0)
    text = page(sign_in(client, SupervisorFactory()), row).content.decode()
    assert "<p>500 of 500 steps · being written now</p>" in text, "no rate of what is over, no time left"


def test_the_page_renews_itself_with_scripts_and_without_until_the_job_has_ended(client):
    sign_in(client, SupervisorFactory())
    moving, ended = (page(client, job(status)).content.decode() for status in ("running", "done"))
    assert 'hx-trigger="every 2s"' in moving
    assert "Look again" in moving, "without scripts"
    assert "hx-trigger" not in ended
    assert "Look again" not in ended


def test_a_page_that_nothing_happened_on_is_not_sent_again(client):
    row = job("running", done=1, total=5)
    shown = page(sign_in(client, SupervisorFactory()), row)
    address = reverse("desk:job", args=[row.pk])
    assert client.get(address, headers={"X-Seen": shown.context["seen"]}).status_code == 204
    Job.objects.filter(pk=row.pk).update(done=2)
    assert client.get(address, headers={"X-Seen": shown.context["seen"]}).status_code == 200


def test_a_job_that_waits_says_how_many_go_first(client):
    job("running")
    job()
    assert "2 jobs go first" in page(sign_in(client, SupervisorFactory()), job()).content.decode()


def test_a_failed_job_says_why_and_where_to_begin_anew(client):
    row = job("failed", error="“licenses.csv” is empty. Nothing was changed.")
    text = page(sign_in(client, SupervisorFactory()), row).content.decode()
    assert escape(row.error) in text
    assert "Begin anew" in text
    assert f'href="{reverse("desk:jobs")}"' in text


def test_a_stopped_job_says_by_whom_what_was_kept_and_what_to_do(client):
    row = job("cancelled", stop_asked_by="Officer Dana Reyes")
    text = page(sign_in(client, SupervisorFactory()), row).content.decode()
    assert "Officer Dana Reyes stopped it. Nothing of it stays" in text
    assert "Begin anew" in text


def test_a_job_of_a_kind_that_is_gone_still_has_a_page(client):
    row = job("done", kind="gone.kind")
    text = page(sign_in(client, SupervisorFactory()), row).content.decode()
    assert "gone.kind" in text


def test_stopping_asks_first_then_stops_and_says_so(client):
    owner = OfficerFactory()
    row = job(owner=owner)
    address = reverse("desk:job_stop", args=[row.pk])
    sign_in(client, owner)
    assert "Stop “Counting: licenses.csv”?" in client.get(address).content.decode()
    answer = client.post(address, follow=True)
    assert "Stopped before it began." in answer.content.decode()
    row.refresh_from_db()
    assert row.status == Status.CANCELLED


def test_a_job_that_has_ended_is_not_stopped(client):
    row = job("done")
    address = reverse("desk:job_stop", args=[row.pk])
    sign_in(client, SupervisorFactory())
    assert "This job has ended already." in client.get(address).content.decode()
    assert client.post(address).status_code == 409
    row.refresh_from_db()
    assert row.status == Status.DONE


def test_the_result_of_a_job_that_is_done_is_told_by_its_kind(client):
    text = page(sign_in(client, SupervisorFactory()), job("done")).content.decode()
    assert "12 steps were counted." in text


def test_an_admin_finds_the_jobs_in_the_administration(client):
    index = sign_in(client, AdminFactory()).get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("desk:jobs")}"' in index
    assert client.get(reverse("desk:jobs")).status_code == 200


def test_the_list_takes_as_many_queries_for_thirty_as_for_three(client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, SupervisorFactory())
    counts = []
    for more in (3, 27):
        for _ in range(more):
            job("done")
        client.get(reverse("desk:jobs"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("desk:jobs"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
