"""Forms that lose nothing and make nothing twice."""

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import locks

REMEMBERED = 24 * 3600  # seconds a sent form is remembered


class OwnWords(forms.Form):
    """A form whose fields say themselves what they miss.

    `required_words` holds the sentence by field name; fields that a subclass adds or takes away are fine.
    """

    required_words: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.required_words.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = words


class OneTimeFormMixin(forms.BaseForm):
    """A form that makes something once, however often the same page is sent.

    Put it first among the bases. It adds the hidden field `form_key`, new on every page; a template that
    names its fields one by one writes `{{ form.form_key }}`. The view hands the making to `once`:

        address, again = form.once(request, lambda: reverse("desk:event", args=[create(...).pk]))
        messages.success(request, form.ALREADY_SAVED if again else _("Saved."))
        return redirect(address)

    The same page with other words in it is another form: who goes back and changes the text loses nothing.
    """

    ALREADY_SAVED = _("Already saved. This is what you made a moment ago.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"] = forms.CharField(
            widget=forms.HiddenInput, required=False, max_length=64, initial=lambda: uuid.uuid4().hex
        )

    def once(self, request: HttpRequest, make: Callable[[], str]) -> tuple[str, bool]:
        """Make it, or find what the same form made before.

        The key and what is made are written in one transaction, one sender at a time: when `make` raises,
        the form can be sent again.

        Args:
            request: the post; its user, path and fields tell whether it is the same.
            make: writes through a service and returns the address of what was made.

        Returns:
            The address, and whether it had been made before.
        """
        key = f"core.pages.forms.once:{self._sent(request)}"
        with transaction.atomic():
            locks.one_at_a_time(key)
            earlier = cache.get(key)
            if earlier:
                return str(earlier), True
            address = make()
            cache.set(key, address, REMEMBERED)
        return address, False

    def _sent(self, request: HttpRequest) -> str:
        typed = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
        files = {
            name: [(each.name, each.size) for each in request.FILES.getlist(name)] for name in request.FILES
        }
        parts = [request.user.pk, request.path, typed, files]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
