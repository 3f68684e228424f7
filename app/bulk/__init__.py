"""
Tags files: rows with a text in, the same rows with its slots out.

`slotline tag` runs it on one machine (command.py), and TagBatch (arrow.py) under an engine such as
Ray Data, Spark or Dask. Knows nothing of HTTP; pyarrow is needed for Parquet and TagBatch alone.
"""
