"""A bucket of S3, or of anything that speaks its protocol. Loaded only where `PARLEY_S3_BUCKET` is set."""

from botocore.config import Config
from storages.backends.s3 import S3Storage

IN_MEMORY_BYTES = 4 * 1024 * 1024


class Bucket(S3Storage):  # type: ignore[misc] # django-storages ships no types
    """With limits to how long a slow S3 keeps a thread, and to how much of an object lies in memory; the rest spills."""

    def __init__(self, *, bucket: str, endpoint: str, region: str) -> None:
        super().__init__(
            bucket_name=bucket,
            endpoint_url=endpoint or None,
            region_name=region or None,
            default_acl=None,  # private: what the bucket itself says
            file_overwrite=True,
            max_memory_size=IN_MEMORY_BYTES,
            client_config=Config(
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 3, "mode": "standard"},
                s3={
                    "addressing_style": "path" if endpoint else "auto"
                },  # few servers beside Amazon's know names as hosts
            ),
        )
