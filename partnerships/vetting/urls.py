"""Addresses of vetting, by audience."""

from django.urls import URLPattern, path

from . import (
    views_answers,
    views_conditions,
    views_decide,
    views_desk,
    views_files,
    views_portal,
    views_public,
    views_review,
    views_wizard,
)

public_urls: list[URLPattern] = [
    path("join/", views_public.join, name="join"),
]

portal_urls: list[URLPattern] = [
    path("applications/start/", views_portal.start, name="application_start"),
    path("applications/start/add/", views_portal.add, name="application_add"),
    path("applications/start/<int:pk>/", views_portal.claim, name="application_claim"),
    path("applications/<int:pk>/", views_portal.status, name="application_status"),
    path("applications/<int:pk>/sent/", views_portal.sent, name="application_sent"),
    path("applications/<int:pk>/answer/", views_answers.portal_answer, name="application_answer"),
    path("applications/<int:pk>/withdraw/", views_portal.withdraw, name="application_withdraw"),
    path("applications/<int:pk>/appeal/", views_answers.portal_appeal, name="application_appeal"),
    path("applications/<int:pk>/letter.pdf", views_portal.letter_pdf, name="application_letter_pdf"),
    path("applications/<int:pk>/<slug:step>/", views_wizard.portal_step, name="application_step"),
    path("evidence/<int:pk>/", views_files.portal_file, name="evidence"),
]

desk_urls: list[URLPattern] = [
    path("applications/", views_desk.queue, name="applications"),
    path("applications/start/<int:pk>/", views_desk.assist, name="application_assist"),
    path("applications/<int:pk>/", views_desk.application, name="application"),
    path("applications/<int:pk>/fill/<slug:step>/", views_wizard.desk_step, name="application_fill"),
    path("applications/<int:pk>/answer/", views_answers.desk_answer, name="application_answer"),
    path("applications/<int:pk>/appeal/", views_answers.desk_appeal, name="application_appeal"),
    path("applications/<int:pk>/reviewers/", views_desk.reviewers, name="application_reviewers"),
    path("applications/<int:pk>/track/", views_desk.track, name="application_track"),
    path("applications/<int:pk>/visit/", views_desk.visit, name="application_visit"),
    path("applications/<int:pk>/ask/", views_desk.ask, name="application_ask"),
    path("applications/<int:pk>/withdraw/", views_desk.withdraw, name="application_withdraw"),
    path("applications/<int:pk>/letter/", views_desk.letter, name="application_letter"),
    path("applications/<int:pk>/letter.pdf", views_desk.letter_pdf, name="application_letter_pdf"),
    path("applications/<int:pk>/review/", views_review.review, name="review"),
    path("applications/<int:pk>/review/declare/", views_review.declare, name="review_declare"),
    path("applications/<int:pk>/review/score/<slug:code>/", views_review.score, name="review_score"),
    path("applications/<int:pk>/reconcile/", views_review.reconcile, name="reconcile"),
    path("applications/<int:pk>/decide/", views_decide.decide, name="decide"),
    path("conditions/<int:pk>/", views_conditions.condition, name="condition"),
    path("conditions/<int:pk>/waive/", views_conditions.condition_waive, name="condition_waive"),
    path("evidence/<int:pk>/", views_files.desk_file, name="evidence"),
]
