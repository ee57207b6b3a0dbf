"""What Parley decides where django-allauth asks: whether strangers may register, and how a newcomer is saved."""

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import BaseForm
from django.http import HttpRequest

from parley.accounts.actions import create_user
from parley.accounts.models import Role, User
from parley.accounts.queries import find_first_workspace, is_sign_up_open


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return is_sign_up_open()

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """The newcomer joins the workspace, as what its owner lets newcomers be."""
        workspace = find_first_workspace()
        role = Role(workspace.sign_up_role) if workspace else Role.MEMBER
        return create_user(form.cleaned_data["email"], password=form.cleaned_data["password"], role=role)
