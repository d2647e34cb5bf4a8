"""Whether what failed was refused by the machine: no file, thread or memory is left, which passes."""

import errno

_SPENT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})
_NO_THREAD = "can't start new thread"  # in these words, as a RuntimeError


def starved(error: BaseException) -> bool:
    """Whether ``error`` says that the machine, or what it lets this process have, is used up for now."""
    if isinstance(error, OSError):
        return error.errno in _SPENT
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and _NO_THREAD in str(error))
