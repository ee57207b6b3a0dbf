from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "parley.accounts"
    label = "accounts"

    def ready(self) -> None:
        from parley.accounts import receivers, signals  # Django wants the models loaded first

        for signal in (signals.member_changed, signals.member_left, signals.session_ended, signals.key_revoked):
            signal.connect(receivers.forget_member, dispatch_uid="accounts.forget_member")
