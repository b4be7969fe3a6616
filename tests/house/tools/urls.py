from django.urls import URLPattern, path

from . import views

desk_urls: list[URLPattern] = [
    path("tools/", views.loans, name="loans"),
    path("tools/add/", views.loan_add, name="loan_add"),
    path("tools/<int:pk>/", views.loan, name="loan"),
]
