"""Doors of the library of prompts."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.conversations import prompts

router = Router(tags=["prompts"])


class NewPrompt(Body):
    name: str = Field(description="as it is typed behind the slash")
    text: str = Field(description="`{{words}}` are asked for each time it is used")
    shared: bool = Field(False, description="with everybody in the workspace")


class PromptChanges(Body):
    version: int = Field(description="that you read")
    name: str | None = None
    text: str | None = None
    shared: bool | None = None


class PromptOut(Schema):
    id: UUID
    name: str
    text: str
    shared: bool
    author: str = Field(description="who shares it with you; empty for your own")
    may_edit: bool
    version: int


class PromptPage(Schema):
    items: list[PromptOut]
    next: None = None


@router.get("prompts", response=PromptPage)
def get_prompts(request: HttpRequest) -> PromptPage:
    """Yours first, then those that others in the workspace share, each by name."""
    return PromptPage(items=[PromptOut(**asdict(line)) for line in prompts.list_prompts(member_of(request))])


@router.post("prompts", response={201: PromptOut})
def create_prompt(request: HttpRequest, body: NewPrompt) -> Status[PromptOut]:
    member = member_of(request)
    prompt = prompts.make_prompt(member, name=body.name, text=body.text, shared=body.shared)
    return Status(201, PromptOut(**asdict(prompts.line_of(member, prompt))))


@router.patch("prompts/{uuid:prompt_id}", response=PromptOut)
def change_prompt(request: HttpRequest, prompt_id: UUID, body: PromptChanges) -> PromptOut:
    """Your own. What you leave out stays."""
    member = member_of(request)
    prompt = prompts.change_prompt(member, prompt_id, **body.model_dump())
    return PromptOut(**asdict(prompts.line_of(member, prompt)))


@router.delete("prompts/{uuid:prompt_id}", response={204: None})
def delete_prompt(request: HttpRequest, prompt_id: UUID) -> Status[None]:
    """Your own, for ever."""
    prompts.delete_prompt(member_of(request), prompt_id)
    return Status(204, None)
