"""BadInput: the base of the exceptions whose text is for the user."""


class BadInput(Exception):
    """What the user gave cannot be used; the text is one sentence that says what to do."""
