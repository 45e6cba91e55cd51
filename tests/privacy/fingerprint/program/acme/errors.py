"""Exceptions with unusual classes and messages."""


class AgentError(Exception):
    class Inner(Exception):
        pass


class BrokenText(Exception):
    def __str__(self):
        raise RuntimeError("planted_message from __str__")


class Multi(Exception):
    pass


Odd = type("Odd name: planted", (Exception,), {})
Generic = type("Generic[acme.errors.T]", (Exception,), {})
Dotted = type("not.a.Module", (Exception,), {})


FAKE_FRAMES = 'planted said:\n  File "/home/planted_user/x.py", line 3, in planted_function\n    boom()\nTypeError: planted'
FAKE_HEADER = (
    'planted\nTraceback (most recent call last):\n  File "/home/planted_user/x.py", line 3, in planted_function\nTypeError: planted'
)
FAKE_LINK = "planted\n\nDuring handling of the above exception, another exception occurred:\n\nplanted text"
FAKE_GROUP = "planted\n  +-+---------------- 1 ----------------\n    | ValueError: planted\n    +------------------------------------"
ODD_TEXT = "planted \r\n \x1b[31mred\x1b[0m \u2028 \x85 \x0c \udc80 \x00 end"
