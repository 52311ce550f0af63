"""Messages on stderr: one sentence, and the details of an error in a file of their own."""

import sys
import tempfile


def print_error(message: str, detail: str = "") -> None:
    """Print why a command failed."""
    print_message(f"wganstudio: {message}", detail)


def print_message(message: str, detail: str = "") -> None:
    """Print one sentence, and the name of a temporary file with the details if there are any."""
    if detail:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="wganstudio-", suffix=".log", delete=False
        ) as file:
            file.write(detail)
        message += f" Details: {file.name}"
    print(message, file=sys.stderr, flush=True)
