"""Fuzzy search: how well the letters that somebody types fit a text."""

WORD_START = 8
ADJACENT = 9
FIRST = 4
GAP = -0.1


def fuzzy_score(query: str, text: str) -> float | None:
    """Return how well a text fits a query, the higher the better; None if it does not.

    Each word of the query must be found as letters in order, which need not be adjacent. Letters at the
    beginning of words and adjacent letters count more; so do short texts.
    """
    low = text.casefold()
    total = 0.0
    for word in query.casefold().split():
        score = _word_score(word, low)
        if score is None:
            return None
        total += score
    return total - 0.01 * len(text)


def _word_score(word: str, text: str) -> float | None:
    """Return the best score over all places of the first letter."""
    starts = [place for place, letter in enumerate(text) if letter == word[0]]
    scores = [score for start in starts if (score := _score_from(start, word, text)) is not None]
    return max(scores, default=None)


def _score_from(start: int, word: str, text: str) -> float | None:
    score, last = 0.0, start - 1
    for number, letter in enumerate(word):
        place = start if number == 0 else text.find(letter, last + 1)
        if place < 0:
            return None
        if place == 0 or not text[place - 1].isalnum():
            score += WORD_START + (FIRST if place == 0 else 0)
        if number and place == last + 1:
            score += ADJACENT
        score += GAP * (place - last - 1)
        last = place
    return score
