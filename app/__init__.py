"""The slot-filling service."""

__version__ = "0.1.0"
