"""What management commands of the rooms share."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.models import Department


class DepartmentCommand(BaseCommand):
    """A command whose local days are the department's, as they are in requests and tasks."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with timezone.override(Department.current().zone):
            return super().execute(*args, **options)
