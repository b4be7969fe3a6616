from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.access import Refused, requires, visible

from . import services
from .forms import LoanForm
from .lists import LOANS
from .models import Loan


@requires("core.use_desk")
def loans(request: HttpRequest) -> HttpResponseBase:
    """What is out."""
    return LOANS.respond(request)


@requires("core.use_desk")
@require_http_methods(["GET", "POST"])
def loan(request: HttpRequest, pk: int) -> HttpResponse:
    """One loan, and the button that ends it."""
    found = get_object_or_404(visible(Loan, request.user).select_related("business"), pk=pk)
    if request.method == "POST":
        try:
            services.bring_back(loan=found, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        return redirect(found)
    return render(request, "tools/loan.html", {"loan": found})


@requires("tools.lend_tool")
@require_http_methods(["GET", "POST"])
def loan_add(request: HttpRequest) -> HttpResponse:
    """Lend a tool."""
    form = LoanForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        return redirect(services.lend(actor=request.user, **fields))
    return render(request, "tools/lend.html", {"form": form})
