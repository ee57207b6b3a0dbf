"""The address book of HTTP."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from parley.api import frontend, health, openai, pages, sign_in
from parley.api.app import api, docs

# What is not for the browser's application: doors, files, and anything that looks like a file.
NOT_PAGES = r"(?:api|v1|ws|_allauth|admin|static|assets|sign-in|healthz|metrics)(?:/|$)|.*\.[^/]*/?$"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("api/docs", docs, name="docs"),
    path("v1/", include(openai)),
    path("_allauth/", include((sign_in.allauth_doors, "headless"))),
    path("sign-in/<str:token>", sign_in.use_link, name="sign-in"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    re_path(rf"^(?!{NOT_PAGES})", frontend.index, name="index"),
]

handler400 = pages.bad_request
handler403 = pages.forbidden
handler404 = pages.not_found
handler500 = pages.server_error
