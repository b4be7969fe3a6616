"""The admin app under our own site; apart from `core.adminsite.base`, which needs the models loaded."""

from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS instead of `django.contrib.admin`."""

    default_site = "core.adminsite.base.RegistrySite"
