"""How the list of a model in the admin is ordered."""

from typing import Any

from django.contrib.admin.views.main import ChangeList


class InNaturalOrder(ChangeList):
    """A heading sorts names as every other list does: by their key, where the model keeps one.

    The key of `name` is called `name_key`, see `core.folding.key_of`.
    """

    def get_ordering_field(self, field_name: Any) -> Any:
        """The field or expression that a column is sorted by; also tells Django which heading is sorted."""
        found = super().get_ordering_field(field_name)
        key = f"{found}_key"
        return key if key in {each.name for each in self.lookup_opts.concrete_fields} else found
