"""Outgoing mail for the desk; for its readers the page of choices; for the provider where to tell us."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from core.mail import webhooks
from core.mail.desk import views as desk
from core.mail.reader import views as reader

public_urls: list[URLPattern] = [
    path("preferences/<str:token>/", reader.choices, name="preferences"),
    path("preferences/<str:token>/unsubscribe/", reader.unsubscribe, name="unsubscribe"),
]
if webhooks.is_on():
    public_urls.append(path("hooks/mail/", webhooks.hook(settings.MAIL_PROVIDER), name="mail_hook"))
portal_urls: list[URLPattern] = []
desk_urls: list[URLPattern] = [
    path("mail/", desk.mail, name="mail"),
    path("mail/held-back/", desk.held_back_list, name="mail_held_back"),
    path("mail/held-back/<int:pk>/lift/", desk.held_back_lift, name="mail_held_back_lift"),
    path("mail/<int:pk>/", desk.message, name="mail_message"),
    path("mail/<int:pk>/preview/", desk.preview, name="mail_preview"),
    re_path(r"^mail/(?P<pk>\d+)/(?P<step>resend|release|drop|set-aside|lift)/$", desk.step, name="mail_step"),
]
