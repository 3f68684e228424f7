"""Line ends: git leaves those of the repository alone, and bundles say when theirs have changed."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from app.tagging.bundle import MANIFEST, SIGNATURE, LoadPolicy, open_bundle
from app.tagging.errors import BundleInvalidError

ROOT = Path(__file__).parents[1]
SHIPPED = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob(f"models/*/{MANIFEST}"))
BUNDLES = [*SHIPPED, Path("tests/toy_bundle")]

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(),
    reason="this is no clone, or git is not installed",
)


def git(folder: Path, *arguments: str) -> bytes:
    """What git prints; settings of whoever runs the tests are not its own."""
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    mine = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.check_output(["git", *arguments], cwd=folder, env=mine | alone)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the files of this one as they are now, committed without hooks."""
    folder = tmp_path_factory.mktemp("repository")
    for name in git(ROOT, "ls-files", "-z", "--cached").decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, *author, "commit", "--quiet", "--no-verify", "--message", "All")
    return folder


@needs_git
@pytest.mark.parametrize(
    "settings",
    [
        ["core.autocrlf=true"],
        ["core.autocrlf=input"],
        ["core.eol=crlf"],
        ["core.autocrlf=true", "core.eol=crlf", "core.safecrlf=false"],
    ],
)
def test_a_clone_has_every_byte_of_the_repository(
    committed: Path, tmp_path: Path, settings: list[str]
) -> None:
    options = [word for setting in settings for word in ("-c", setting)]
    git(tmp_path, "clone", "--quiet", *options, str(committed), "clone")
    assert_same(committed, tmp_path / "clone")


@needs_git
@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.eol=crlf"])
def test_an_archive_has_every_byte_of_the_repository(
    committed: Path, tmp_path: Path, setting: str
) -> None:
    archive = tmp_path / "archive.tar"
    git(committed, "-c", setting, "archive", "--output", str(archive), "HEAD")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "archive", filter="data")
    assert_same(committed, tmp_path / "archive")


def assert_same(committed: Path, copy: Path) -> None:
    for bundle in BUNDLES:
        assert open_bundle(copy / bundle).manifest.files
    names = git(committed, "ls-files", "-z").decode().split("\0")[:-1]
    assert len(names) > 100
    differing = [n for n in names if (committed / n).read_bytes() != (copy / n).read_bytes()]
    assert differing == []


@needs_git
def test_files_whose_hashes_are_checked_are_never_converted() -> None:
    names = [
        *(f"{bundle}/{file.name}" for bundle in BUNDLES for file in (ROOT / bundle).iterdir()),
        *(f"models/new/{name}" for name in ("words.txt", "lexicon.txt", SIGNATURE)),
        "tests/fuzz/corpus/requests/new",
    ]
    told = git(ROOT, "check-attr", "text", "--", *names).decode().splitlines()
    assert [line for line in told if not line.endswith(": unset")] == []
    assert len(told) == len(names)


@pytest.fixture
def bundle(toy_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(toy_bundle, tmp_path / "toy")


def convert(path: Path, old: bytes = b"\n", new: bytes = b"\r\n") -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))


@pytest.mark.parametrize(
    "name",
    [MANIFEST, "words.txt", "trigrams.txt", "slots.txt", "intents.txt", "examples.jsonl"],
)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_other_line_ends_are_told_from_damage(bundle: Path, name: str, line_end: bytes) -> None:
    convert(bundle / name, new=line_end)
    with pytest.raises(BundleInvalidError, match=f"{name} has other line ends") as error:
        open_bundle(bundle)
    assert "core.autocrlf" in str(error.value)
    assert "* -text" in str(error.value)


def test_a_bundle_all_of_whose_text_was_converted_is_told_so(bundle: Path) -> None:
    for path in bundle.iterdir():
        if path.suffix != ".onnx":
            convert(path)
    with pytest.raises(BundleInvalidError, match="has other line ends"):
        open_bundle(bundle)


def test_a_graph_that_was_sent_as_text_is_told_so(bundle: Path) -> None:
    convert(bundle / "model.onnx")
    with pytest.raises(BundleInvalidError, match=r"model\.onnx has other line ends"):
        open_bundle(bundle)


@pytest.mark.parametrize("name", [MANIFEST, "words.txt"])
def test_what_is_damaged_beside_its_line_ends_is_called_damaged(bundle: Path, name: str) -> None:
    convert(bundle / name)
    # In the manifest the experiment is what nothing else checks.
    convert(bundle / name, b"e", b"a")
    with pytest.raises(BundleInvalidError) as error:
        open_bundle(bundle)
    assert "line ends" not in str(error.value)


@pytest.mark.parametrize("which", [[MANIFEST], [SIGNATURE], [MANIFEST, SIGNATURE]])
def test_a_signed_bundle_tells_line_ends_from_a_lack_of_trust(
    bundle: Path, tmp_path: Path, which: list[str]
) -> None:
    pytest.importorskip("cryptography")
    from app.security.signing import new, sign_bundle
    from app.tagging.signatures import read_trusted_keys

    trusted = LoadPolicy(trusted=read_trusted_keys(new(tmp_path / "key")))
    sign_bundle(bundle, tmp_path / "key")
    for name in which:
        convert(bundle / name)
    if which == [SIGNATURE]:  # whose line ends do not matter
        assert open_bundle(bundle, trusted).manifest.name == "toy"
        return
    with pytest.raises(BundleInvalidError, match=f"{MANIFEST} has other line ends"):
        open_bundle(bundle, trusted)
