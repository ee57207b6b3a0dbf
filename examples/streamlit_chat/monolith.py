"""The monolith form: `streamlit run monolith.py`, with Parley's own code in Streamlit's process."""

from chat import NoAnswer, show
from in_process import opened

try:
    parley = opened()
except NoAnswer as error:
    import streamlit as st

    st.error(str(error))
else:
    show(parley, "Parley, in one process")
