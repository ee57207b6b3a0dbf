"""Lives here: models of the Hugging Face hub: which of their files are wanted, how these come here, and how far that is.

Does not live here: what is offered (`shelf/register`), and HTTP doors.
May call: the doors, and the command `python -m model_service.command`.
"""
