"""Where the command begins. ``python -m counterscore`` is the same as ``counterscore``."""

import sys


def main() -> int:
    """Run the command line; somebody who stops it while its modules are still being read gets a sentence too."""
    try:
        from counterscore import cli

        return cli.main()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped, nothing kept.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
