"""Budgets are set here; the ledger is only looked at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from parley.usage.actions import lift_budget, set_budget
from parley.usage.models import Budget, UsageRecord
from parley.usage.queries import budget_rows

LIMITS = ("tokens_per_month", "dollars_per_month", "tokens_per_minute", "concurrent")


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    list_display = ("workspace", "user", *LIMITS)
    list_select_related = ("workspace", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> tuple[str, ...]:
        return ("workspace", "user") if obj else ()

    def save_model(self, request: HttpRequest, obj: Budget, form: "ModelForm[Budget]", change: bool) -> None:
        set_budget(obj.workspace_id, obj.user_id, **{name: getattr(obj, name) for name in LIMITS})
        obj.pk = budget_rows(obj.workspace_id, obj.user_id).values_list("id", flat=True).get()

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        lift_budget(obj.workspace_id, obj.user_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Budget]) -> None:
        for budget in queryset:
            lift_budget(budget.workspace_id, budget.user_id)


@admin.register(UsageRecord)
class UsageRecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    list_display = ("created_at", "workspace", "user", "model", "purpose", "input_tokens", "output_tokens", "estimated")
    list_select_related = ("workspace", "user")
    list_filter = ("workspace", "purpose", "estimated")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UsageRecord | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UsageRecord | None = None) -> bool:
        return False
