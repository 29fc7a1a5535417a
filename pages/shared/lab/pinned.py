"""A run of the lab kept in the link: its whole configuration as one short text."""

from engine.errors import InputError
from engine.lab import LabConfig
from engine.lab_code import decode, encode
from pages.shared.lab.setup import LabSetup

MOST = 1500  # characters of a link


def pin(chosen: LabSetup) -> str | None:
    """The text of the panel's run; None where it is too long for a link, as with many points of one's own."""
    text = encode(chosen.config, chosen.preset)
    return text if len(text) <= MOST else None


def rebuild(text: str) -> LabConfig:
    """The run of a text of `pin`.

    Raises: InputError: whatever is not such a text.
    """
    return decode(text)


def sound(text: str) -> bool:
    """Whether a text from a link is a run that can be shown."""
    try:
        rebuild(text)
    except InputError:
        return False
    return len(text) <= MOST
