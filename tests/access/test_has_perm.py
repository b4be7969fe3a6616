"""`user.has_perm` says what the guards say, for Django's own pages and other packages' templates."""

import pytest

from core import access
from core.roles import Role
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_has_perm_answers_as_the_guard_of_each_permission(role):
    user = UserFactory(role=role)
    answers = {permission: user.has_perm(permission) for permission in access._guards}
    assert answers == {permission: access.refusal(user, permission) is None for permission in access._guards}
    assert set(answers.values()) == {True, False}


def test_has_perm_hands_the_object_to_the_guard():
    admin, other = UserFactory(role=Role.ADMIN), UserFactory()
    assert admin.has_perm("accounts.change_role", other)
    assert not admin.has_perm("accounts.change_role", admin)


def test_someone_who_may_not_sign_in_any_more_has_no_permission():
    assert not UserFactory(role=Role.OFFICER, is_active=False).has_perm("core.use_desk")


def test_neither_answer_asks_the_database(django_assert_num_queries):
    user = UserFactory(role=Role.OFFICER)
    with django_assert_num_queries(0):
        assert user.has_perm("core.use_desk")
        assert not user.has_perm("core.administer")


def test_a_permission_without_a_guard_is_nobodys():
    assert not UserFactory(role=Role.ADMIN).has_perm("auth.add_group")
