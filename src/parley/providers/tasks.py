"""Thin Celery entries: each calls one action, and may run twice."""

from celery import shared_task

from parley.providers import unasked


@shared_task(name="providers.refresh_catalogue", expires=3600)
def refresh_catalogue() -> None:
    """Once after each start, and hourly."""
    unasked.refresh_catalogue()


@shared_task(name="providers.look_for_ollama", expires=60)
def look_for_ollama() -> None:
    """Each minute; costs one refused connection where there is none."""
    unasked.look_for_ollama()


@shared_task(name="providers.look_for_local_models", expires=60)
def look_for_local_models() -> None:
    """Each minute: a model may have come meanwhile, by the command line too. Costs a query where there is no service."""
    unasked.list_model_service()
