"""The look inside in a browser: both planes drawn, a click follows a sample, the calculator opens with the network."""

from tests.browser.conftest import settle

PAGE = "/training?training_section=inside&training_preset=three&training_epochs=400"
CHART = ".st-key-training_inside_{} svg.marks"
SAMPLES = ".mark-symbol.role-mark path"


def test_both_planes_and_every_formula_are_drawn_on_a_phone(visit):
    page = visit(f"{PAGE}&training_inside_axes=units", width=390, theme="dark", locale="ko-KR")
    for name, images in (("inputs", 1), ("hidden", 0)):
        chart = page.locator(CHART.format(name))
        assert chart.count() == 1
        assert chart.locator(".mark-image image").count() == images
    assert page.locator(CHART.format("inputs")).locator(".mark-rule line").count() > 20  # three units' lines
    assert page.locator(".katex-error").count() == 0
    assert page.locator(".katex").count() > 5
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wide = page.locator("[role=tabpanel] .katex-display:visible").evaluate_all(
        "formulas => formulas.filter(one => one.scrollWidth > one.clientWidth + 2).length"
    )
    assert wide == 0
    assert page.complaints == []


def test_a_click_follows_a_sample_in_both_planes(visit):
    page = visit(PAGE)
    ring = page.locator(CHART.format("hidden")).locator(SAMPLES).last  # the followed one is drawn last
    before = ring.get_attribute("transform")
    plot = page.locator(CHART.format("inputs")).locator(".mark-image image").bounding_box()
    # (1, 1) of a picture from -0.2 to 1.2: the second corner from the right, at the top
    share = (1.0 + 0.2) / 1.4
    page.mouse.click(plot["x"] + share * plot["width"], plot["y"] + (1 - share) * plot["height"])
    page.wait_for_url("**training_inside_sample=4*")
    settle(page)
    assert page.get_by_text("Training sample 4").count() == 1
    assert ring.get_attribute("transform") != before
    assert page.complaints == []


def test_the_calculator_opens_with_the_same_network_in_the_same_language(visit):
    page = visit(f"{PAGE}&lang=ko&training_inside_sample=3")
    table = page.get_by_role("table").nth(1)
    output = table.locator("tbody tr").last.locator("td").last.inner_text()
    page.locator("a[href*=backprop_network]").click()
    page.wait_for_url("**/backprop?*backprop_network=own*")
    page.locator("h1", has_text="역전파").wait_for()
    settle(page)
    assert "lang=ko" in page.url
    node = page.locator("[data-testid=stVegaLiteChart] svg text", has_text=output)
    assert node.count() >= 1
    assert page.complaints == []
