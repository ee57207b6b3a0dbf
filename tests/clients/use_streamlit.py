"""The Streamlit example under Streamlit's AppTest: `use_streamlit.py FORM BOT`. Tells what was seen; see `test_examples.py`."""

import json
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "streamlit_chat"
form, bot = sys.argv[1:]
sys.path.insert(0, str(FOLDER))  # as `streamlit run` does


def seen(app: AppTest) -> list[list[str]]:
    return [[message.name, message.markdown[0].value] for message in app.chat_message]


def button(app: AppTest, label: str) -> object:
    return next(one for one in app.sidebar.button if one.label == label)


def csv_of(app: AppTest) -> str:
    from chat import as_csv

    return as_csv(app.session_state["said"])


app = AppTest.from_file(str(FOLDER / f"{form}.py"), default_timeout=60).run()
facts = {"bots": app.sidebar.selectbox[0].options, "clear_at_first": button(app, "Clear").disabled}
app.sidebar.selectbox[0].select(bot).run()
app.chat_input[0].set_value("Hello there").run()
app.chat_input[0].set_value("And, again?").run()
facts |= {
    "chat": seen(app),
    "csv": csv_of(app),
    "downloads": [one.proto.label for one in app.get("download_button")],
    "errors": [error.value for error in app.error],
}
button(app, "Clear").click().run()
facts |= {"after_clear": seen(app), "csv_after_clear": csv_of(app), "exceptions": [e.value for e in app.exception]}
app.sidebar.selectbox[0].select("mock-401").run()
app.chat_input[0].set_value("Will you?").run()
facts |= {"refused": [error.value for error in app.error], "kept": len(app.session_state["said"])}
print(json.dumps(facts))
