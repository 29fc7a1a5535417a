"""Nothing timed is asserted: a slow machine may take its time over a generated example."""

try:
    from hypothesis import settings
except ImportError:  # the engine's tests run with NumPy and pytest alone
    pass
else:
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
