"""The worker in a process of its own: `python -m services.registry.worker`.

It places rows in the feed, hears the other services and makes the moves whose day has come. The
web process does so itself unless REGISTRY_WORKER_INLINE is false.
"""

from services.registry.app import app
from shared.app import serve_worker

if __name__ == "__main__":
    serve_worker(app)
