"""Health for monitors, and the department's style sheet."""

from django.urls import URLPattern, path

from core.pages import look

from . import views_health

public_urls: list[URLPattern] = [
    path("health/live", views_health.live, name="health_live"),
    path("health/ready", views_health.ready, name="health_ready"),
    path("department.css", look.department_css, name="department_css"),
]
portal_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = []
