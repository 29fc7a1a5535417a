"""Two hidden units and an output unit: XOR by hand, and what each unit does for it."""

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd
import streamlit as st

from engine import gate_network
from engine.export_gate_network import gate_network_script
from engine.gate_network import HIGH, LOW, GateNetwork, GateNetworkPicture, GateNetworkResult
from pages.shared import cached, controls, names, numbers, screen, show, takeaway
from pages.shared.challenge import challenge
from pages.shared.charts import gate_network as picture
from pages.shared.charts import plane, wiring
from pages.shared.charts.gate_network import INPUTS
from pages.shared.formulas import gate_network as formulas
from pages.shared.text import N_, _

PRESETS = {  # code -> title, network
    "note": (N_("Set by hand (note 001)"), gate_network.NOTE_001),
    "step": (N_("AND of OR and NAND, step units"), gate_network.OR_AND_NAND),
    "sigmoid": (N_("The same ten times as steep, sigmoid"), gate_network.OR_AND_NAND_SIGMOID),
}
LIMIT = 30.0  # of a parameter on screen


@dataclass(frozen=True)
class Setup:
    """What the controls say; `row` is the input whose forward pass is written out."""

    network: GateNetwork
    row: int
    digits: int


@controls.section
def section() -> None:
    screen.question(_("One neuron cannot compute XOR. What do three of them do differently?"))
    left, right = screen.columns()
    with left:
        setup = _controls()
    result, planes = cached.gate_network(setup.network)
    with right:
        _planes(setup, result, planes)
    _verdict(setup, result)
    _forward(setup, result)
    table = _table(setup, result)
    _notice()
    _challenge()
    script = gate_network_script(setup.network, tuple(result.target))
    takeaway.takeaway("perceptron_three", table, script)


# controls -----------------------------------------------------------------------------------------------------


def _controls() -> Setup:
    titles = {code: _(title) for code, (title, _network) in PRESETS.items()}
    preset = controls.choice(st.selectbox, _("Network"), titles, key="perceptron_three_preset")
    base = PRESETS[preset][1]
    kinds = {code: names.ACTIVATIONS[code] for code in gate_network.KINDS}
    kind = controls.choice(
        st.segmented_control,
        _("Activation function"),
        kinds,
        key="perceptron_three_activation",
        default=base.kind,
        scope=preset,
        required=True,
    )
    network = replace(_parameters(base, preset), kind=kind)
    rows = {name: name for name in INPUTS}
    chosen = controls.choice(
        st.segmented_control,
        _("Input written out"),
        rows,
        key="perceptron_three_input",
        default="01",
        required=True,
    )
    return Setup(network, INPUTS.index(chosen), controls.digits("perceptron_three_digits"))


def _parameters(base: GateNetwork, preset: str) -> GateNetwork:
    """The nine numbers, those of one unit in sight."""
    (w11, w12), (w21, w22) = base.W1
    units = {  # unit -> its inputs, and the defaults of both weights and the bias
        "h₁": (("x₁", "x₂"), (w11, w21, base.b1[0])),
        "h₂": (("x₁", "x₂"), (w12, w22, base.b1[1])),
        "ŷ": (("h₁", "h₂"), (*base.W2, base.b2)),
    }
    values = []
    for place, (tab, (unit, (inputs, defaults))) in enumerate(zip(st.tabs(list(units)), units.items(), strict=True)):
        labels = [_("{unit}: weight of {input}").format(unit=unit, input=name) for name in inputs]
        labels.append(_("{unit}: bias").format(unit=unit))
        with tab:
            values += [
                controls.slider(
                    label,
                    key=f"perceptron_three_{'uvy'[place]}{index}",
                    default=default,
                    low=-LIMIT,
                    high=LIMIT,
                    step=0.5,
                    scope=preset,
                )
                for index, (label, default) in enumerate(zip(labels, defaults, strict=True))
            ]
    u1, u2, bu, v1, v2, bv, y1, y2, by = values
    return GateNetwork(((u1, v1), (u2, v2)), (bu, bv), (y1, y2), by, base.kind)


# the pictures -------------------------------------------------------------------------------------------------


def _planes(setup: Setup, result: GateNetworkResult, planes: GateNetworkPicture) -> None:
    right = int(result.correct.sum())
    with st.container(horizontal=True):
        with st.container(width="content"):
            st.markdown(_("**The inputs.** Each hidden unit draws a line: h₁ solid, h₂ dashed."))
            show.chart(
                plane.spec("x₁", "x₂", low=LOW, high=HIGH, side=picture.SIDE, value_title="ŷ", colour_bar=False),
                picture.input_plane(result, planes, setup.row),
                alt=_("The plane of the inputs with the network's output; {n} of 4 answers are right").format(n=right),
                key="perceptron_three_inputs",
                width="content",
            )
        with st.container(width="content"):
            st.markdown(_("**The hidden outputs.** Where the hidden units put the four inputs."))
            show.chart(
                plane.spec("h₁", "h₂", low=LOW, high=HIGH, side=picture.SIDE, value_title="ŷ"),
                picture.hidden_plane(result, planes, setup.row),
                alt=_hidden_alt(result, partial(numbers.plain, digits=setup.digits)),
                key="perceptron_three_hidden",
                width="content",
            )


def _hidden_alt(result: GateNetworkResult, number) -> str:
    places = ", ".join(
        f"{name} ({number(h1)}, {number(h2)})" for name, (h1, h2) in zip(INPUTS, result.hidden, strict=True)
    )
    return _("The plane of the hidden outputs with the output unit's line; the inputs are at {places}").format(
        places=places
    )


def _verdict(setup: Setup, result: GateNetworkResult) -> None:
    """Separable or not, by the engine, and what the output unit makes of it."""
    for group in result.merged:
        st.markdown(
            _("The inputs {inputs} land on one point: for the output unit they are the same.").format(
                inputs=", ".join(INPUTS[row] for row in group)
            )
        )
    separable, solved = result.hidden_separability.separable, bool(result.correct.all())
    if separable is None:
        st.warning(_("Two points of different classes almost touch: rounding cannot tell whether a line parts them."))
    elif not separable:
        st.warning(_("In the hidden plane no line parts the two classes: whatever the output unit does, it fails."))
    elif solved:
        st.success(
            _(
                "In the plane of the inputs no line parts the classes; in the hidden plane the output unit's line "
                "does. Its smallest margin is {margin}."
            ).format(margin=numbers.plain(result.smallest_margin, setup.digits))
        )
    else:
        st.info(
            _(
                "In the hidden plane the classes are linearly separable, but the output unit's line is not the one "
                "that parts them: {n} of 4 answers are right. Move the line."
            ).format(n=int(result.correct.sum()))
        )


# the numbers --------------------------------------------------------------------------------------------------


def _forward(setup: Setup, result: GateNetworkResult) -> None:
    """The logic of the units, and the forward pass of one input, unit by unit."""
    plain, tex = (partial(write, digits=setup.digits) for write in (numbers.plain, numbers.tex))
    logic, drawing = st.columns([1, 2], gap="large")
    with logic:
        st.markdown(_("**The logic.** Each unit as a gate, outputs rounded to 0 and 1."))
        st.latex(formulas.logic(result))
        st.markdown(_logic(result))
    with drawing:
        show.chart(
            wiring.spec(2),
            picture.network(setup.network, result, setup.row, plain),
            alt=_("The network at input {input}: {first}, {second} and {last} units; output {output}").format(
                input=INPUTS[setup.row],
                first=names.GATES[result.gates[0].code],
                second=names.GATES[result.gates[1].code],
                last=names.GATES[result.output_gate.code],
                output=plain(result.output[setup.row]),
            ),
            key="perceptron_three_network",
        )
    st.markdown(_("**The forward pass** of input {input}:").format(input=INPUTS[setup.row]))
    names_of_weights = _(
        "In W₂₁⁽¹⁾ the raised 1 is the layer, 2 the input that it comes from, 1 the unit that it leads to. ŷ is the "
        "output of the last unit."
    )
    screen.aside(names_of_weights)
    first, second, last = st.columns(3)
    first.latex(formulas.hidden(setup.network, result, setup.row, 0, tex))
    second.latex(formulas.hidden(setup.network, result, setup.row, 1, tex))
    last.latex(formulas.output(setup.network, result, setup.row, tex))


def _logic(result: GateNetworkResult) -> str:
    if result.composed == result.gate:
        return _("Together they compute {gate}.").format(gate=f"**{names.GATES[result.gate.code]}**")
    return _(
        "As gates they would compute {gates}, but the network answers {gate}: hidden outputs far from 0 and 1 are "
        "no bits."
    ).format(gates=f"**{names.GATES[result.composed.code]}**", gate=f"**{names.GATES[result.gate.code]}**")


def _table(setup: Setup, result: GateNetworkResult) -> pd.DataFrame:
    """A column for each input, read downward as the network computes; returned at full precision."""
    rows = {
        "z₁": result.z_hidden[:, 0],
        "h₁": result.hidden[:, 0],
        "z₂": result.z_hidden[:, 1],
        "h₂": result.hidden[:, 1],
        "z": result.z,
        "ŷ": result.output,
        _("Target y"): result.target,
        _("Right?"): [_("✓ yes") if right else _("✗ no") for right in result.correct],
    }
    table = pd.DataFrame({_("Input"): list(rows)})
    for row, name in enumerate(INPUTS):
        table[name] = pd.Series([values[row] for values in rows.values()], dtype=object)
    screen.table(table, alt=_("The forward pass of all four inputs"), digits=setup.digits)
    return table


def _notice() -> None:
    screen.notice(
        _(
            "Every unit still draws one straight line in the plane of what it reads. The hidden ones answer easier "
            "questions than XOR, and so move the four points to places where one more line is enough. There is more "
            "than one way: NOR of AND and NOR, or AND of OR and NAND. Take the step units with their small weights "
            "and switch to sigmoid: the gates stay, the answers are lost, since soft outputs are not 0 and 1; ten "
            "times the weights bring them back."
        )
    )


def _challenge() -> None:
    """Where the output of 01 crosses one half: b2 less the sum that is there now."""
    network = replace(gate_network.OR_AND_NAND, kind="sigmoid")
    result, _planes_of_it = cached.gate_network(network)
    answer = float(network.b2 - result.z[1])
    challenge(
        "perceptron_three_challenge",
        _(
            "“AND of OR and NAND, step units” with sigmoid instead: every output is below ½. Only the bias of the "
            "output unit may change. Above which value are 01 and 10 answered with 1? (2 decimals)"
        ),
        answer=answer,
        tolerance=0.0051,
        hint=_("A sigmoid gives ½ where its sum is 0. How large is z of 01 now, and what does the bias add to it?"),
        explanation=_(
            "At the bias −3, z of 01 is −0.0758. It is 0 at the bias −3 + 0.0758 ≈ −2.924; 00 and 11, at z ≈ −0.557, "
            "stay below."
        ),
    )
