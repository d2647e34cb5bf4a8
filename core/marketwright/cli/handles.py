"""How many connections a server has room for: each takes one of the files that its process may have open."""

import sys

if sys.platform != "win32":
    import resource

MOST, LEAST = 500, 4
OTHERS = 128  # files for all else: the database's connections, uploads, the index, what plugins open
USUAL = 100  # where the system does not say


def connections() -> int:
    """As many connections as there is room for, at most :data:`MOST`.

    The limit of open files is raised towards what the system allows this process at most: 1024 are usual, some
    service managers give 256. Beyond the number found here people wait for a place, while those who never end their
    request are let go; without it the server would ask for files in vain, thousands of times a second.
    """
    if sys.platform == "win32":
        return USUAL
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + OTHERS
    if files != resource.RLIM_INFINITY and files < wanted:
        raised = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, most))
            files = raised
        except (OSError, ValueError):  # some systems allow less than they say
            pass
    return MOST if files == resource.RLIM_INFINITY else max(LEAST, min(MOST, files - OTHERS))


__all__ = ["connections"]
