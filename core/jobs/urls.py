"""Jobs at the desk."""

from django.urls import URLPattern, path

from . import views_desk

desk_urls: list[URLPattern] = [
    path("jobs/", views_desk.jobs, name="jobs"),
    path("jobs/<int:pk>/", views_desk.job, name="job"),
    path("jobs/<int:pk>/stop/", views_desk.job_stop, name="job_stop"),
]
