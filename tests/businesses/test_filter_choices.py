"""What a list of businesses can be narrowed by is read by one statement, however many filters ask."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from partnerships.businesses.filters import BusinessFilter, PublicBusinessFilter
from partnerships.businesses.models import Business
from tests.factories.accounts import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("filters", [BusinessFilter, PublicBusinessFilter])
def test_all_choices_come_by_one_statement(filters, city, django_assert_num_queries):
    user = OfficerFactory() if filters is BusinessFilter else AnonymousUser()
    with django_assert_num_queries(1):
        form = filters({}, queryset=Business.objects.none(), request=SimpleNamespace(user=user)).form
        page = form.as_p()
    assert "Kind of business" in page
    assert "District 19" in page
