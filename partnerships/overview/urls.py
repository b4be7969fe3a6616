"""Addresses of the pages that draw on several rooms."""

from django.urls import URLPattern, path

from . import views_desk, views_portal, views_public

public_urls: list[URLPattern] = [
    path("", views_public.home, name="home"),
    path("contact/", views_public.contact, name="contact"),
    path("privacy/", views_public.privacy, name="privacy"),
    path("accessibility/", views_public.accessibility, name="accessibility"),
]
portal_urls: list[URLPattern] = [
    path("", views_portal.home, name="home"),
]
desk_urls: list[URLPattern] = [
    path("", views_desk.home, name="home"),
    path("businesses/<int:pk>/", views_desk.business, name="business"),
]
