"""Lives here: the door of the socket: who may come in, commands in, frames out.

Does not live here: any decision. Rooms below decide; this door parses, asks and answers.
May call: nobody; the address (asgi.py) hangs it in.
"""
