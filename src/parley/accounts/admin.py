"""Django's admin for the operator: people, workspaces and memberships. What opens a door (digests, session keys) is not shown."""

from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from parley.accounts import actions
from parley.accounts.models import ApiKey, Membership, Role, User, Workspace
from parley.accounts.queries import is_last_owner

LAST_OWNER = "A workspace needs an owner. Make someone else owner first."

admin.site.unregister(UserSession)  # allauth's page looks for user names, which Parley has none of


class UserForm(forms.ModelForm):  # type: ignore[type-arg] # Django's own takes none
    def clean_is_active(self) -> bool:
        active = bool(self.cleaned_data["is_active"])
        if not active and any(is_last_owner(row) for row in self.instance.memberships.all()):
            raise forms.ValidationError(LAST_OWNER)
        return active


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    """People are added by `parley user create`, and switched off rather than deleted: what they wrote stays theirs."""

    form = UserForm
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "created_at", "last_login")
    readonly_fields = ("email", "created_at", "last_login")
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    search_fields = ("email", "name")
    ordering = ("email",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            actions.switch_user(obj.id, active=obj.is_active)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    fields = ("name", "sign_up_open", "version", "created_at")
    readonly_fields = fields  # changed on Parley's own screen, with its check against stale writes
    list_display = ("name", "sign_up_open", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg] # Django's own takes none
    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if role != Role.OWNER and is_last_owner(Membership.objects.get(id=self.instance.id)):
            raise forms.ValidationError(LAST_OWNER)
        return role


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    form = MembershipForm
    fields = ("user", "workspace", "role")
    readonly_fields = ("user", "workspace")
    list_display = ("user", "workspace", "role")
    list_select_related = ("user", "workspace")
    list_filter = ("role",)
    search_fields = ("user__email",)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        actions.change_role(obj.id, Role(obj.role))

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        actions.remove_member(obj.id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            actions.remove_member(membership.id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and is_last_owner(obj))


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # Django's own takes none
    """To see and to revoke. Keys are made by those who use them."""

    fields = ("name", "user", "workspace", "last_four", "created_at", "last_used_at")
    readonly_fields = fields
    list_display = ("name", "user", "last_four", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__email")

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        actions.revoke_any_key(obj.id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            actions.revoke_any_key(key.id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
