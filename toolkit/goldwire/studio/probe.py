"""Says what a PostgreSQL database holds, before Label Studio starts on it.

This file is a script for the interpreter of Label Studio's own environment, which has the driver, so it imports
nothing of goldwire. It reads the address from the environment and writes JSON.
"""

import json
import os
import sys
from typing import Any

TOKENS = """
SELECT u.email, t.key, coalesce((SELECT bool_or(legacy_api_tokens_enabled) FROM jwt_auth_jwtsettings), true)
FROM htx_user u LEFT JOIN authtoken_token t ON t.user_id = u.id
"""


def connect() -> Any:
    """Connect to the database that the environment names; the client library finds the password."""
    import psycopg  # type: ignore[import-not-found]

    names = {"user": "USER", "host": "HOST", "port": "PORT", "dbname": "NAME"}
    given = {name: os.environ[f"POSTGRE_{variable}"] for name, variable in names.items()}
    return psycopg.connect(**given, connect_timeout=10, options="-c timezone=UTC -c datestyle=ISO")


def _look(database: Any) -> dict[str, Any]:
    tables = {
        name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    }
    own = {name for name in tables if not name.startswith(("django_", "auth"))}
    complete = {"htx_user", "authtoken_token", "jwt_auth_jwtsettings"} <= tables
    users = list(database.execute(TOKENS)) if complete else []
    email, key = os.environ.get("LABEL_STUDIO_USERNAME"), os.environ.get("LABEL_STUDIO_USER_TOKEN")
    ours = [row for row in users if row[0] == email]
    return {
        "version": database.info.server_version // 10000,
        "encoding": database.info.parameter_status("server_encoding"),
        "may_create": database.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()[0],
        "foreign": sorted(own) if own and "htx_user" not in tables else [],
        "tables": complete,
        "users": len(users),
        "account_taken": any(row[1] != key for row in ours),
        "legacy_tokens": all(row[2] for row in users),
    }


def main() -> None:
    """Write what was found, or why it could not be."""
    import psycopg

    try:
        with connect() as database:
            found = _look(database)
    except psycopg.Error as error:
        found = {"error": str(error)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
