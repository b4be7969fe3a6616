"""What `manage.py check --deploy` says of a deployment."""

import pytest
from django.core.checks import run_checks

from core.checks import proxies_are_counted


@pytest.mark.parametrize(
    ("header", "proxies", "warned"),
    [
        (("HTTP_X_FORWARDED_PROTO", "https"), 0, True),
        (("HTTP_X_FORWARDED_PROTO", "https"), 1, False),
        (None, 0, False),
    ],
)
def test_a_proxy_that_nobody_counts_is_warned_of_before_it_locks_the_city_out(
    settings, header, proxies, warned
):
    settings.SECURE_PROXY_SSL_HEADER = header
    settings.TRUSTED_PROXIES = proxies
    found = run_checks(include_deployment_checks=True)
    assert ("core.W007" in {each.id for each in found}) is warned
    assert bool(proxies_are_counted(None)) is warned
