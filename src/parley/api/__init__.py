"""Lives here: the doors of HTTP: REST with its errors and who may enter, one file per room.

Does not live here: decisions. A door parses, asks a room, answers.
May call: nobody but the address book (urls) and tests.
"""
