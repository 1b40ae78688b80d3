"""The day's papers on the command line: ``python -m core.literature.skim``."""

import sys

from core.literature.skim.cli import main

if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted; what was fetched is kept.")
