"""The player: paths of a descent, played, scrubbed and stepped in the browser without a round trip to the server.

All steps are sent once. While the hand is on the scrubber the server hears of the step as it hears of a track (one
message under way at a time), so that formulas and tables can follow; while the player plays it hears nothing until
the end. A start can be picked with the pointer in the picture.
"""

from collections.abc import Callable

import streamlit as st

from pages.shared import controls, courier, player_bar
from pages.shared.charts.paths import Picture
from pages.shared.charts.theme import ROLES
from pages.shared.text import _

HTML = f"""<section class="player">
  <div class="panels">
    <svg class="place" role="img"></svg>
    <svg class="loss" role="img"></svg>
  </div>
  <ul class="legend"></ul>
  <p class="hint"></p>
  {player_bar.HTML}
</section>"""

_component = st.components.v2.component(
    "player",
    html=HTML,
    css=player_bar.css("player.css"),
    js=courier.script("drawing.js", "player.js"),
)

Pick = Callable[[tuple[float, float], bool], None]


def player(
    picture: Picture,
    *,
    key: str,
    alt: str,
    start: int | None = None,
    scope: str = "",
    pick: Pick | None = None,
    pick_hint: str = "",
) -> int:
    """Draw the picture with its player; returns the step it stands at, which lives in the link under `key`.

    Args:
        picture: from charts.paths; without paths there is nothing to play, and 0 is returned.
        alt:     what is seen; a constant one while a hand moves things.
        start:   the step it opens at; None: the last one.
        scope:   what the step belongs to, as for a widget.
        pick:    called before the rerun with a point (x, y) of the picture that was clicked or dragged to, and with
                 whether the hand has let go; None: nothing can be picked. On a curve y is not to be used.
        pick_hint: what a click does, where it does not choose the start.
    """
    steps = picture["steps"]
    last = steps[-1]
    step = controls.held(key, last, start=last if start is None else min(start, last), scope=scope) if last else 0
    name = f"{key}.player"

    def told() -> None:
        courier.hear(name)
        match st.session_state[name].get("told"):  # a message can be forged
            case ["step", int() as to, bool() as done] if last and 0 <= to <= last:
                controls.drag([key], [int(to)], done, scope)
            case ["pick", x, y, bool() as done] if pick and courier.within(x, y, picture):
                pick((float(x), float(y)), done)

    data = {
        **picture,
        "step": step,
        "pick": pick is not None,
        "alt": alt,
        "roles": ROLES,
        "heard": courier.heard(name),
        "words": {
            "play": _("Play"),
            "pause": _("Pause"),
            "first": _("First"),
            "back": _("Back"),
            "next": _("Next"),
            "last": _("Last"),
            "speed": _("Speed"),
            "step": _("Step"),
            "of": _("Step {step} of {last}"),
            "outside": _("outside the picture"),
            "diverged": _("too large to be computed"),
            "pick": pick_hint or _("Click on the picture to choose the start."),
        },
    }
    _component(key=name, data=data, height="content", on_told_change=told)
    return step
