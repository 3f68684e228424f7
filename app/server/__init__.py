"""uvicorn, its limits, its workers and its end."""
