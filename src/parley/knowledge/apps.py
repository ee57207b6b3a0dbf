from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "parley.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from parley.knowledge import checks  # noqa: F401 - registers them
