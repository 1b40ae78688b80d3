"""Whose request it is, and what a proxy may say about it.

A request comes from the address at the other end of its connection. A proxy in between names the
visitor's in X-Forwarded-For; anybody can write that header, so it is believed only of the proxies
in ``COSMODESK_PROXIES`` (on a Space: of the host's own network). Headers by which a request could
change the addresses in the answer never reach Gradio, unless they name one
of ``COSMODESK_HOSTS``.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import Scope

from core.settings import Settings

__all__ = ["LONGEST", "Forwarding", "asked_by", "hosted", "is_identifier", "names", "neighbourhood"]

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
_LONGEST = 20  # addresses in X-Forwarded-For that are looked at, from the end
_DROPPED = (b"x-forwarded-", b"x-original-", b"x-rewrite-", b"x-envoy-original-")
_DROPPED_NAMES = (b"forwarded", b"x-gradio-server", b"x-real-ip", b"x-script-name", b"x-host",
                  b"x-http-host-override", b"x-proxy-host", b"x-http-method-override",
                  b"x-url-scheme", b"front-end-https", b"x-client-ip", b"true-client-ip",
                  b"x-cluster-client-ip", b"x-ingress-path")


LONGEST = 128
"""Characters of an identifier; Gradio's clients send 11 to 36."""


def is_identifier(value: str) -> bool:
    """Whether a text can name a session, an event or an upload."""
    return 0 < len(value) <= LONGEST and value.isprintable()


asked_by: ContextVar[str] = ContextVar("asked_by", default="")
"""The address that sent the request that is served now, as :func:`neighbourhood` counts it."""


def hosted() -> bool:
    """Whether this runs as a hosted Space, inside the frame of its host."""
    return bool(os.environ.get("SPACE_ID"))


class Forwarding:
    """What is believed of the headers of proxies.

    Args:
        settings: with the addresses of the proxies.
        names: hosts under which a proxy may say that it was asked.

    Raises:
        ValueError: one sentence, if one of the addresses is none.
    """

    def __init__(self, settings: Settings, names: set[str]) -> None:
        named = [name.strip() for name in settings.proxies.split(",") if name.strip()]
        self._names = names
        try:
            self._proxies = [ipaddress.ip_network(name, strict=False)
                             for name in (*named, *(_PRIVATE if hosted() else ()))]
        except ValueError:
            raise ValueError(
                f"COSMODESK_PROXIES is {settings.proxies!r}; give addresses or networks of proxies "
                "with commas between, such as 10.0.0.5,192.168.0.0/16."
            ) from None

    def trusts(self, host: str) -> bool:
        """Whether an address is a proxy's."""
        try:
            address = _address(host)
        except ValueError:
            return False
        return any(address in network for network in self._proxies)

    def client(self, scope: Scope) -> str:
        """The address of the visitor who sent a request."""
        host = str((scope.get("client") or ("", 0))[0])
        if not self.trusts(host):
            return host
        hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        for hop in reversed(hops[-_LONGEST:]):
            hop = _without_port(hop.strip())
            try:
                _address(hop)
            except ValueError:
                break  # nonsense: whoever wrote it is the last that is known
            host = hop
            if not self.trusts(hop):
                break
        return host

    def seen(self, scope: Scope) -> Scope:
        """The request as the apps see it: the visitor's address, and no header of a proxy's but
        the host and the protocol that are believed."""
        headers = Headers(scope=scope)
        kept = [(name, value) for name, value in scope["headers"] if not _of_a_proxy(name)]
        peer = str((scope.get("client") or ("", 0))[0])
        forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip().lower()
        believed = forwarded.partition(":")[0] in self._names
        if believed:
            kept.append((b"x-forwarded-host", forwarded.encode("latin-1")))
        host = headers.get("host", "").partition(":")[0].lower()
        protocol = headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
        if protocol in ("http", "https") and (
            believed or host in self._names or self.trusts(peer)
        ):
            kept.append((b"x-forwarded-proto", protocol.encode()))
        port = (scope.get("client") or ("", 0))[1]
        client = (self.client(scope), port) if scope.get("client") else None
        return {**scope, "headers": kept, "client": client}


def neighbourhood(host: str) -> str:
    """What counts as one address: an IPv6 network of 64 bits, which one machine may fill."""
    try:
        address = _address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _of_a_proxy(name: bytes) -> bool:
    name = name.lower()
    return name in _DROPPED_NAMES or name.startswith(_DROPPED)


def names(named: Sequence[str]) -> set[str]:
    """Names of hosts, as they are compared."""
    return {name.strip().lower() for name in named} - {""}
