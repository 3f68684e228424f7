"""Where networks run; in a file of its own, so that settings are read without onnxruntime."""

from typing import Literal

Device = Literal["cpu", "cuda", "auto"]
