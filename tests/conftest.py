"""Nothing timed is asserted: a slow machine may take its time over a generated example. One Chromium for all tests."""

import os
import shutil

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as app.py does, and before NumPy is loaded

try:
    from hypothesis import settings
except ImportError:  # the engine's tests run with NumPy and pytest alone
    pass
else:
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")

# The pages that Chromium keeps ready for its address bar, and, as this takes their place, what Playwright leaves out.
WITHOUT = "WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """A browser; without one its tests skip, and REQUIRE_BROWSER=1 makes that a failure. A process bears only one."""
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium found, but the browser tests are required")
        pytest.skip("no Chromium found: install the package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        args = ["--disable-gpu", f"--disable-features={WITHOUT}"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        browser.close()
