"""Where the service listens: HOST and PORT made sockets, or one sentence that says why not."""

import errno
import ipaddress
import re
import socket

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_LARGEST_PORT = 65535
_PRIVILEGED = 1024  # below it a port is the administrator's
# What has no place in an address; `%` names an interface (RFC 4007).
_FOREIGN = re.compile(r"[^\w.:%-]")
_WITH_PORT = re.compile(r"(\[[^\]]*\]|[^:]+):([0-9]*)")
# What old C libraries take for an IPv4 address: 0 would be every network.
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_MISSING = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
_SET_HOST = f"unset HOST, or set HOST={DEFAULT_HOST}"


class AddressError(Exception):
    """The service cannot listen on HOST and PORT; the message says why and what to do."""


def read_host(value: str) -> str:
    """
    The address or name that a value of HOST means, without brackets and blanks around it.

    Raises AddressError where it is neither.
    """
    host = value.strip()
    if not host:
        return DEFAULT_HOST
    if host.startswith("[") and host.endswith("]") and _is_a(ipaddress.IPv6Address, host[1:-1]):
        return host[1:-1]
    if _is_a(ipaddress.IPv6Address, host):
        return host
    if "://" in host:
        raise AddressError(
            f"HOST={value!r} is a URL: set HOST to its host alone, such as {DEFAULT_HOST}, "
            "and PORT to its port"
        )
    if match := _WITH_PORT.fullmatch(host):
        name, port = match.groups()
        raise AddressError(
            f"HOST={value!r} has a port: set HOST={name} and PORT={port or 8000} instead"
        )
    if host == "*":
        raise AddressError(f"HOST={value!r} is no address: set HOST=0.0.0.0 for every network")
    if (
        _FOREIGN.search(host)
        or ":" in host
        or (_NUMBER.fullmatch(host) and not _is_a(ipaddress.IPv4Address, host))
    ):
        raise AddressError(
            f"HOST={value!r} is no address to listen on: {_SET_HOST} "
            "(one address or name, without quotes, blanks or a port)"
        )
    return host


def read_port(value: object) -> object:
    """
    The port that a text means, the default for a blank one.

    Raises ValueError where it is none. Only ASCII digits count.
    """
    if not isinstance(value, str):
        return value
    port = value.strip()
    if not port:
        return DEFAULT_PORT
    if not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > _LARGEST_PORT:
        raise ValueError(
            f"{value!r} is no port: unset PORT, or set it to a number from 1 to {_LARGEST_PORT}, "
            f"such as PORT={DEFAULT_PORT}"
        )
    return int(port)


def bind(host: str, port: int) -> list[socket.socket]:
    """
    Sockets bound to all addresses of HOST, at one port; none of them listens yet.

    Raises AddressError.
    """
    name = read_host(host)
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    for family, address in _addresses(host, name, port):
        if port == 0 and sockets:  # any port will do, but the same for all
            address = (address[0], sockets[0].getsockname()[1], *address[2:])
        try:
            sockets.append(_bound(family, address))
        except OSError as error:
            # `localhost` may have an address of IPv6 where the system has none.
            if error.errno in _MISSING:
                missing = missing or error
                continue
            _close(sockets)
            raise address_error(host, port, error) from error
    if not sockets and missing:
        raise address_error(host, port, missing) from missing
    return sockets


def url_of(listener: socket.socket) -> str:
    """Where the service is found at a socket that is bound."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def address_error(host: str, port: int, error: OSError) -> AddressError:
    """What an error of the system when it binds or listens means for HOST and PORT."""
    reason = error.strerror or str(error)
    if error.errno == errno.EADDRINUSE:
        return AddressError(
            f"PORT={port} is in use on HOST={host!r}: stop what listens there, or set PORT to "
            "another port"
        )
    if error.errno in (errno.EACCES, errno.EPERM) and port < _PRIVILEGED:
        return AddressError(
            f"PORT={port} on HOST={host!r} is not permitted to this user ({reason}): "
            f"set PORT to {_PRIVILEGED} or above"
        )
    if error.errno in _MISSING:
        return AddressError(
            f"HOST={host!r} is no address of this machine ({reason}): {_SET_HOST}, "
            "or HOST=0.0.0.0 for every network"
        )
    return AddressError(f"cannot listen on HOST={host!r}, PORT={port} ({reason}): {_SET_HOST}")


Address = tuple[str, int] | tuple[str, int, int, int]


def _addresses(host: str, name: str, port: int) -> list[tuple[socket.AddressFamily, Address]]:
    try:
        infos = socket.getaddrinfo(
            name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
    except (OSError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it is no name"
        raise AddressError(
            f"HOST={host!r} is no address of this machine and no name of one ({reason}): "
            f"{_SET_HOST} (conda and some shells export a HOST of their own)"
        ) from error
    # A name may be told twice; the order stays. The types know a third kind of address, that of
    # a Python without IPv6, which has no place in a socket of ours.
    return list(dict.fromkeys((family, address) for family, _, _, _, address in infos))  # type: ignore[misc]


def _bound(family: socket.AddressFamily, address: Address) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # and IPv4 by a socket of its own
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except BaseException:
        bound.close()
        raise
    return bound


def _close(sockets: list[socket.socket]) -> None:
    for listener in sockets:
        listener.close()


def _is_a(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], host: str) -> bool:
    try:
        kind(host)
    except ValueError:
        return False
    return True
