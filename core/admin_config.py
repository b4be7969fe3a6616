"""The admin app under our own site; apart from `core.admin_base`, which needs the models loaded."""

from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS instead of `django.contrib.admin`."""

    default_site = "core.admin_base.RegistrySite"
