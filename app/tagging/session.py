"""A bundle's graph as a session of onnxruntime, on the device that is asked for."""

from functools import cache

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnxruntime_state

from app.tagging.bundle import Bundle
from app.tagging.cores import usable_cores
from app.tagging.device import Device
from app.tagging.errors import BundleInvalidError, ProviderUnavailableError
from app.tagging.onnx_graph import is_in_one_piece

_INPUTS = {"words", "trigrams", "lengths"}
_OF_TAGS = ("tag_scores", "tag_probabilities")
_OF_INTENTS = ("intent_scores", "intent_probabilities")
# onnxruntime's exceptions have no root of their own.
GRAPH_ERRORS = (
    onnxruntime_state.Fail,
    onnxruntime_state.InvalidArgument,
    onnxruntime_state.InvalidGraph,
    onnxruntime_state.InvalidProtobuf,
    onnxruntime_state.NotImplemented,
    onnxruntime_state.RuntimeException,
)
# TF32 would round the factors of a product to 11 bits, and move scores beyond the tolerance of
# verification examples.
_CUDA = {"use_tf32": "0"}


def providers_of(provider: Device) -> list[str | tuple[str, dict[str, str]]]:
    """
    What onnxruntime is to compute on, the first that it can, with options.

    Raises ProviderUnavailableError when `cuda` is asked for and this onnxruntime has none.
    """
    has_cuda = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
    if provider == "cuda" and not has_cuda:
        raise ProviderUnavailableError(
            "the provider cuda was asked for and this onnxruntime has none: install "
            "onnxruntime-gpu in place of onnxruntime, or set SLOTLINE_DEVICE=cpu"
        )
    if provider == "cpu" or not has_cuda:
        return ["CPUExecutionProvider"]
    onnxruntime.preload_dlls()  # CUDA's libraries, where pip has put them
    return [("CUDAExecutionProvider", _CUDA), "CPUExecutionProvider"]


def outputs_of(bundle: Bundle) -> list[str]:
    """What the service reads of the bundle's graph: scores, then probabilities."""
    return [*_OF_TAGS, *(_OF_INTENTS if bundle.contents.intents else ())]


def open_session(bundle: Bundle, provider: Device, threads: int) -> onnxruntime.InferenceSession:
    """
    The session of a bundle; on `auto`, on the GPU where it can.

    Raises BundleInvalidError when its graph cannot be opened, ProviderUnavailableError when `cuda`
    is asked for and cannot be had.
    """
    providers = providers_of(provider)
    _check_graph(bundle)
    options = onnxruntime.SessionOptions()
    # More than there are cores would only wait for one another.
    options.intra_op_num_threads = min(threads, usable_cores())
    options.inter_op_num_threads = 1
    on_cpu_alone = len(providers) == 1
    # It raises what goes wrong too, and we tell of it; but not why CUDA cannot be had.
    options.log_severity_level = 4 if on_cpu_alone else 3
    if on_cpu_alone:
        _share_memory()
        options.add_session_config_entry("session.use_env_allocators", "1")
    try:
        session = onnxruntime.InferenceSession(bundle.contents.graph, options, providers=providers)
    except GRAPH_ERRORS as error:
        raise BundleInvalidError(
            bundle.manifest.name, f"onnxruntime cannot open its graph: {error}"
        ) from error
    # It keeps the bytes that it has read, for a change of providers that never comes.
    session._model_bytes = None
    if {entry.name for entry in session.get_inputs()} != _INPUTS:
        raise BundleInvalidError(
            bundle.manifest.name, f"its graph must take just {', '.join(sorted(_INPUTS))}"
        )
    if absent := set(outputs_of(bundle)) - {entry.name for entry in session.get_outputs()}:
        raise BundleInvalidError(
            bundle.manifest.name, f"its graph does not give {', '.join(sorted(absent))}"
        )
    if provider == "cuda" and session.get_providers()[0] != "CUDAExecutionProvider":
        raise ProviderUnavailableError(
            "the provider cuda was asked for and onnxruntime fell back to "
            f"{session.get_providers()[0]}: check the CUDA libraries and the driver, or set "
            "SLOTLINE_DEVICE=cpu"
        )
    return session


@cache
def _share_memory() -> None:
    """
    Have all sessions on the CPU share one arena: few of them run at once.

    It grows to the next power of two, as the sessions' own would, each for itself. One that grew
    by just what is asked for would keep a piece for each length of text.
    """
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu",
        onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR,
        0,
        onnxruntime.OrtMemType.DEFAULT,
    )
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg({"max_mem": 0}))


def _check_graph(bundle: Bundle) -> None:
    """Refuse a graph that would make onnxruntime read another file, or is in another format."""
    try:
        if is_in_one_piece(bundle.contents.graph):
            return
    except ValueError as error:
        raise BundleInvalidError(bundle.manifest.name, f"its graph is not ONNX: {error}") from error
    raise BundleInvalidError(
        bundle.manifest.name,
        "its graph has external data, and a bundle's graph is one file",
        "export it with its values inside",
    )
