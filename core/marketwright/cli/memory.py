"""How a process that serves for long handles its memory."""

_TRIM, _MMAP, _ARENAS = -1, -3, -8  # of mallopt(3)


def give_back() -> None:
    """Let large arrays go back to the system once they are freed, and threads share two heaps.

    A search over half a million people makes columns of some megabytes. As the GNU C library is set up by itself, each
    thread would keep several of them for later. Another C library is left as it is.
    """
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    for what, value in ((_MMAP, 1 << 20), (_TRIM, 1 << 22), (_ARENAS, 2)):
        mallopt(what, value)


__all__ = ["give_back"]
