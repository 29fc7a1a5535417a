"""The lab's player: a training, played, scrubbed and stepped in the browser without a round trip to the server.

Field, network and curves of all frames are sent once, packed by `lab_reel`. The server hears of the frame when the hand
lets go and when playing pauses or ends; of a rerun that brings no other training the player is told the frame alone.
Should it have lost its film it asks for it.
"""

from collections.abc import Callable

import streamlit as st

from pages.shared import controls, courier, player_bar
from pages.shared.charts.theme import ROLES
from pages.shared.lab_reel import Reel
from pages.shared.text import _

FRAME = "training_frame"  # the lab's sections share it
SCRIPTS = ("drawing.js", "lab_film.js", "lab_field.js", "lab_curves.js", "lab_net.js", "lab_player.js")
HTML = f"""<section class="lab">
  {player_bar.HTML}
  <ul class="values"></ul>
  <div class="panels">
    <div class="field"><div class="shade"><canvas></canvas></div><svg role="img"></svg></div>
    <div class="curves"><svg class="loss" role="img"></svg><svg class="score" role="img"></svg></div>
    <p class="hint of-plane"></p>
    <div class="net"><canvas></canvas><svg role="group"></svg></div>
    <p class="hint of-net"></p>
  </div>
  <ul class="legend"></ul>
  <div class="options">
    <label class="option-tests"><input class="tests" type="checkbox" checked /><span></span></label>
    <label class="option-log"><input class="log" type="checkbox" /><span></span></label>
  </div>
</section>"""

_component = st.components.v2.component(
    "lab_player",
    html=HTML,
    css=player_bar.css("lab_player.css"),
    js=courier.script(*SCRIPTS),
)

Pick = Callable[[float, float], None]


def lab_player(reel: Reel, *, key: str, alt: str, scope: str, pick: Pick | None = None) -> int:
    """Draw the training with its player; returns the frame it stands at, which lives in the link.

    Args:
        key:   of the component.
        alt:   what is seen of the plane.
        scope: what the frame belongs to, as for a widget.
        pick:  called before the rerun with the point (x1, x2) of the field that was clicked; None: none can be.
    """
    last = len(reel.epochs) - 1
    frame = controls.held(FRAME, last, start=last, scope=scope)

    def told() -> None:
        courier.hear(key)
        match st.session_state[key].get("told"):  # a message can be forged
            case ["frame", int() as to] if 0 <= to <= last:
                controls.drag([FRAME], [int(to)], True, scope)
            case ["pick", x, y] if pick and courier.within(x, y, reel.message):
                pick(float(x), float(y))
            case ["film", str()]:
                st.session_state.pop(_sent(key), None)

    data = {
        "film": reel.message if _first_time(key, reel.code) else None,
        "code": reel.code,
        "frame": frame,
        "pick": pick is not None,
        "alt": alt,
        "roles": ROLES,
        "heard": courier.heard(key),
        "words": _words(reel.message),
    }
    _component(key=key, data=data, height="content", on_told_change=told)
    return frame


def _sent(key: str) -> str:
    return f"{key}.sent"


def _first_time(key: str, code: str) -> bool:
    """Whether the player does not have this film yet, as far as one knows here."""
    known = st.session_state.get(_sent(key)) == code
    st.session_state[_sent(key)] = code
    return not known


def _words(film: dict) -> dict[str, str]:
    accuracy = film["score"] == "accuracy"
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "first": _("First"),
        "back": _("Previous frame"),
        "next": _("Next frame"),
        "last": _("Last"),
        "speed": _("Speed"),
        "epoch": _("Epoch"),
        "of": _("Epoch {epoch} of {last}"),
        "kept": _("The network that is kept: epoch {epoch}"),
        "frame": _("frame {n} of {last}"),
        "loss": _("loss"),
        "accuracy": _("accuracy"),
        "train_loss": _("training loss"),
        "test_loss": _("test loss"),
        "train_score": _("accuracy, training") if accuracy else _("R², training"),
        "test_score": _("accuracy, test") if accuracy else _("R², test"),
        "trained": _("training sample"),
        "tested": _("test sample"),
        "class": _("class {name}"),
        "answer": _answer(film),
        "above": _("weight or bias above 0"),
        "below": _("below 0"),
        "inputs": _("inputs"),
        "input": _("input {name}"),
        "colours": _("colours from orange to blue:"),
        "hover_plane": _("Point at the plane or at a sample: its numbers stand here."),
        "hover_net": _("Point at a unit or an edge: its numbers stand here."),
        "pick": _("Click on the plane to add a sample."),
        "option-tests": _("show test samples"),
        "option-log": _("loss on a logarithmic axis"),
        "loss_picture": _("Training loss and test loss over the epochs, with a line at the epoch shown"),
        "score_picture": _("Scores of training samples and test samples over the epochs"),
        "net_picture": _("The network: units with their pictures, weights as edges. Arrow keys go from unit to unit."),
    }


def _answer(film: dict) -> str:
    """What the number at the pointer is."""
    if film["logits"] and film["kind"] == "two":
        return _("probability of class {name}:").format(name=film["classes"][1])
    return _("the network answers")
