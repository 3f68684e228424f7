"""The HTTP and WebSocket interface: requests to queries, taggings to answers."""
