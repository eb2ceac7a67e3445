"""Accounts for annotators on a server that `goldwire.studio.up` started, without a person at the keyboard."""

from typing import TYPE_CHECKING

from goldwire.errors import GoldwireError
from goldwire.studio.process import Server

if TYPE_CHECKING:
    import requests


def sign_up(server: Server, email: str, password: str) -> str:
    """Make an account through the administrator's invitation, as a person would, and return its API key.

    An account that is there already is signed in to, so calling this twice gives the same key.

    Parameters
    ----------
    server : Server
        A server of ours: it lets legacy tokens in, and the key is one.
    email, password : str
        The server lower-cases the address and wants eight characters or more of a password.

    Raises
    ------
    GoldwireError
        When the server refuses the address or the password, or does not answer.
    """
    import requests

    with requests.Session() as http:
        http.trust_env = False  # a proxy set for the network must not be asked for loopback
        try:
            if not (_signed_up(http, server, email, password) or _signed_in(http, server, email, password)):
                raise GoldwireError(
                    f"Label Studio at {server.url} neither makes the account {email} nor lets it in",
                    hint="Use a valid address and eight characters or more; an account that exists has its own.",
                )
            answer = http.get(f"{server.url}/api/current-user/token", timeout=60)
            answer.raise_for_status()
            return str(answer.json()["token"])
        except (requests.RequestException, KeyError, ValueError) as error:
            raise GoldwireError(
                f"Label Studio at {server.url} did not make an account: {type(error).__name__}",
                hint="See whether it runs: goldwire studio status",
            ) from None


def _signed_up(http: "requests.Session", server: Server, email: str, password: str) -> bool:
    headers = {"Authorization": f"Token {server.api_key}"}
    invitation = http.get(f"{server.url}/api/invite", headers=headers, timeout=60)
    invitation.raise_for_status()
    form = {"email": email, "password": password, "allow_newsletters": "false"}
    return _posted(http, server.url + invitation.json()["invite_url"], form)


def _signed_in(http: "requests.Session", server: Server, email: str, password: str) -> bool:
    return _posted(http, f"{server.url}/user/login/", {"email": email, "password": password})


def _posted(http: "requests.Session", address: str, form: dict[str, str]) -> bool:
    """Post a form of the server's pages. It redirects on success and shows the form again when it refuses."""
    http.cookies.clear()
    http.get(address, timeout=60).raise_for_status()
    token = http.cookies.get("csrftoken") or ""
    data = {**form, "csrfmiddlewaretoken": token}
    answer = http.post(address, data=data, headers={"Referer": address}, timeout=60, allow_redirects=False)
    return answer.is_redirect
