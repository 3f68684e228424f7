"""The slot-filling service."""
