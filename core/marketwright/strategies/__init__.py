"""What core and plugins say to each other: one module a subject, frozen dataclasses and one small ABC each."""
