"""What is shown of a cost: the picture and the tables of passes and of times."""

import pandas as pd
import streamlit as st

from engine.timing import REFERENCE, UNITS, Quartiles, Timings
from pages.shared import cached, names, numbers, screen, show
from pages.shared.charts import ratios
from pages.shared.text import _

# the picture --------------------------------------------------------------------------------------------------


def counted_picture(codes: tuple[str, ...]) -> None:
    counts = [cached.passes(code) for code in codes]
    totals = [[part.total for part in parts] for parts in zip(*counts, strict=True)]
    labels = _labels(codes)
    words = [[str(total) for total in part] for part in totals]
    show.chart(
        ratios.spec(labels, _("passes over the array (ReLU: 1)")),
        ratios.data(labels, totals, totals, totals, words),
        alt=_("Passes over the array, for f and f′: {list}").format(list=_listed(labels, words)),
        key="activations_cost_picture",
    )
    st.markdown(
        _(
            "Nothing is measured yet. **Counted:** how often the code goes over the whole array for "
            ":blue[**● f**] and :orange[**◆ f′**] (once z and f(z) are known). Will the clock agree? Press “Measure”."
        )
    )


def measured_picture(timings: Timings) -> None:
    labels, found = _labels(timings.names), timings.ratios
    words = [[_interval(found, part, place) for place in range(len(labels))] for part in (0, 1)]
    show.chart(
        ratios.spec(labels, _("time, as a multiple of ReLU’s")),
        ratios.data(labels, found.median, found.low, found.high, words),
        alt=_("Time as a multiple of ReLU’s, for f and f′: {list}").format(list=_listed(labels, words)),
        key="activations_cost_picture",
    )
    st.markdown(
        _(
            "**Measured:** :blue[**● f**] and :orange[**◆ f′**], each divided by ReLU’s own in the same round; the "
            "median of {rounds} rounds with {n} values, the bar from quartile to quartile."
        ).format(rounds=timings.n_rounds, n=f"{timings.n_values:,}")
    )
    each, product = timings.per_million, timings.product_per_million
    place = timings.names.index(REFERENCE)
    for column, label, seconds in zip(
        st.columns(3),
        (_("ReLU, f"), _("ReLU, f′"), "X @ W"),
        (each.median[0, place], each.median[1, place], product.median),
        strict=True,
    ):
        column.metric(label, f"{numbers.plain(1000 * float(seconds), 3)} ms")
    screen.aside(
        _(
            "Each for a million values; X @ W with {n} inputs and {n} units. A clock is never alone: "
            "other visitors, the cache and the processor's rhythm are in these numbers, which hold for this server, "
            "for float64 and for this app's NumPy code. Measure twice before you believe a small difference."
        ).format(n=UNITS)
    )


def verdicts(timings: Timings) -> None:
    """What may be concluded, and what not."""
    found = timings.verdicts
    said = {1: _("slower than ReLU"), -1: _("faster than ReLU"), 0: _("nothing can be concluded")}
    for part, symbol in enumerate(ratios.PARTS):
        groups = []
        for verdict, words in said.items():
            members = [
                names.ACTIVATIONS[code]
                for place, code in enumerate(timings.names)
                if found[part, place] == verdict and code != REFERENCE
            ]
            if members:
                groups.append(f"{words}: {', '.join(members)}")
        st.markdown(f"**{symbol}** – " + "; ".join(groups) + ".")
    screen.aside(
        _(
            "Slower or faster is said where so many rounds agree that coins would do it less than once in "
            "a hundred times (sign test). That takes at least 8 rounds; with fewer values there is time for more."
        )
    )


def _labels(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names.ACTIVATIONS[code] for code in codes)


def _listed(labels: tuple[str, ...], words: list[list[str]]) -> str:
    return "; ".join(f"{label} {f}, {slope}" for label, f, slope in zip(labels, *words, strict=True))


def _interval(found: Quartiles, part: int, place: int) -> str:
    """1.5 (1.4–1.6)."""
    low, median, high = (
        numbers.plain(float(values[part, place]), 3) for values in (found.low, found.median, found.high)
    )
    return f"{median} ({low}–{high})"


# the tables ---------------------------------------------------------------------------------------------------


def tables(codes: tuple[str, ...], timings: Timings | None) -> pd.DataFrame:
    """The measured times where there are any, and the passes; returned side by side."""
    if timings is None:
        return _passes(codes)
    times = _times(timings)
    with st.expander(_("Passes over the array, counted"), expanded=True):
        passes = _passes(codes)
    return pd.concat([passes, times], axis=1)


def _passes(codes: tuple[str, ...]) -> pd.DataFrame:
    """Counted passes; returned with each operation by its name."""
    labels, counts = list(_labels(codes)), [cached.passes(code) for code in codes]
    shown = {_("Activation function"): labels}
    full = dict(shown)
    for part, symbol in enumerate(ratios.PARTS):
        of = [pair[part] for pair in counts]
        title = _("{part}: passes").format(part=symbol)
        shown[title] = [f"{one.total} ({one.transcendental})" for one in of]
        full[title] = [one.total for one in of]
        full[f"{symbol}: exp, log, tanh, arctan"] = [one.transcendental for one in of]
        full[f"{symbol}: NumPy"] = [", ".join(f"{name} {n}" for name, n in one.passes.items()) for one in of]
    screen.table(pd.DataFrame(shown), alt=_("How often the code of each function goes over the array"))
    screen.aside(
        _(
            "Passes: NumPy operations that go over the whole array; in parentheses those of exp, log, "
            "tanh or arctan. A tanh of one pass is not cheap: NumPy computes it in one go."
        )
    )
    if "gelu" in codes:
        screen.aside(
            _(
                "GELU costs so much here because NumPy has no erf: this app computes it by formulas of its own, in "
                "some 80 passes. In a library with a built-in erf (SciPy, PyTorch) GELU is far cheaper."
            )
        )
    return pd.DataFrame(full)


def _times(timings: Timings) -> pd.DataFrame:
    """What was measured; returned at full precision."""
    labels, found, each = list(_labels(timings.names)), timings.ratios, timings.per_million
    dear, share = timings.multiplications.median, timings.shares.median
    shown, full = {_("Activation function"): labels}, {}
    for part, symbol in enumerate(ratios.PARTS):
        title = f"{symbol} ÷ ReLU"
        shown[title] = [_interval(found, part, place) for place in range(len(labels))]
        full |= {title: found.median[part], f"{title}, 25%": found.low[part], f"{title}, 75%": found.high[part]}
        full |= {f"{symbol}: s / 1e6": each.median[part], f"{symbol}: s / 1e6, min": each.smallest[part]}
    shown["c"] = [numbers.plain(float(value), 3) for value in dear]
    shown[_("Share")] = [f"{numbers.plain(100 * float(value), 2)} %" for value in share]
    screen.table(pd.DataFrame(shown), alt=_("The measured times"))
    screen.aside(
        _(
            "c: one value of f takes as long as c multiplications (with their additions) of X @ W. Share: "
            "f in f and X @ W together, in a layer with {n} inputs and {n} units. NumPy may spread X @ W over several "
            "cores; f runs on one."
        ).format(n=UNITS)
    )
    screen.aside(
        _(
            "c and share are medians of each round's own ratio, so dividing medians may give another number; X @ W "
            "varies most, up to tenfold when the cores are busy."
        )
    )
    return pd.DataFrame({**full, "c": dear, _("Share"): share})
