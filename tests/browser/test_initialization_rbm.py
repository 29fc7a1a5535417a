"""The restricted Boltzmann machine in a browser: mosaics are drawn and follow the hand, long training is asked for."""

from tests.browser.conftest import settle

PAGE = "/initialization?initialization_section=rbm"
IMAGES = "[data-testid=stVegaLiteChart] svg .mark-image image"


def mosaics(page) -> list[str]:
    """The picture that lies on top, of each mosaic."""
    return page.locator("[data-testid=stVegaLiteChart] svg").evaluate_all(
        """charts => charts.map(chart => [...chart.querySelectorAll('.mark-image image')].at(-1))
            .filter(image => image).map(image => image.getAttribute('href') ?? image.getAttribute('xlink:href'))"""
    )


def test_mosaics_curves_and_the_machine_are_drawn(visit):
    page = visit(PAGE)
    assert len(mosaics(page)) == 2
    assert all(uri.startswith("data:image/png") for uri in mosaics(page))
    first, second = (page.locator(IMAGES).nth(i).bounding_box() for i in range(2))
    assert first["width"] > 200
    assert second["width"] > 200
    assert abs(first["y"] - second["y"]) < 60  # beside each other, both in sight
    assert page.locator("[data-testid=stVegaLiteChart] svg").count() == 5
    assert page.locator(".katex-error").count() == 0
    assert page.complaints == []


def test_a_drag_goes_through_the_epochs_before_the_hand_lets_go(visit):
    page = visit(PAGE)
    before = mosaics(page)
    page.evaluate("document.querySelectorAll('[data-testid=stVegaLiteChart] svg')[0].dataset.mark = 'same'")
    track = page.get_by_role("slider", name="Epoch")
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=4)
    page.wait_for_function(
        """([selector, before]) => ![...document.querySelectorAll(selector)]
            .every(image => before.includes(image.getAttribute('href') ?? image.getAttribute('xlink:href')))""",
        arg=[IMAGES, before],
    )
    assert "initialization_rbm_epoch" not in page.url  # the link waits for the hand
    page.mouse.up()
    page.wait_for_url("**initialization_rbm_epoch=*")
    settle(page)
    after = mosaics(page)
    assert after[0] != before[0]
    assert after[1] != before[1]
    assert page.locator("[data-testid=stVegaLiteChart] svg[data-mark=same]").count() == 1  # not drawn anew


def test_a_long_training_waits_for_a_click(visit):
    page = visit(f"{PAGE}&initialization_rbm_k=10&initialization_rbm_epochs=500", width=390)
    assert len(mosaics(page)) == 0
    page.get_by_role("button", name="Compute now").click()
    page.get_by_text("Images, reconstructed").wait_for(timeout=60_000)
    settle(page)
    assert len(mosaics(page)) == 2
    assert page.get_by_role("button", name="Compute now").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []
