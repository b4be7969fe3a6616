"""What `manage.py check --deploy` says of a deployment."""

import os
import subprocess
import sys

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


@pytest.mark.parametrize(("said", "subdomains", "preload"), [(False, False, False), (True, True, True)])
def test_other_hosts_of_the_city_are_bound_to_tls_only_when_it_says_so(said, subdomains, preload):
    needed = dict.fromkeys(("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DEFAULT_FROM_EMAIL"), "x")
    environment = {
        **os.environ,
        **needed,
        "DATABASE_URL": "postgresql://x@localhost/x",
        "EMAIL_URL": "smtp://localhost:25",
    }
    environment |= {"REDIS_URL": "redis://localhost:6379/0"}
    if said:
        environment |= {"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}
    ask = (
        "import config.settings.production as s; "
        "print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.SECURE_HSTS_SECONDS)"
    )
    told = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [str(subdomains), str(preload), "31536000"]
