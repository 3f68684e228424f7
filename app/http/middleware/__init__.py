"""
Plain ASGI classes, one a file, that stand around FastAPI.

Every request goes through Instrumentation, then Admission; between them is only CORS, whose headers
errors need too. What the fast path answers has gone through them as everything else has.
"""
