"""The service's own migrations and those of another folder after them, in a process of its own.

    python -m tests.support.migrating FOLDER upgrade evaluation

As if the next release had been unpacked: what runs is `shared.database.migrations`.
"""

import sys
from typing import Any

from alembic.config import Config

from shared.database import migrations

own_config = migrations.alembic_config


def with_more(folder: str) -> Any:
    def config(service: str, *, sandbox: bool = False) -> Config:
        own = own_config(service, sandbox=sandbox)
        home = own.get_main_option("script_location")
        own.set_main_option("version_locations", f"{home}/versions:{folder}")
        return own

    return config


if __name__ == "__main__":
    migrations.alembic_config = with_more(sys.argv[1])
    sys.exit(migrations._main(sys.argv[2:]))
