"""A file from the reader, with the words of the page on Streamlit's uploader, which speaks English only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views.frame import show
from views.markup import Markup
from views.texts import Texts

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


def upload(key: str, label: str, texts: Texts) -> UploadedFile | None:
    """The file that was chosen under ``label``, ``None`` before one is."""
    words = texts.say("upload.choose").replace("\\", "").replace('"', "")
    button = '.stFileUploader section button:not([data-testid="stFileUploaderDeleteBtn"] *)::after'
    show(Markup(f'<style>{button} {{ content: "{words}"; }}</style>'))
    return st.file_uploader(label, key=key)
