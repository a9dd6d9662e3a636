"""The worker in a process of its own: `python -m services.procurement.worker`.

It places rows in the feed, hears the other services and makes the moves whose day has come. The
web process does so itself unless PROCUREMENT_WORKER_INLINE is false. Asked at PROCUREMENT_WORKER_PORT, it
answers /health/live, /health/ready and /metrics.
"""

from services.procurement.app import app
from shared.apart import serve_worker

if __name__ == "__main__":
    serve_worker(app)
