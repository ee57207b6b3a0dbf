from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "parley.files"
    label = "files"

    def ready(self) -> None:
        from parley.files import receivers  # noqa: F401 - Django wants the models loaded first
