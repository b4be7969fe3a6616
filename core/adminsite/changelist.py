"""How the list of a model in the admin is ordered."""

from typing import Any

from django.contrib.admin.views.main import ChangeList

from core import names
from core.folding import in_order


class InNaturalOrder(ChangeList):
    """A heading sorts names as every other list does, by their key; see `core.folding`.

    The key of `name` is called `name_key`. Where the model keeps none, as of people, it is worked out.
    """

    def get_ordering_field(self, field_name: Any) -> Any:
        """The field or expression that a column is sorted by; also tells Django which heading is sorted."""
        found = super().get_ordering_field(field_name)
        fields = {each.name: each for each in self.lookup_opts.concrete_fields}
        if f"{found}_key" in fields:
            return f"{found}_key"
        if isinstance(found, str) and found in fields and names.check in fields[found].validators:
            return in_order(found)
        return found
