"""Doors of the playground: start a run, look at one, keep presets."""

from datetime import datetime
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from parley.accounts.access import Member
from parley.api.bodies import Body
from parley.api.generations import ErrorOut
from parley.api.who import member_of
from parley.conversations.models import Conversation
from parley.conversations.parts import Part
from parley.core.traces import traceparent_of
from parley.engine import ledger
from parley.engine.figures import Figures
from parley.engine.queries import GenerationInfo
from parley.playground import actions, queries
from parley.playground.access import may_change, preset_for
from parley.playground.models import Preset
from parley.playground.queries import Column, Run
from parley.playground.setups import Setup, setup_of
from parley.training.actions import Verdict

router = Router(tags=["playground"])


class RunBody(Body):
    key: UUID = Field(description="made by you; the same key never starts a second run")
    setup: Setup
    blind: bool = Field(False, description="two models, whose names are told when you have voted")


class VoteBody(Body):
    verdict: Verdict


class PresetBody(Body):
    name: str
    setup: Setup
    shared: bool = False


class PresetChange(Body):
    """What is left out stays as it is."""

    version: int
    name: str | None = None
    setup: Setup | None = None
    shared: bool | None = None


class TriedModel(Schema):
    id: UUID
    label: str


class RunGeneration(Schema):
    id: UUID
    status: str
    last_seq: int
    error: ErrorOut | None


class FiguresOut(Schema):
    """Null is what is not known: no word was said, the tape is gone (after a day), or there is no price."""

    took_s: float | None
    first_word_s: float | None
    tokens_per_s: float | None
    input_tokens: int | None
    output_tokens: int | None
    estimated: bool = Field(description="the vendor did not say; counted by us")
    dollars: float | None
    model: str = Field(description="who answered, where the model is a rule")


class ColumnOut(Schema):
    message: UUID
    model: TriedModel | None = Field(description="null: it was removed since")
    status: str
    parts: list[Part]
    generation: RunGeneration | None
    figures: FiguresOut | None = Field(description="once it has ended")


class RunLine(Schema):
    id: UUID
    title: str
    created_at: datetime
    temporary: bool = Field(description="gone after a day")


class RunOut(RunLine):
    setup: Setup
    answers: list[ColumnOut] = Field(description="in the order of the models; of a blind run, A and B")
    blind: bool
    verdict: Verdict | None = Field(description="of a blind run; before it neither models nor figures are told")


class RunPage(Schema):
    items: list[RunLine]
    next: str | None = None


class PresetOut(Schema):
    id: UUID
    name: str
    setup: Setup
    shared: bool
    owner: str
    may_change: bool
    version: int


class PresetPage(Schema):
    items: list[PresetOut]
    next: str | None = None


class ToolOut(Schema):
    name: str
    label: str
    description: str
    parameters: dict[str, object] = Field(description="a JSON schema")


class ToolPage(Schema):
    items: list[ToolOut]
    next: str | None = None


@router.get("playground/runs", response=RunPage)
def get_runs(request: HttpRequest, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> RunPage:
    """Your runs of the last day, and those that you kept; newest first."""
    return RunPage(items=[_line(one) for one in queries.recent_runs(member_of(request), limit=limit)])


@router.post("playground/runs", response={202: RunOut})
async def start_run(request: HttpRequest, body: RunBody) -> Status[RunOut]:
    """Let up to four models answer one prompt beside each other. Follow each answer by its generation."""
    member = member_of(request)
    run = await ledger.write(
        actions.start_run, member, body.setup, key=body.key, blind=body.blind, trace=traceparent_of()
    )
    return Status(202, await ledger.read(_run, member, run))


@router.get("playground/runs/{uuid:run_id}", response=RunOut)
async def get_run(request: HttpRequest, run_id: UUID) -> RunOut:
    return await ledger.read(_run, member_of(request), run_id)


@router.post("playground/runs/{uuid:run_id}/vote", response=RunOut)
async def vote(request: HttpRequest, run_id: UUID, body: VoteBody) -> RunOut:
    """Say which answer of a blind run is better. Once: 409 after that."""
    member = member_of(request)
    await ledger.write(actions.vote, member, run_id, body.verdict)
    return await ledger.read(_run, member, run_id)


@router.get("playground/tools", response=ToolPage)
def get_tools(request: HttpRequest) -> ToolPage:
    """What the models of a run may call."""
    tools = [
        ToolOut(name=one.name, label=one.label, description=one.description, parameters=dict(one.parameters))
        for one in queries.list_tools()
    ]
    return ToolPage(items=tools)


@router.get("playground/presets", response=PresetPage)
def get_presets(request: HttpRequest) -> PresetPage:
    """Your own, and those that others share with the workspace."""
    member = member_of(request)
    return PresetPage(items=[_preset(member, one) for one in queries.list_presets(member)])


@router.post("playground/presets", response={201: PresetOut})
def keep_preset(request: HttpRequest, body: PresetBody) -> Status[PresetOut]:
    member = member_of(request)
    kept = actions.keep_preset(member, name=body.name, setup=body.setup, shared=body.shared)
    return Status(201, _preset(member, kept))


@router.get("playground/presets/{uuid:preset_id}", response=PresetOut)
def get_preset(request: HttpRequest, preset_id: UUID) -> PresetOut:
    member = member_of(request)
    return _preset(member, preset_for(member, preset_id))


@router.patch("playground/presets/{uuid:preset_id}", response=PresetOut)
def change_preset(request: HttpRequest, preset_id: UUID, body: PresetChange) -> PresetOut:
    """409 when `version` is stale."""
    member = member_of(request)
    changes: actions.PresetChanges = {}
    if body.name is not None:
        changes["name"] = body.name
    if body.setup is not None:
        changes["setup"] = body.setup
    if body.shared is not None:
        changes["shared"] = body.shared
    return _preset(member, actions.change_preset(member, preset_id, version=body.version, **changes))


@router.delete("playground/presets/{uuid:preset_id}", response={204: None})
def delete_preset(request: HttpRequest, preset_id: UUID) -> Status[None]:
    actions.delete_preset(member_of(request), preset_id)
    return Status(204, None)


def _run(member: Member, run_id: UUID) -> RunOut:
    run: Run = queries.open_run(member, run_id)
    verdict = cast(Verdict | None, run.comparison.verdict or None) if run.comparison else None
    return RunOut(
        **_line(run.conversation).model_dump(),
        setup=_unordered(run.setup) if run.is_hidden else run.setup,
        answers=[_column(one, is_hidden=run.is_hidden) for one in run.columns],
        blind=run.comparison is not None,
        verdict=verdict,
    )


def _unordered(setup: Setup) -> Setup:
    """The models in an order that says nothing of who is A."""
    return setup.with_columns(sorted(setup.columns(), key=lambda column: column[0]))


def _line(conversation: Conversation) -> RunLine:
    return RunLine(
        id=conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        temporary=conversation.temporary,
    )


def _column(column: Column, *, is_hidden: bool) -> ColumnOut:
    card = column.version.model_card if column.version and not is_hidden else None
    return ColumnOut(
        message=column.message.id,
        model=TriedModel(id=card.id, label=str(card)) if card else None,
        status=column.message.status,
        parts=column.message.parts,
        generation=_generation(column.generation) if column.generation else None,
        figures=_figures(column.figures) if column.figures and not is_hidden else None,
    )


def _figures(figures: Figures) -> FiguresOut:
    return FiguresOut.model_validate(figures, from_attributes=True)


def _generation(info: GenerationInfo) -> RunGeneration:
    error = ErrorOut(code=info.error_code, message=info.error_message, retryable=info.error_retryable)
    return RunGeneration(
        id=info.id, status=info.status, last_seq=info.last_seq, error=error if info.error_code else None
    )


def _preset(member: Member, preset: Preset) -> PresetOut:
    return PresetOut(
        id=preset.id,
        name=preset.name,
        setup=setup_of(preset.setup),
        shared=preset.shared,
        owner=preset.owner.shown_name,
        may_change=may_change(member, preset),
        version=preset.version,
    )
