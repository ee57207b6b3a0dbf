"""Lives here: `parley fleet`, which runs the whole topology of many processes on one machine, from the templates in deploy/.
Does not live here: what runs inside the parts; nothing here touches a table or knows a room.
May call: only the command line.
"""
