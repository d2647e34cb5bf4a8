"""``python -m marketwright``: the command line, whatever became of the script's path."""

from marketwright.cli import main

if __name__ == "__main__":
    main()
