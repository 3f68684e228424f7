"""Who may call, and how often: by API key, or by address where there are no keys."""

import ipaddress
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.types import Scope

from app.http.errors import InvalidApiKeyError, MissingApiKeyError
from app.http.paths import RELOAD_PATH, is_open
from app.security.api_keys import KeysFile

if TYPE_CHECKING:
    from app.http.rate_limit import Limit

KEY_HEADER = "x-api-key"
_KEY_HEADER = KEY_HEADER.encode()
# An address of IPv6 is one of 2^64 that whoever has it can call from.
_NETWORK_OF_A_CALLER = 64
_NOTHING: Mapping[str, str] = {}


class AccessControl:
    """
    Asks for API keys, if there is a file of them, and counts requests, if there is a limit.

    `closed` are open paths that ask for a key here. What the admin's keys are for has its own.
    """

    def __init__(
        self, keys: KeysFile | None, limit: "Limit | None", closed: Collection[str] = ()
    ) -> None:
        self.keys = keys
        self.limit = limit
        self._closed = closed

    def admit(self, scope: Scope, path: str) -> Mapping[str, str]:
        """
        Let a request in, and leave its caller in the scope's state.

        Returns headers for its answer. Raises MissingApiKeyError, InvalidApiKeyError and
        RateLimitedError.
        """
        if (self.keys is None and self.limit is None) or path == RELOAD_PATH:
            return _NOTHING
        is_public = is_open(path)
        if not is_public or path in self._closed:
            self.authenticate(scope, key_shown(scope))
        return _NOTHING if is_public else self.count(scope)

    def authenticate(self, scope: Scope, key: bytes | None) -> None:
        """Note whose key it is; raises MissingApiKeyError, InvalidApiKeyError."""
        if self.keys is not None:
            scope["state"]["caller"] = owner_of_key(key, self.keys)

    def count(self, scope: Scope) -> Mapping[str, str]:
        """Count a request of its caller; headers for its answer. Raises RateLimitedError."""
        return _NOTHING if self.limit is None else self.limit.count(caller_of(scope))


def key_shown(scope: Scope) -> bytes | None:
    """The key in the headers, if there is one."""
    shown = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, credentials = value.strip().partition(b" ")
            # Of another scheme it is for somebody else, such as a proxy.
            if scheme.lower() == b"bearer":
                return bytes(credentials.strip())
        elif name == _KEY_HEADER:
            shown = bytes(value.strip())
    return shown


def owner_of_key(shown: bytes | None, keys: KeysFile) -> str:
    """The name of the key that was shown; raises MissingApiKeyError, InvalidApiKeyError."""
    if not shown:
        raise MissingApiKeyError
    owner = keys.owner(shown)
    if owner is None:
        raise InvalidApiKeyError
    return owner


async def admin_only(request: Request) -> None:
    """A dependency of what changes the service; its keys are of a file of their own."""
    keys: KeysFile = request.app.state.admin_keys
    owner_of_key(key_shown(request.scope), keys)


def caller_of(scope: Scope) -> str:
    """The name of the caller's key, or else its address."""
    state, client = scope.get("state", {}), scope.get("client")
    if "caller" in state:
        return f"key {state['caller']}"
    if client is None:
        return "somebody"
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return f"host {client[0]}"
    # As proxies that listen for both write an address of IPv4; all these are in one network.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return f"address {address}"
    return f"network {ipaddress.ip_network((address, _NETWORK_OF_A_CALLER), strict=False)}"
