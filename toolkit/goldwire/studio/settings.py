"""What Label Studio is told through its environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from goldwire.studio.address import Address

LAUNCHER = Path(__file__).with_name("launcher.py")
_NOWHERE = "http://127.0.0.1:9"  # no proxy listens there, so every call out ends at once
_QUIET = {
    "COLLECT_ANALYTICS": "0",
    "LATEST_VERSION_CHECK": "0",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "FEATURE_FLAGS_OFFLINE": "1",
    # the server fetches tips from GitHub whenever a page is opened, and has no setting against that
    "HTTP_PROXY": _NOWHERE,
    "HTTPS_PROXY": _NOWHERE,
    "ALL_PROXY": _NOWHERE,
    "NO_PROXY": "127.0.0.1,localhost",
}
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH")


def of(data: Path, administrator: Mapping[str, str] | None = None, address: Address | None = None) -> dict[str, str]:
    """Return the server's whole environment: nothing of the caller's shell (DJANGO_*, POSTGRE_*, HOST) changes it.

    Parameters
    ----------
    data : Path
        The folder of its database and files.
    administrator : mapping, optional
        email, password and api_key of the account that it makes at its first start.
    address : Address, optional
        The PostgreSQL database; without one it is SQLite, in the folder.
    """
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    account = (
        {
            "LABEL_STUDIO_USERNAME": administrator["email"],
            "LABEL_STUDIO_PASSWORD": administrator["password"],
            "LABEL_STUDIO_USER_TOKEN": administrator["api_key"],
        }
        if administrator
        else {}
    )
    return {
        **inherited,
        **_QUIET,
        **account,
        **(address.environment() if address else {}),
        "PYTHONUTF8": "1",
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    }
