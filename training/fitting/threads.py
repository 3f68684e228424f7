"""The number of threads that torch computes with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

VARIABLE = "OMP_NUM_THREADS"


@contextmanager
def few_threads() -> Iterator[None]:
    """
    Compute with one thread, or with as many as OMP_NUM_THREADS says.

    Each of torch's small steps ends when its slowest thread does, and the others spin until then.
    If another process keeps a core busy, that thread is not scheduled, and training nearly stops.
    Networks of these sizes gain little from several threads even on an idle machine.
    """
    threads = torch.get_num_threads()
    if not os.environ.get(VARIABLE):
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
