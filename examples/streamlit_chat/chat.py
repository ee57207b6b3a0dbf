"""The chat: the same whoever answers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import streamlit as st

COLUMNS = ("is_user", "text", "model", "at")


class NoAnswer(Exception):
    """Why there is none, for the person."""


class Answers(Protocol):
    """Who answers: in this process, or elsewhere."""

    def models(self) -> list[str]:
        """Names to choose from. Raises `NoAnswer`."""
        ...

    def answer(self, model: str, said: "list[Said]") -> Iterator[str]:
        """The reply to the last of what was said, piece by piece. Raises `NoAnswer`."""
        ...


@dataclass(frozen=True)
class Said:
    """One message. `model`: who wrote it, or was asked."""

    is_user: bool
    text: str
    model: str
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


def show(answers: Answers, title: str) -> None:
    """Draw the page; Streamlit runs this again after every action."""
    st.set_page_config(page_title=title, page_icon="💬")
    st.title(title)
    said: list[Said] = st.session_state.setdefault("said", [])
    try:
        models = answers.models()
    except NoAnswer as error:
        st.error(str(error))
        return
    model = _choose(models, said)
    for message in said:
        with st.chat_message("user" if message.is_user else "assistant"):
            st.markdown(message.text)
    question = st.chat_input("Say something")
    if question:
        _ask(answers, model, question, said)


def as_csv(said: list[Said]) -> str:
    """The conversation as a table, a row for each message."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    rows.writerows((str(one.is_user).lower(), one.text, one.model, one.at) for one in said)
    return table.getvalue()


def _choose(models: list[str], said: list[Said]) -> str:
    with st.sidebar:
        model = st.selectbox("Bot", models)
        st.button("Clear", on_click=said.clear, disabled=not said, width="stretch")
        st.download_button("Download as CSV", as_csv(said), "chat.csv", "text/csv", disabled=not said, width="stretch")
    return model


def _ask(answers: Answers, model: str, question: str, said: list[Said]) -> None:
    said.append(Said(True, question, model))
    with st.chat_message("user"):
        st.markdown(question)
    with st.chat_message("assistant"):
        try:
            text = st.write_stream(answers.answer(model, said))
        except NoAnswer as error:
            said.pop()  # so that the same question may be asked again
            st.error(str(error))
            return
    said.append(Said(False, str(text), model))
    st.rerun()  # so that the buttons know of it
