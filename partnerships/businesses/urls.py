from django.urls import URLPattern, path

from . import (
    views_areas,
    views_claims,
    views_columns,
    views_desk,
    views_duplicates,
    views_imports,
    views_kinds,
    views_merges,
    views_portal,
    views_public,
)

public_urls: list[URLPattern] = [
    path("kinds/", views_kinds.found, name="kinds"),
    path("partners/", views_public.partners, name="partners"),
    path("partners/<slug:slug>/", views_public.partner, name="partner"),
    path("invitations/<str:token>/", views_public.invited, name="invited"),
]
portal_urls: list[URLPattern] = [
    path("businesses/", views_portal.businesses, name="businesses"),
    path("businesses/<int:pk>/", views_portal.business, name="business"),
    path("businesses/<int:pk>/edit/", views_portal.business_edit, name="business_edit"),
    path("businesses/<int:pk>/directory/", views_portal.business_listing, name="business_listing"),
    path("businesses/claims/<int:pk>/withdraw/", views_portal.claim_withdraw, name="claim_withdraw"),
    path("people/", views_portal.people, name="people"),
    path("people/invite/<int:pk>/", views_portal.person_invite, name="person_invite"),
    path("people/<int:pk>/", views_portal.person_edit, name="person_edit"),
    path("people/<int:pk>/remove/", views_portal.person_remove, name="person_remove"),
    path("invitations/<int:pk>/revoke/", views_portal.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", views_portal.invitation, name="invitation"),
]
desk_urls: list[URLPattern] = [
    path("businesses/", views_desk.businesses, name="businesses"),
    path("businesses/add/", views_desk.business_add, name="business_add"),
    path("businesses/import/", views_imports.import_upload, name="import"),
    path("businesses/import/<int:pk>/columns/", views_columns.import_columns, name="import_columns"),
    path("businesses/import/<int:pk>/run/", views_imports.import_run, name="import_run"),
    path("businesses/import/<int:pk>/rows/", views_imports.import_rows, name="import_rows"),
    path("businesses/import/<int:pk>/report.pdf", views_imports.import_report, name="import_report"),
    path("businesses/import/<int:pk>/left-out.csv", views_imports.import_left_out, name="import_left_out"),
    path("businesses/areas/import/", views_areas.areas_import, name="areas_import"),
    path("businesses/areas/import/<int:pk>/", views_areas.areas_meaning, name="areas_meaning"),
    path("businesses/areas/import/<int:pk>/run/", views_areas.areas_run, name="areas_run"),
    path("businesses/<int:pk>/edit/", views_desk.business_edit, name="business_edit"),
    path("businesses/<int:pk>/contacts/add/", views_desk.contact_add, name="contact_add"),
    path("businesses/contacts/<int:pk>/edit/", views_desk.contact_edit, name="contact_edit"),
    path("businesses/contacts/<int:pk>/mail/", views_desk.contact_mail, name="contact_mail"),
    path("businesses/contacts/<int:pk>/mail/lift/", views_desk.contact_mail_lift, name="contact_mail_lift"),
    path("businesses/contacts/<int:pk>/remove/", views_desk.contact_remove, name="contact_remove"),
    path("businesses/organizations/<int:pk>/edit/", views_desk.organization_edit, name="organization_edit"),
    path("businesses/duplicates/", views_duplicates.duplicates, name="duplicates"),
    path("businesses/duplicates/find/", views_duplicates.duplicates_find, name="duplicates_find"),
    path("businesses/duplicates/<int:pk>/", views_duplicates.duplicate, name="duplicate"),
    path(
        "businesses/duplicates/<int:pk>/dismiss/",
        views_duplicates.duplicate_dismiss,
        name="duplicate_dismiss",
    ),
    path(
        "businesses/duplicates/<int:pk>/reopen/", views_duplicates.duplicate_reopen, name="duplicate_reopen"
    ),
    path("businesses/duplicates/<int:pk>/merge/", views_merges.duplicate_merge, name="duplicate_merge"),
    path("businesses/merges/", views_merges.merges, name="merges"),
    path("businesses/merges/<int:pk>/", views_merges.merge, name="merge"),
    path("businesses/merges/<int:pk>/undo/", views_merges.merge_undo, name="merge_undo"),
    path(
        "businesses/organizations/<int:pk>/gather/",
        views_merges.organization_gather,
        name="organization_gather",
    ),
    path(
        "businesses/organizations/<int:pk>/gather/<int:other>/",
        views_merges.organization_gather_one,
        name="organization_gather_one",
    ),
    path("businesses/claims/", views_claims.claims, name="claims"),
    path("businesses/claims/<int:pk>/", views_claims.claim, name="claim"),
    path("businesses/claims/<int:pk>/reopen/", views_claims.claim_reopen, name="claim_reopen"),
    path("businesses/claims/<int:pk>/withdraw/", views_claims.claim_withdraw, name="claim_withdraw"),
]
