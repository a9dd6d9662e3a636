"""The worker in a process of its own: `python -m services.evaluation.worker`.

It places rows in the feed, hears the other services and makes the moves whose day has come. The
web process does so itself unless EVALUATION_WORKER_INLINE is false.
"""

from services.evaluation.app import app
from shared.app import serve_worker

if __name__ == "__main__":
    serve_worker(app)
