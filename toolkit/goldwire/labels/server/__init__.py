"""The Label Studio server: how it is reached and asked, and what its failures mean.

In flow an address and a key; out flows a `Client`, and the server's JSON as it came.
"""

from goldwire.labels.server.client import Client, Project, connect

__all__ = ["Client", "Project", "connect"]
