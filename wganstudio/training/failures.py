"""Sentences about errors that no code foresaw. The raw text of an error belongs into the details."""


def explain(
    error: BaseException, task: str, remedy: str = "choose a smaller batch, network or resolution"
) -> str:
    """Return one sentence about an error, with what the user can do.

    Parameters
    ----------
    error
        Any exception except those whose text is for the user, such as BadExperiment.
    task
        What was being done, as the subject of the sentence: "The run".
    remedy
        What saves memory.
    """
    text = str(error)
    if isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text:
        return f"{task} needs more memory than there is; {remedy}."
    if isinstance(error, OSError):
        return f"{task} cannot go on: {(error.strerror or text or type(error).__name__).rstrip('.')}."
    if type(error).__name__ == "LinAlgError":  # of numpy, scipy or torch
        return (
            f"{task} needs the inverse of a singular matrix; check that the samples vary in every coordinate."
        )
    return (
        f"{task} ended with an internal error ({type(error).__name__}); "
        "please report it together with the experiment and the details."
    )
