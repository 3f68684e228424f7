"""The service keeps to its OpenAPI document, whatever schemathesis makes of that."""

from pathlib import Path

import pytest

from app.security.api_keys import new_key
from benchmarks.harness.exploration import cases, explore
from benchmarks.harness.service import serving

EXAMPLES = 10


def test_the_service_keeps_to_its_document(toy_with_types: Path, tmp_path: Path) -> None:
    pytest.importorskip("schemathesis")
    # One key for all, so that what is only for the operator is explored too.
    key = new_key(tmp_path / "keys", "everybody")
    keys = dict.fromkeys(
        ("SLOTLINE_API_KEYS_FILE", "SLOTLINE_ADMIN_KEYS_FILE"), str(tmp_path / "keys")
    )
    folders = {
        "SLOTLINE_MODEL_DIR": str(toy_with_types),
        "SLOTLINE_FORMS_DIR": str(Path(__file__).parent / "toy_forms"),
    }
    with serving(**folders, **keys) as (client, _):
        options = ("--max-examples", str(EXAMPLES), "--generation-deterministic")
        assert cases(explore(client.base_url, key, *options)) > 100
