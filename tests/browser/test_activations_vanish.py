"""The vanishing gradient in a browser: the lines are drawn, follow a drag, and the formulas are set."""

from engine.activations import Sigmoid
from engine.gradient_flow import band, gradient_flow
from engine.initializers import NAMED
from engine.signal import SignalConfig
from engine.slope_product import slope_chain
from tests.browser.conftest import settle

PAGE = "/activations?activations_section=vanish"


def lines(page) -> list[str]:
    """What the lines look like: the medians, and the dashed ones of theory."""
    return page.locator("[data-testid=stVegaLiteChart] svg .mark-line path").evaluate_all(
        "paths => paths.map(path => path.getAttribute('d'))"
    )


def axis(page) -> list[str]:
    return page.locator("[data-testid=stVegaLiteChart] svg .role-axis-label text").all_text_contents()


def test_lines_bands_and_theory_are_drawn(visit):
    page = visit(PAGE)
    assert len(lines(page)) == 6
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-area path").count() == 3
    assert "1e-12" in axis(page)
    assert page.locator(".katex-error").count() == 0


def test_a_drag_draws_new_networks_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    before = lines(page)
    track = page.locator("input[type=range]").first
    layers = page.get_by_role("spinbutton", name="Layers")
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 19 / 49, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, middle, steps=4)
    page.wait_for_function(
        "before => document.querySelector('[data-testid=stVegaLiteChart] svg .mark-line path')"
        ".getAttribute('d') !== before",
        arg=before[0],
    )
    assert int(layers.input_value()) > 20
    assert "activations_vanish_depth" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**activations_vanish_depth=*")
    settle(page)
    assert f"activations_vanish_depth={layers.input_value()}" in page.url


def test_a_zero_leaves_no_line_and_no_error(visit):
    page = visit(f"{PAGE}&activations_vanish_functions=step")
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 1
    assert page.get_by_text("in 11 of 11 networks the gradient of some layer is exactly 0").count() == 1
    assert page.complaints == []


def test_the_formulas_fit_a_phone(visit):
    query = "digits=9", "w=-1.2345678", "last=1", "chain=gelu", "x=-3"
    page = visit(PAGE + "".join(f"&activations_vanish_{one}" for one in query), width=390)
    wide = page.locator(".katex-display").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert page.locator(".katex-display").count() == 2
    assert wide == 0


def test_the_numbers_to_take_away_are_the_engines(visit):
    page = visit(PAGE)
    page.get_by_text("Take it away").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (CSV)").click()
    _header, *rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    config = SignalConfig(20, 64, 16, Sigmoid(), NAMED["xavier_normal"], tuple(range(11)))
    found = band(gradient_flow(config).dz_std)
    assert len(rows) == 3 * 20 + 20  # three activations, and the chain
    name, layer, *numbers = rows[0].split(",")[:5]
    assert (name, float(layer)) == ("Sigmoid", 1)
    assert [float(text) for text in numbers] == [found.median[0], found.low[0], found.high[0]]
    assert float(rows[-1].split(",")[-1]) == slope_chain(Sigmoid(), 20).products[0]
