"""The command line: `evenload`, whose commands stand in a module each."""

import io
import sys


def main() -> None:
    """Run the command line with the process's arguments, and exit with its status."""
    # A name or path that the terminal cannot show is no reason to fail.
    output: object = sys.stdout
    if isinstance(output, io.TextIOWrapper):
        output.reconfigure(errors="backslashreplace")
    try:
        from evenload.cli.app import app_for  # noqa: PLC0415 - it needs the extra this may ask for

        app = app_for(sys.argv[1:])
    except ModuleNotFoundError as error:
        package = (error.name or "evenload").partition(".")[0]
        if package == "evenload":
            raise
        sys.stderr.write(
            f"The command line needs {package}: install it with pip install 'evenload[cli]'\n"
        )
        sys.exit(1)
    app()
