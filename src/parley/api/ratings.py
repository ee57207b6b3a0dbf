"""Doors of ratings: a thumb below an answer, and how models and bots stand."""

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.training import actions, queries
from parley.training.models import Rating

router = Router(tags=["ratings"])

Reason = Literal["", "wrong", "unhelpful", "instructions", "style", "unsafe", "refused"]


class RatingBody(Body):
    value: Literal[-1, 0, 1] = Field(description="1 good, -1 bad, 0 takes it back")
    reason: Reason = ""


class RatingOut(Schema):
    message: UUID
    value: int
    reason: str


class RatingPage(Schema):
    items: list[RatingOut]
    next: str | None = None


class StandingOut(Schema):
    id: UUID
    label: str
    likes: int
    dislikes: int
    wins: int = Field(description="of blind comparisons")
    losses: int
    ties: int
    score: float | None = Field(description="0 to 1, as rules read it; null for a bot")


class Standings(Schema):
    models: list[StandingOut]
    bots: list[StandingOut]


@router.post("messages/{uuid:message_id}/rating", response=RatingOut)
def rate(request: HttpRequest, message_id: UUID, body: RatingBody) -> RatingOut:
    """Say what you think of an answer. The last word counts."""
    rating = actions.rate_answer(member_of(request), message_id, value=body.value, reason=body.reason)
    return _rating(rating) if rating else RatingOut(message=message_id, value=0, reason="")


@router.get("conversations/{uuid:conversation_id}/ratings", response=RatingPage)
def get_ratings(request: HttpRequest, conversation_id: UUID) -> RatingPage:
    """What you thought of its answers."""
    return RatingPage(items=[_rating(one) for one in queries.ratings_in(member_of(request), conversation_id)])


@router.get("ratings", response=Standings)
def get_standings(request: HttpRequest) -> Standings:
    """How the workspace's models and bots stand: sums, and nobody's own ratings."""
    member = member_of(request)
    return Standings(
        models=[_standing(one) for one in queries.standings_of_models(member)],
        bots=[_standing(one) for one in queries.standings_of_bots(member)],
    )


def _rating(rating: Rating) -> RatingOut:
    return RatingOut(message=rating.answer_id, value=rating.value, reason=rating.reason)


def _standing(one: queries.Standing) -> StandingOut:
    return StandingOut.model_validate(one, from_attributes=True)
