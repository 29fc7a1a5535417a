"""Note 004's question: how often does XOR train, and does the initialization matter?"""

from itertools import combinations

import pandas as pd
import streamlit as st

from engine.proportions import Interval, confidence_for_all, newcombe, trials_to_tell_apart, wilson
from engine.success_rates import NOTE_COUNTS, NOTE_RUNS
from pages.shared import cached, controls, numbers, screen, shell
from pages.shared.text import N_, _

NAMES = {"normal": N_("normal"), "uniform": N_("uniform"), "default": N_("default")}


def table() -> None:
    """The note's counts; ours where the learner asks for them, since they take about a second."""
    with st.expander(_("How often does it work? 100 networks 2-2-1 of each kind (note 004)")):
        ours = controls.toggle(_("Train 300 networks now"), key="perceptron_trained_runs", wrap=True)
        rates = {code: cached.xor_successes(code).count for code in NAMES} if ours else {}
        rows = []
        for code, name in NAMES.items():
            row = {_("Initialization"): _(name), _("Note 004"): _share(wilson(NOTE_COUNTS[code], NOTE_RUNS))}
            rows.append(row | ({_("Here"): _share(wilson(rates[code], NOTE_RUNS))} if ours else {}))
        screen.table(pd.DataFrame(rows), alt=_("Successes of 100 runs, with their 95% intervals"))
        if ours:
            st.markdown(
                _(
                    "Here: Xavier normal, Xavier uniform and PyTorch's default; learning rate 0.5, 2,000 epochs. The "
                    "note gives none of these, so its counts cannot be met exactly."
                )
            )
        screen.table(_differences(), alt=_("Differences of the note's counts, with their 95% intervals"))
        st.markdown(_verdict())
        st.page_link(
            shell.page("initialization"),
            label=_("More runs, other schemes, other learning rates"),
            icon=":material/casino:",
            query_params={"initialization_section": "matter"},
        )


def _share(interval: Interval) -> str:
    return f"{interval.estimate:.0%}  ({numbers.plain(interval.low, 3)} – {numbers.plain(interval.high, 3)})"


def _differences() -> pd.DataFrame:
    rows = []
    for one, other in combinations(NAMES, 2):
        found = newcombe((NOTE_COUNTS[one], NOTE_COUNTS[other]), (NOTE_RUNS, NOTE_RUNS))
        rows.append(
            {
                _("Difference"): f"{NOTE_COUNTS[one]} − {NOTE_COUNTS[other]}",
                _("from"): found.low,
                _("to"): found.high,
                _("Told apart, taken alone?"): _("yes") if found.excludes_zero else _("open"),
            }
        )
    return pd.DataFrame(rows)


def _verdict() -> str:
    pairs = len(list(combinations(NAMES, 2)))
    confidence = confidence_for_all(pairs)
    stricter = newcombe((NOTE_COUNTS["normal"], NOTE_COUNTS["default"]), (NOTE_RUNS, NOTE_RUNS), confidence)
    normal, uniform = (NOTE_COUNTS[code] / NOTE_RUNS for code in ("normal", "uniform"))
    return _(
        "The note calls the differences meaningless. Taken alone, 84 against 71 is told apart: two intervals may "
        "overlap and the difference still be real, so look at the interval of the difference. But these are "
        "{pairs} comparisons; for all to hold together each needs {confidence} confidence, and then the interval "
        "of 84 − 71 is {low} to {high} and contains 0: suggestive, not settled. To tell 84 from 74 takes about {n} "
        "runs of each kind (5%, power 80%)."
    ).format(
        pairs=pairs,
        confidence=f"{confidence:.1%}",
        low=numbers.plain(stricter.low, 2),
        high=numbers.plain(stricter.high, 2),
        n=trials_to_tell_apart(normal, uniform),
    )
