"""The models that are served and the queue before them; knows no HTTP."""
