"""What was cleaned away, and what is archived: to be looked at."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from parley.keeping.models import Archive, CleaningRun


class _LookedAt(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(CleaningRun)
class CleaningRunAdmin(_LookedAt):
    list_display = ("started_at", "ended_at", "counts")
    date_hierarchy = "started_at"


@admin.register(Archive)
class ArchiveAdmin(_LookedAt):
    list_display = ("archived_at", "owner", "messages", "size_bytes", "conversation_gone_at")
    list_select_related = ("owner",)
    list_filter = ("workspace",)
