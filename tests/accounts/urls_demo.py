"""The product's addresses with the demonstration's, as `settings.DEMO` routes them."""

from django.urls import include, path

from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as usual

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [path("accounts/demo/", include("accounts.urls_demo")), *usual]
