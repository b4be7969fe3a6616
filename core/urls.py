"""Health for everyone, outgoing mail for the desk."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from core.pages import look

from . import views_desk, views_health, views_public_mail, webhooks

public_urls: list[URLPattern] = [
    path("health/live", views_health.live, name="health_live"),
    path("health/ready", views_health.ready, name="health_ready"),
    path("department.css", look.department_css, name="department_css"),
    path("preferences/<str:token>/", views_public_mail.choices, name="preferences"),
    path("preferences/<str:token>/unsubscribe/", views_public_mail.unsubscribe, name="unsubscribe"),
]
if webhooks.is_on():
    public_urls.append(path("hooks/mail/", webhooks.hook(settings.MAIL_PROVIDER), name="mail_hook"))
portal_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = [
    path("mail/", views_desk.mail, name="mail"),
    path("mail/held-back/", views_desk.held_back_list, name="mail_held_back"),
    path("mail/held-back/<int:pk>/lift/", views_desk.held_back_lift, name="mail_held_back_lift"),
    path("mail/<int:pk>/", views_desk.message, name="mail_message"),
    path("mail/<int:pk>/preview/", views_desk.preview, name="mail_preview"),
    re_path(
        r"^mail/(?P<pk>\d+)/(?P<step>resend|release|drop|set-aside|lift)/$", views_desk.step, name="mail_step"
    ),
]
