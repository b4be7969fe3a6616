from django.contrib import admin

from core.adminsite.base import ReadOnlyAdmin

from .models import Loan


@admin.register(Loan)
class LoanAdmin(ReadOnlyAdmin):
    list_display = ("title", "business", "due_on", "status")
    list_select_related = ("business",)
    search_fields = ("title",)
