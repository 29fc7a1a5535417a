"""What stands under or over every picture that plays: buttons, speed, where it is, and the track."""

from pathlib import Path

HERE = Path(__file__).parent
HTML = """<div class="bar">
  <button type="button" class="play"></button>
  <button type="button" class="first"></button>
  <button type="button" class="back"></button>
  <button type="button" class="next"></button>
  <button type="button" class="last"></button>
  <label class="speed"><span></span><select></select></label>
  <output class="read" aria-live="off"></output>
  <input class="scrub" type="range" min="0" step="1" />
</div>"""


def css(own: str) -> str:
    """The styles of a player: those of its bar, then those of this file."""
    return "".join((HERE / name).read_text("utf-8") for name in ("player_bar.css", own))
