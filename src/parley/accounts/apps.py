from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "parley.accounts"
    label = "accounts"

    def ready(self) -> None:
        from parley.accounts import checks, receivers  # noqa: F401 - Django wants the models loaded first

        receivers.connect()
