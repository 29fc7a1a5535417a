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
    Term("accuracy", "정확도", N_("The share of samples with the right answer.")),
    Term("activation", "활성화값", N_("A unit's output, a = f(z).")),
    Term(
        "activation function", "활성화 함수", N_("The function f that turns a unit's pre-activation z into its output.")
    ),
    Term("backpropagation", "역전파", N_("Computing all gradients from the loss backward, by the chain rule.")),
    Term("batch", "배치", N_("The samples that are used together for one update.")),
    Term("bias", "편향", N_("The number b that is added to the weighted sum.")),
    Term("bias correction", "편향 보정", N_("Dividing Adam's averages by 1 - βᵗ, because they start at 0.")),
    Term("chain rule", "연쇄 법칙", N_("The derivative of nested functions is the product of their derivatives.")),
    Term(
        "computation graph",
        "계산 그래프",
        N_("A formula drawn as nodes (variables and operations) and edges (what goes where)."),
    ),
    Term(
        "condition number",
        "조건수",
        N_("The largest curvature of a bowl divided by its smallest: how elongated it is."),
    ),
    Term("contour line", "등고선", N_("A line along which a function has the same value.")),
    Term(
        "critical damping",
        "임계 감쇠",
        N_("The border between creeping and swinging: the fastest way without overshooting."),
    ),
    Term(
        "cross-entropy",
        "교차 엔트로피",
        N_("A loss for probabilities: minus the logarithm of the probability given to the true class."),
    ),
    Term("curvature", "곡률", N_("The second derivative: how fast the slope changes.")),
    Term(
        "dead unit",
        "죽은 유닛",
        N_("A unit whose output is 0 for every sample, and which therefore learns nothing more."),
    ),
    Term("decision boundary", "결정 경계", N_("Where the answer changes from one class to the other.")),
    Term("delta", "델타", N_("The gradient of the loss with respect to a unit's pre-activation, dL/dz.")),
    Term("derivative", "미분", N_("How fast a function changes when its input changes.")),
    Term(
        "eigenvalue",
        "고윳값",
        N_("The factor by which a matrix stretches one of its own directions; of the Hessian: a curvature."),
    ),
    Term("epoch", "에포크", N_("One pass over all samples.")),
    Term("forward pass", "순전파", N_("Computing the outputs from the inputs, layer by layer.")),
    Term("gradient", "기울기", N_("The derivatives of a result, mostly the loss, with respect to all variables.")),
    Term("gradient check", "기울기 검사", N_("Comparing a computed gradient with central differences of the loss.")),
    Term("gradient descent", "경사 하강법", N_("Moving the parameters a small step against the gradient.")),
    Term("gradient noise", "기울기 잡음", N_("How far the gradient of a batch is from the gradient of all samples.")),
    Term("hidden layer", "은닉층", N_("A layer between the inputs and the outputs.")),
    Term("hidden unit", "은닉 유닛", N_("A unit of a hidden layer.")),
    Term("initialization", "초기화", N_("How the weights are drawn before training starts.")),
    Term(
        "Jacobian", "야코비 행렬", N_("All derivatives of several outputs with respect to several inputs, as a matrix.")
    ),
    Term("layer", "층", N_("Units that read the same inputs side by side.")),
    Term("learning rate", "학습률", N_("The factor between a gradient and the change of a parameter.")),
    Term(
        "learning-rate schedule", "학습률 스케줄", N_("A rule that changes the learning rate while training goes on.")
    ),
    Term("linearly separable", "선형 분리 가능", N_("Two classes that a straight line (a plane, …) can part.")),
    Term("local derivative", "국소적 미분", N_("The derivative of one node with respect to one of its own inputs.")),
    Term(
        "local minimum",
        "지역 최솟값",
        N_("A point lower than all its neighbours, though perhaps not the lowest of all."),
    ),
    Term("logic gate", "논리 게이트", N_("A function of inputs 0 and 1 with the output 0 or 1, such as AND.")),
    Term("logit", "로짓", N_("The pre-activation whose sigmoid is a probability.")),
    Term("loss", "손실", N_("One number for how wrong the outputs are.")),
    Term("margin", "마진", N_("The distance of a point to the decision boundary, positive on the right side.")),
    Term("mean squared error", "평균 제곱 오차", N_("The mean of (a - y)² over all entries.")),
    Term("median", "중앙값", N_("The middle one of sorted values: half lie below it.")),
    Term("mini-batch", "미니배치", N_("A few of the samples, used together for one update.")),
    Term("momentum", "모멘텀", N_("The part of the last step's velocity that the next step keeps.")),
    Term("numerical gradient", "수치 기울기", N_("A gradient from differences of the loss, without any formula.")),
    Term("optimizer", "옵티마이저", N_("The rule that turns a gradient into an update of the parameters.")),
    Term("parameter", "매개변수", N_("A number that training changes: a weight or a bias.")),
    Term(
        "perceptron",
        "퍼셉트론",
        N_("A unit that answers 1 where its weighted sum is above 0, else 0; and Rosenblatt's rule to teach it."),
    ),
    Term("pre-activation", "활성화 전 값", N_("A unit's weighted sum plus bias, z, before the activation function.")),
    Term("probability", "확률", N_("A number from 0 to 1; over all classes they sum to 1.")),
    Term("rounding error", "반올림 오차", N_("What is lost because a computer keeps some 16 digits of a number.")),
    Term(
        "saddle point",
        "안장점",
        N_("A point with gradient 0 that is a minimum in one direction and a maximum in another."),
    ),
    Term("sample", "샘플", N_("One example: inputs and their targets.")),
    Term("saturation", "포화", N_("Where an activation function is flat, so that its derivative is almost 0.")),
    Term("seed", "시드", N_("The number that random draws start from; the same seed gives the same draws.")),
    Term("sigmoid", "시그모이드", N_("1 / (1 + e⁻ᶻ), from 0 to 1.")),
    Term("softmax", "소프트맥스", N_("Turns logits into probabilities, in proportion to their exponentials.")),
    Term("sparsity", "희소성", N_("That many outputs are exactly 0.")),
    Term("step function", "계단 함수", N_("1 where the input is above 0, else 0.")),
    Term(
        "stochastic gradient descent",
        "확률적 경사 하강법",
        N_("Gradient descent with the gradient of one sample, or of a few, at a time."),
    ),
    Term("tangent", "접선", N_("The straight line that touches a curve at a point and has its slope there.")),
    Term("target", "타깃", N_("What the output should be, y.")),
    Term(
        "temperature",
        "온도",
        N_("The number that logits are divided by before softmax: low sharpens, high levels out."),
    ),
    Term(
        "truncation error",
        "절단 오차",
        N_("What a formula of differences gets wrong because its step h is not infinitely small."),
    ),
    Term("truth table", "진리표", N_("All inputs of a logic gate with their outputs.")),
    Term("unit", "유닛", N_("One neuron: weighted sum, bias, activation function.")),
    Term("update", "갱신", N_("One change of all parameters by their gradients.")),
    Term("upstream gradient", "상류 기울기", N_("The gradient that arrives at a node from the side of the loss.")),
    Term(
        "vanishing gradient",
        "기울기 소실",
        N_("A gradient that shrinks from layer to layer on its way back, until the first layers hardly learn."),
    ),
    Term("velocity", "속도", N_("The running sum of gradients that momentum moves the parameters by.")),
    Term("weight", "가중치", N_("The factor of one connection.")),
    Term("weighted sum", "가중합", N_("Each input times its weight, added up, with or without the bias.")),
)


def panel() -> None:
    """The list, closed until the learner asks."""
    with st.expander(_("Terms in English and Korean"), icon=":material/menu_book:", key="terms"):
        table()


def table() -> None:
    """All terms, alphabetically."""
    rows = [{_("English"): t.english, _("Korean"): t.korean, _("Meaning"): _(t.meaning)} for t in TERMS]
    st.table(pd.DataFrame(rows), hide_index=True, border="horizontal", alt=_("Terms in English and Korean"))
