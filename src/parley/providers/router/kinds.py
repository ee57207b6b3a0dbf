"""What kind of work a question asks for, by words that give it away. A cheap classifier: no model, some microseconds.

It errs, so a rule should lead a doubtful message to a model that can do either; `other` is what shows no sign.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, get_args

Kind = Literal["code", "maths", "translation", "summary", "writing", "other"]
KINDS: Final = get_args(Kind)
# Letters at the beginning and at the end, where people say what they want done with what stands between: half a microsecond each.
BEGINNING: Final = 500
END: Final = 250

# Each sign counts once, however often it stands there. English, German, French and Spanish words for what has words.
_SIGNS: Final[Mapping[Kind, re.Pattern[str]]] = {
    "code": re.compile(
        r"```|\b(?:def|class|return|import|const|function|SELECT|async|await|null|undefined|regex|compil(?:e|er|es)|"
        r"python|javascript|typescript|rust|java|kotlin|golang|sql|html|css|bash|json|yaml|docker|git|api|bug|debug|"
        r"refactor|unit tests?|traceback|exception|stack trace|code|skript|fonction|código|programm\w*)\b|[{};]\s*$|=>|==|\(\)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "maths": re.compile(
        r"\b(?:solve|equation|integral|derivative|matrix|matrices|prove|proof|theorem|probability|polynomial|prime|sum of|"
        r"calculate|gleichung|ableitung|beweis\w*|berechne|équation|démontrer|calcule\w*|ecuación)\b|"
        r"\d\s*[-+*/^]\s*\d|\\frac|\\int|\bx\^?2\b|[∫∑√≤≥]",
        re.IGNORECASE,
    ),
    "translation": re.compile(
        r"\b(?:translat\w*|übersetz\w*|traduire|traduis\w*|traduc\w*|tradu[zc]\w*|"
        r"(?:in|into|auf|en|ins) (?:english|german|french|spanish|italian|deutsch\w*|englisch\w*|französisch\w*|anglais|allemand|"
        r"inglés|alemán))\b",
        re.IGNORECASE,
    ),
    "summary": re.compile(
        r"\b(?:summar\w*|tl;?dr|key points|main points|shorten|condense|abstract of|zusammenfass\w*|fasse\b.*\bzusammen|"
        r"résum\w*|resum\w*|in (?:one|two|three|a few) sentences?)\b",
        re.IGNORECASE | re.DOTALL,
    ),
    "writing": re.compile(
        r"\b(?:write|rewrite|draft|essay|poem|story|letter|e-?mail|blog post|speech|slogan|proofread|rephrase|tone|schreib\w*|"
        r"gedicht|geschichte|brief|écri[st]\w*|rédige\w*|poème|escribe\w*|redacta\w*|poema|carta)\b",
        re.IGNORECASE,
    ),
}


def kind_of(question: str) -> Kind:
    """The kind with most signs; at a tie the one that stands first above."""
    text = question if len(question) <= BEGINNING + END else f"{question[:BEGINNING]}\n{question[-END:]}"
    best: Kind = "other"
    most = 0
    for kind, signs in _SIGNS.items():
        count = len({found.lower() for found in signs.findall(text)})
        if count > most:
            best, most = kind, count
    return best
