"""Django's cache in Redis, for what all processes must count together: attempts to sign in.

Without Redis nothing can be counted, so whoever asks is refused, with an error that doors know: sign-in fails closed. Nothing
that people read goes through here. Named in `CACHES` only where there is a Redis.
"""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from parley.core.errors import Busy

RETRY_AFTER_S = 5.0


class CannotCount(Busy):
    default = "Parley cannot check sign-ins at the moment, because its Redis does not answer. Try again shortly."


class SharedCache(RedisCache):
    """Raises `CannotCount` from whatever it is asked while Redis is away."""

    @cached_property
    def _cache(self) -> Any:  # the client is Django's own affair
        return _Mapped(super()._cache)


class _Mapped:
    """A client whose errors are ours."""

    def __init__(self, client: object) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        @wraps(method)
        def ask(*args: Any, **options: Any) -> Any:
            try:
                return method(*args, **options)
            except (RedisError, OSError) as error:
                raise CannotCount(retry_after_s=RETRY_AFTER_S) from error

        return ask
