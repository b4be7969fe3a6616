"""Health for everyone, outgoing mail for the desk."""

from django.urls import URLPattern, path

from . import views_desk, views_health, views_look

public_urls: list[URLPattern] = [
    path("health/live", views_health.live, name="health_live"),
    path("health/ready", views_health.ready, name="health_ready"),
    path("department.css", views_look.department_css, name="department_css"),
]
portal_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = [
    path("mail/", views_desk.mail, name="mail"),
    path("mail/<int:pk>/", views_desk.message, name="mail_message"),
    path("mail/<int:pk>/preview/", views_desk.preview, name="mail_preview"),
    path("mail/<int:pk>/retry/", views_desk.retry, name="mail_retry"),
]
