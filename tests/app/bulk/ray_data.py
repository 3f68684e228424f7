"""Tags Parquet under Ray Data: `python -m tests.app.bulk.ray_data IN OUT BUNDLE TEMPORARY`."""

import sys

import ray

from app.bulk.arrow import tag_batch


def main(source: str, out: str, bundle: str, temporary: str) -> None:
    """As docs/bulk.md has it, on a Ray of its own."""
    # Six for two cores: it waits for ever where readers, taggers and writers want more than it has.
    ray.init(
        num_cpus=6,
        include_dashboard=False,
        object_store_memory=100_000_000,
        _node_ip_address="127.0.0.1",
        _temp_dir=temporary,
    )
    tag = tag_batch(bundle)
    ray.data.read_parquet(source).map_batches(tag, batch_format="pyarrow").write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
