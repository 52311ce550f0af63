"""`wganstudio export`: write figures and tables of a session."""

from argparse import Namespace

from wganstudio.cli.messages import print_result
from wganstudio.cli.reading import ReadingProgress
from wganstudio.export import FORMATS, ExportError
from wganstudio.export import export as write
from wganstudio.session import Document


def export(options: Namespace) -> int:
    """Write every figure of every run and print the names of the files."""
    formats = tuple(part.strip() for part in options.formats.split(",") if part.strip())
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(f"--formats {options.formats}: choose from {', '.join(FORMATS)}")
    with ReadingProgress(options.session) as progress:
        document = Document.open(options.session, progress=progress)
    document.close()
    if not document.records():
        raise ExportError(f"{options.session} has no runs; nothing was written.")
    for record in document.records():
        for file in write(record, options.to, formats, dpi=options.dpi, among=document.records()):
            print_result(str(file))
    return 0
