from django.urls import URLPattern, path, re_path

from . import views_attendance, views_calls, views_desk, views_portal, views_public

public_urls: list[URLPattern] = [
    path("events/", views_public.events, name="events"),
    path("events/past/", views_public.events_past, name="events_past"),
    path("events/<slug:slug>.ics", views_public.event_ics, name="event_ics"),
    path("events/<slug:slug>/", views_public.event, name="event"),
    path("events/<slug:slug>/rsvp/", views_public.rsvp, name="rsvp"),
    path("events/<slug:slug>/rsvp/confirm/", views_public.rsvp_confirm, name="rsvp_confirm"),
    path("events/<slug:slug>/rsvp/code/", views_public.rsvp_resend, name="rsvp_resend"),
    path("registrations/<str:token>/", views_public.registration, name="registration"),
    path("registrations/<str:token>/people/", views_public.registration_resize, name="registration_resize"),
    path("registrations/<str:token>/event.ics", views_public.registration_ics, name="registration_ics"),
]
portal_urls: list[URLPattern] = [
    path("events/", views_portal.events, name="events"),
    path("events/<slug:slug>/", views_portal.event_register, name="event_register"),
    path("registrations/<int:pk>/people/", views_portal.event_resize, name="event_resize"),
    path("registrations/<int:pk>/cancel/", views_portal.event_cancel, name="event_cancel"),
]
desk_urls: list[URLPattern] = [
    path("events/", views_desk.events, name="events"),
    path("events/past/", views_desk.events_past, name="events_past"),
    path("events/drafts/", views_desk.events_drafts, name="events_drafts"),
    path("events/add/", views_desk.event_add, name="event_add"),
    path("events/<int:pk>/", views_desk.event, name="event"),
    path("events/<int:pk>/edit/", views_desk.event_edit, name="event_edit"),
    path("events/<int:pk>/cancel/", views_desk.event_cancel, name="event_cancel"),
    path("events/<int:pk>/registrations/add/", views_desk.registration_add, name="registration_add"),
    path(
        "events/<int:pk>/registrations/<int:registration_pk>/people/",
        views_desk.registration_resize,
        name="registration_resize",
    ),
    path(
        "events/<int:pk>/registrations/<int:registration_pk>/cancel/",
        views_desk.registration_cancel,
        name="registration_cancel",
    ),
    path("events/<int:pk>/attendance/", views_attendance.event_attendance, name="event_attendance"),
    path(
        "events/<int:pk>/attendance/<int:registration_pk>/",
        views_attendance.attendance_mark,
        name="attendance_mark",
    ),
    re_path(
        r"^events/(?P<pk>\d+)/attendance/(?P<what>walk-ins|headcount)/$",
        views_attendance.attendance_count,
        name="attendance_count",
    ),
    path("events/<int:pk>/attendance/print/", views_attendance.attendance_print, name="attendance_print"),
    path("events/<int:pk>/attendance.csv", views_attendance.attendance_export, name="attendance_export"),
    path("events/<int:pk>/mail/", views_desk.event_mail, name="event_mail"),
    path("events/<int:pk>/calls/<int:call_pk>/", views_calls.called, name="called"),
    # Last: what no address above is called is a move of the workflow, or a missing page.
    path("events/<int:pk>/<slug:move>/", views_desk.event_move, name="event_move"),
]
