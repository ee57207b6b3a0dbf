"""The doors of what a bot may be given: the tools it may call, and a try of the shape its answers must have."""

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.providers.shapes import Shape
from parley.tools.builtin import BUILT_IN

router = Router(tags=["tools"])
LONGEST_EXAMPLE = 64 * 1024  # letters


class ToolOut(Schema):
    """`name` is what a bot's `parameters.tools` holds."""

    name: str
    label: str
    description: str


class Tools(Schema):
    items: list[ToolOut]
    next: str | None = None


class ShapeCheck(Body):
    """An answer as a model could give it, and the shape it should have."""

    shape: Shape
    text: str = Field("", max_length=LONGEST_EXAMPLE)


class Judged(Schema):
    """`wrong` is what a model would be told; empty when the text has the shape."""

    wrong: str


@router.get("/tools", response=Tools)
def list_tools(request: HttpRequest) -> Tools:
    """What every bot may be allowed to call."""
    member_of(request)
    return Tools(
        items=[ToolOut(name=one.name, label=one.label, description=one.description) for one in BUILT_IN.values()]
    )


@router.post("/shapes/check", response=Judged)
def check_shape(request: HttpRequest, body: ShapeCheck) -> Judged:
    """Whether a text has a shape. 422 says what is wrong with the shape itself."""
    member_of(request)
    return Judged(wrong=body.shape.wrong_with(body.text))
