import pytest
from django.test import Client


@pytest.fixture
def client_factory():
    """A new browser, with cookies of its own."""
    return Client
