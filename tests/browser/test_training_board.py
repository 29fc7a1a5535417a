"""The board in a browser: curves, ridges and a graph that can be clicked, on a phone and in the dark."""

from tests.browser.conftest import settle

PAGE = "/training?training_section=board&training_epochs=20"
CHARTS = "[data-testid=stVegaLiteChart] svg"


def test_curves_then_ridges_then_the_graph(visit):
    page = visit(f"{PAGE}&training_board_seeds=1", width=390, theme="dark")
    assert page.locator(CHARTS).count() == 5
    # Training and test of two seeds, smoothed and raw.
    assert page.locator(CHARTS).first.locator(".mark-line path").count() == 8
    page.get_by_role("radio", name="Histograms").click()
    page.get_by_text("Ridge:").wait_for()
    settle(page)
    ridge = page.locator(CHARTS).first
    assert ridge.locator(".mark-area path").count() == 16
    assert page.locator(".katex-error").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


def test_a_node_that_is_clicked_shows_its_formula(visit):
    page = visit(f"{PAGE}&training_board_view=graph")
    page.locator(CHARTS).get_by_text("a⁽²⁾ = tanh(z⁽²⁾)").wait_for()
    boxes = page.locator(f"{CHARTS} .mark-rect path[aria-roledescription]")
    boxes.nth(6).click()  # x, z1 with its parameters, f1, z2 with its parameters, f2
    page.wait_for_url("**training_board_node=f2*")
    settle(page)
    assert "f'(z)" in page.locator(".katex annotation").all_text_contents()[0]
    page.reload()
    page.locator(CHARTS).get_by_text("a⁽²⁾ = tanh(z⁽²⁾)").wait_for()
    assert "training_board_node=f2" in page.url
    assert page.complaints == []
