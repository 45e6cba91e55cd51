"""Types that prove that the filter ran: nobody but the filter makes one."""

from __future__ import annotations

from typing import NoReturn


class Sealed:
    """Base of the filter's results. The filter makes them past the constructor, which refuses everybody.

    Raises:
        TypeError: one is constructed, subclassed, copied or pickled.
    """

    def __init__(self, *_arguments: object, **_named: object) -> None:
        raise TypeError(f"{type(self).__name__} is made by the redact functions of otel_smart_agents.privacy only")

    def __init_subclass__(cls) -> None:
        if any(base is not Sealed and issubclass(base, Sealed) for base in cls.__bases__):
            raise TypeError(f"{cls.__bases__[0].__name__} cannot be subclassed: the type is the proof that the filter ran")

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied: redact where the result is used")
