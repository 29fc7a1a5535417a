"""The forward pass of three units at one input, in symbols and with the numbers in."""

from collections.abc import Callable

from engine.gate_network import GateNetwork, GateNetworkResult
from engine.gates import POINTS
from pages.shared.formulas.lines import aligned, bracketed
from pages.shared.formulas.network import FUNCTION

Text = Callable[[float], str]


def logic(result: GateNetworkResult) -> str:
    """Which gate each unit is."""
    first, second, last = (rf"\text{{{gate.name}}}" for gate in (*result.gates, result.output_gate))
    return aligned(
        rf"h_1 &\approx {first}\,(x_1, x_2)",
        rf"h_2 &\approx {second}\,(x_1, x_2)",
        rf"\hat y &\approx {last}\,(h_1, h_2)",
    )


def hidden(network: GateNetwork, result: GateNetworkResult, row: int, unit: int, number: Text) -> str:
    """One hidden unit: its sum and its output."""
    n = unit + 1
    terms = [_product(POINTS[row, i], network.W1[i][unit], number) for i in (0, 1)]
    z = result.z_hidden[row, unit]
    return aligned(
        rf"z_{n} &= x_1 W^{{(1)}}_{{1{n}}} + x_2 W^{{(1)}}_{{2{n}}}",
        rf"&\quad + b^{{(1)}}_{n}",
        rf"&= {terms[0]} + {terms[1]}",
        rf"&\quad + {bracketed(number(network.b1[unit]))}",
        f"&= {number(z)}",
        f"h_{n} &= {_call(network, f'z_{n}')} = {_call(network, number(z))}",
        f"&= {number(result.hidden[row, unit])}",
    )


def output(network: GateNetwork, result: GateNetworkResult, row: int, number: Text) -> str:
    """The output unit: its sum and its output."""
    first, second = (_product(result.hidden[row, j], network.W2[j], number) for j in (0, 1))
    return aligned(
        r"z &= h_1 W^{(2)}_{11} + h_2 W^{(2)}_{21}",
        r"&\quad + b^{(2)}_1",
        f"&= {first}",
        rf"&\quad + {second}",
        rf"&\quad + {bracketed(number(network.b2))}",
        f"&= {number(result.z[row])}",
        rf"\hat y &= {_call(network, 'z')} = {_call(network, number(result.z[row]))}",
        f"&= {number(result.output[row])}",
    )


def _product(value: float, weight: float, number: Text) -> str:
    return rf"{bracketed(number(value))} \cdot {bracketed(number(weight))}"


def _call(network: GateNetwork, argument: str) -> str:
    return FUNCTION[network.kind].format(argument)
