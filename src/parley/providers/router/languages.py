"""In which language a text is written: by its script where that tells, else by its commonest small words.

No model and no dependency: for a rule it is enough to know a language that shows. Short or mixed texts show none.
"""

import re
from collections.abc import Mapping
from typing import Final

LEAST_WORDS: Final = 2  # small words, of one language
LOOKED_AT: Final = 600  # letters

# (first, last, language): scripts that one language uses most. Kana goes before Han, which Japanese uses too.
_SCRIPTS: Final = (
    (0x3040, 0x30FF, "ja"), (0xAC00, 0xD7AF, "ko"), (0x4E00, 0x9FFF, "zh"), (0x0400, 0x04FF, "ru"),
    (0x0600, 0x06FF, "ar"), (0x0590, 0x05FF, "he"), (0x0900, 0x097F, "hi"), (0x0E00, 0x0E7F, "th"),
    (0x0370, 0x03FF, "el"), (0x0980, 0x09FF, "bn"), (0x0B80, 0x0BFF, "ta"),
)  # fmt: skip

_SMALL_WORDS: Final[Mapping[str, str]] = {
    "en": "the of and to is in that it you for on are with this what how can please not be have do my was i",
    "de": "der die das und ist ich nicht ein eine zu den mit wie was für auf im von kann bitte mir sich auch es sind",
    "fr": "le la les et est un une je ne pas que pour dans des du en vous qui sur avec comment quoi ce mon peux au",
    "es": "el la los las y es un una que de en no por con para como qué mi puedes del se lo al está cómo yo",
    "it": "il lo la gli e è un una che di in non per con come cosa mi puoi del si sono alla della questo io",
    "pt": "o a os as e é um uma que de em não por com para como meu você pode do da se no na isso eu",
    "nl": "de het een en is ik niet dat van op te met voor hoe wat kan mijn zijn aan er je deze ook wil",
    "pl": "i w na nie się z jest to że jak co do dla po czy mi moje mogę ten o są ale jestem proszę",
    "sv": "och det att en ett är jag inte som på för med hur vad kan min den av till om du har var",
    "tr": "ve bir bu da de için ne nasıl ile mi ben sen var çok olarak değil daha gibi kadar lütfen",
}
_LANGUAGES_OF: Final[dict[str, list[str]]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
KNOWN: Final = frozenset({*_SMALL_WORDS, *(language for _, _, language in _SCRIPTS)})

_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """ISO 639-1; empty where it does not show."""
    text = text[:LOOKED_AT].lower()
    return _by_script(text) or _by_small_words(text)


def _by_script(text: str) -> str:
    counts: dict[str, int] = {}
    letters = 0
    for letter in text:
        if not letter.isalpha():
            continue
        letters += 1
        code = ord(letter)
        if code < 0x370:
            continue
        for first, last, language in _SCRIPTS:
            if first <= code <= last:
                counts[language] = counts.get(language, 0) + 1
                break
    if not counts or sum(counts.values()) * 3 < letters:
        return ""
    if "ja" in counts:
        return "ja"
    return max(counts, key=lambda language: counts[language])


def _by_small_words(text: str) -> str:
    hits: dict[str, float] = {}
    for word in _WORD.findall(text):
        languages = _LANGUAGES_OF.get(word, ())
        for language in languages:  # a word that several share tells less
            hits[language] = hits.get(language, 0.0) + 1 / len(languages)
    if not hits:
        return ""
    best, *others = sorted(hits.values(), reverse=True)
    if best < LEAST_WORDS or (others and others[0] == best):
        return ""
    return max(hits, key=lambda language: hits[language])
