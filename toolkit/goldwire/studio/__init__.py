"""A local Label Studio, for trying goldwire and for its tests: real, on loopback, in an environment of its own.

In flows a folder for its data, and perhaps a PostgreSQL database; out flows a `Server`, with which
`goldwire.labels.server.connect` talks.
Teams that run Label Studio elsewhere never need this room: they set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.
"""

from goldwire.studio.address import stored
from goldwire.studio.move import move
from goldwire.studio.process import Server, down, session, status, up

__all__ = ["Server", "down", "move", "session", "status", "stored", "up"]
