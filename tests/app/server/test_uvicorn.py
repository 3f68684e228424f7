"""
What app/server/ bends of uvicorn is what it was written for.

uvicorn has no settings for limits of heads and connections, for reading ahead, or for the notice
before an end, so that lifecycle.py, http_protocol.py and websocket_protocol.py there override
methods that are no documented interface. A change of one of them fails here, and pyproject.toml
bounds the version.
"""

import hashlib
import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import uvicorn
from packaging.requirements import Requirement
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
# Of the source of each class, the first digits of its SHA-256.
KNOWN = {
    FlowControl: "126debcdaa89",
    HttpToolsProtocol: "18fdf324b11b",
    RequestResponseCycle: "e67d470d435d",
    WebSocketsSansIOProtocol: "0bbcec989384",
    uvicorn.Server: "06e799f7c58f",
}


@pytest.mark.parametrize("bent", KNOWN, ids=lambda bent: bent.__name__)
def test_uvicorn_is_as_the_server_expects_it(bent: type) -> None:
    digest = hashlib.sha256(inspect.getsource(bent).encode()).hexdigest()[:12]
    assert digest == KNOWN[bent], (
        f"uvicorn {version('uvicorn')} has another {bent.__name__}: compare it with the version "
        f"before, make app/server/ fit, and set its digest here to {digest}"
    )


def test_only_versions_that_were_looked_at_are_installed() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    [uvicorn] = [
        requirement
        for requirement in map(Requirement, project["dependencies"])
        if requirement.name == "uvicorn"
    ]
    assert uvicorn.specifier.contains(version("uvicorn"))
    assert not uvicorn.specifier.contains("1.0")
    assert "<" in {part.operator for part in uvicorn.specifier}
