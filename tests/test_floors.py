"""The floors that import-linter cannot see: foreign keys, and imports that are hidden in functions."""

import ast

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.house import FUNCTIONS, Source, floors, rooms, sources

REASON = "# late import:"
# The command line must know --data before Django reads its settings, and answers --help without Django.
BEFORE_DJANGO = {"src/parley/cli.py", "src/parley/keeping/commands.py"}


def test_every_room_stands_on_a_floor() -> None:
    assert {room.name for room in rooms()} <= floors().keys()


def test_no_foreign_key_climbs() -> None:
    climbing = [
        f"{model._meta.label}.{field.name} points up to {target._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if _is_ours(model)
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.is_relation and (target := field.related_model)
        if _floor(model) < _floor(target)
    ]

    assert climbing == []


def _floor(model: type[Model] | str) -> int:
    """Django's own tables and allauth's lie below the house."""
    assert not isinstance(model, str), "a relation that Django could not resolve"
    return floors()[model._meta.app_label] if _is_ours(model) else -1


def _is_ours(model: type[Model]) -> bool:
    return model.__module__.startswith("parley.")


@pytest.mark.parametrize("source", sources("src/parley"), ids=lambda source: source.name)
def test_no_import_hides_in_a_function(source: Source) -> None:
    if source.name in BEFORE_DJANGO:
        return
    late = [
        f"{source.name}:{node.lineno}"
        for function in ast.walk(source.tree)
        if isinstance(function, FUNCTIONS) and not _is_ready(function, source)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _has_reason(node, source)
    ]

    assert late == [], f"import at the top, or give a reason in the line above: {REASON} …"


def _is_ready(function: ast.AST, source: Source) -> bool:
    """Django's `AppConfig.ready` is the one place for imports that want the models loaded first."""
    return source.path.name == "apps.py" and getattr(function, "name", "") == "ready"


def _has_reason(node: ast.Import | ast.ImportFrom, source: Source) -> bool:
    return any(REASON in line for line in source.lines[max(node.lineno - 2, 0) : node.lineno])
