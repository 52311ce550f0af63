"""BadInput: the base of the exceptions whose text is for the user."""


class BadInput(Exception):
    """The user's input cannot be used; the text is one sentence that says what to do."""
