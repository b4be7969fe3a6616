from typing import Any

from django import forms

from core.access import visible
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.models import Business

from .models import Loan


class LoanForm(OneTimeFormMixin, forms.ModelForm):
    """A tool goes out."""

    class Meta:
        model = Loan
        fields = ("business", "title", "email", "due_on")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["business"].queryset = visible(Business, user)
