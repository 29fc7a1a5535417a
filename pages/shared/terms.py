"""The term list: one English and one Korean wording of each term, as the source of both languages' texts."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.shared.text import N_, _


@dataclass(frozen=True)
class Term:
    english: str
    korean: str
    meaning: str


TERMS = (
    Term("activation", "활성값", N_("A unit's output, a = f(z).")),
    Term("activation function", "활성화 함수", N_("The function f that turns a unit's weighted sum into its output.")),
    Term("backpropagation", "역전파", N_("Computing all gradients from the loss backward, by the chain rule.")),
    Term("batch", "배치", N_("The samples that are used together for one update.")),
    Term("bias", "편향", N_("The number b that is added to the weighted sum.")),
    Term("chain rule", "연쇄 법칙", N_("The derivative of nested functions is the product of their derivatives.")),
    Term("computation graph", "계산 그래프", N_("A formula drawn as nodes (operations) and edges (values).")),
    Term(
        "cross-entropy",
        "교차 엔트로피",
        N_("A loss for probabilities: minus the logarithm of what the truth was given."),
    ),
    Term("delta", "델타", N_("The gradient of the loss with respect to a unit's pre-activation, dL/dz.")),
    Term("derivative", "도함수", N_("How fast a function changes, per unit of its input.")),
    Term("epoch", "에포크", N_("One pass over all samples.")),
    Term("forward pass", "순전파", N_("Computing the outputs from the inputs, layer by layer.")),
    Term("gradient", "기울기", N_("The derivatives of the loss with respect to all parameters.")),
    Term("gradient check", "기울기 검사", N_("Comparing a computed gradient with central differences of the loss.")),
    Term("gradient descent", "경사 하강법", N_("Moving the parameters a small step against the gradient.")),
    Term("hidden layer", "은닉층", N_("A layer between the inputs and the outputs.")),
    Term("layer", "층", N_("Units that read the same inputs side by side.")),
    Term("learning rate", "학습률", N_("The factor between a gradient and the change of a parameter.")),
    Term("local derivative", "국소 미분", N_("The derivative of one node with respect to one of its own inputs.")),
    Term("logit", "로짓", N_("The pre-activation whose sigmoid is a probability.")),
    Term("loss", "손실", N_("One number for how wrong the outputs are.")),
    Term("mean squared error", "평균 제곱 오차", N_("The mean of (a - y)² over all entries.")),
    Term("numerical gradient", "수치 기울기", N_("A gradient from differences of the loss, without any formula.")),
    Term("parameter", "매개변수", N_("A number that training changes: a weight or a bias.")),
    Term("pre-activation", "선형 결합값", N_("A unit's weighted sum plus bias, z, before the activation function.")),
    Term("sample", "표본", N_("One example: inputs and their targets.")),
    Term("sigmoid", "시그모이드", N_("1 / (1 + e⁻ᶻ), from 0 to 1.")),
    Term("target", "목푯값", N_("What the output should be, y.")),
    Term("unit", "유닛", N_("One neuron: weighted sum, bias, activation function.")),
    Term("update", "갱신", N_("One change of all parameters by their gradients.")),
    Term("upstream gradient", "상류 기울기", N_("The gradient that arrives at a node from the side of the loss.")),
    Term("weight", "가중치", N_("The factor of one connection.")),
)


def panel() -> None:
    """The list, closed until the learner asks."""
    with st.expander(_("Terms in English and Korean"), icon=":material/menu_book:"):
        table()


def table() -> None:
    """All terms, alphabetically."""
    rows = [{_("English"): t.english, _("Korean"): t.korean, _("Meaning"): _(t.meaning)} for t in TERMS]
    st.table(pd.DataFrame(rows), hide_index=True, border="horizontal", alt=_("Terms in English and Korean"))
