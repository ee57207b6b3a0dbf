"""An answer that lacks its bot's shape: the model is shown what is wrong and asked again."""

from dataclasses import replace

from parley.core.errors import Misshapen
from parley.engine.assemble import Scene
from parley.providers.values import ChatMessage, Text

REPAIRS = 2
MEND = "Your answer does not have the shape that was asked for: {wrong} Answer again, with nothing but the corrected answer."


def mended(scene: Scene, text: str, wrong: str) -> Scene:
    """The question of `scene` again, with the answer `text` and what is wrong with it, for the same model."""
    request = scene.request
    asked = request.messages[:-1] if request.continue_last else request.messages
    mistake = ChatMessage("assistant", (Text(text or "…"),)), ChatMessage("user", (Text(MEND.format(wrong=wrong)),))
    return replace(scene, request=replace(request, messages=(*asked, *mistake), continue_last=False), following=None)


def beyond_repair(wrong: str) -> Misshapen:
    """After the last attempt; the last answer stands, for who can use it all the same."""
    return Misshapen(f"The model did not answer in the shape that was asked for, three times. {wrong}")
