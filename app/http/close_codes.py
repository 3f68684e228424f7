"""Codes with which a WebSocket ends: RFC 6455, 7.4.1, and the registry that it began."""

GOING_AWAY = 1001
POLICY_VIOLATION = 1008
SERVICE_RESTART = 1012
