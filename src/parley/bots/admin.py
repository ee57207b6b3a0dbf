"""Bots in Django's admin: to look at. A version never changes, so nothing is edited here."""

from django.contrib import admin
from django.http import HttpRequest

from parley.bots.models import Bot, BotVersion


class VersionLines(admin.TabularInline):  # type: ignore[type-arg] # Django's own takes none
    model = BotVersion
    fields = ("number", "name", "model_card", "made_by", "created_at")
    readonly_fields = fields
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Bot | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bot | None = None) -> bool:
        return False


@admin.register(Bot)
class BotAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    list_display = ("id", "workspace", "default_for", "version_number", "archived_at", "created_at")
    list_filter = ("workspace",)
    list_select_related = ("workspace", "default_for")
    readonly_fields = ("workspace", "made_by", "default_for", "version_number", "archived_at", "created_at")
    inlines = (VersionLines,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bot | None = None) -> bool:
        return False
