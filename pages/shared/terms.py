"""The term list: one English and one Korean wording of each term, as the source of both languages' texts."""

import functools
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.shared.text import N_, _, catalog, language


@dataclass(frozen=True)
class Term:
    english: str
    korean: str
    meaning: str
    where: str  # the section that explains it, as pages/shared/place.py writes a screen


TERMS = (
    Term("accuracy", "정확도", N_("The share of samples with the right answer."), "training/play"),
    Term("activation", "활성화값", N_("A unit's output, a = f(z)."), "backprop/calculator"),
    Term(
        "activation function",
        "활성화 함수",
        N_("The function f that turns a unit's pre-activation z into its output."),
        "perceptron/bend",
    ),
    Term(
        "AdaGrad",
        "AdaGrad",
        N_("Divides each parameter's step by the root of the sum of its squared gradients so far."),
        "descent/inside?inside_optimizer=adagrad",
    ),
    Term(
        "Adam",
        "Adam",
        N_("Steps along an average of the gradients, divided by the root of an average of their squares."),
        "descent/inside",
    ),
    Term(
        "backpropagation",
        "역전파",
        N_("Computing all gradients from the loss backward, by the chain rule."),
        "backprop/calculator",
    ),
    Term("batch", "배치", N_("The samples that are used together for one update."), "descent/batch"),
    Term(
        "batch normalization",
        "배치 정규화",
        N_("Bringing each unit's values to mean 0 and variance 1 over the batch, then scaling and shifting them."),
        "regularization/batch",
    ),
    Term("bias", "편향", N_("The number b that is added to the weighted sum."), "perceptron/decide"),
    Term(
        "bias correction",
        "편향 보정",
        N_("Dividing Adam's averages by 1 - βᵗ, because they start at 0."),
        "descent/inside",
    ),
    Term(
        "chain rule",
        "연쇄 법칙",
        N_("The derivative of nested functions is the product of their derivatives, each at its own input."),
        "backprop/graph",
    ),
    Term(
        "computation graph",
        "계산 그래프",
        N_("A formula drawn as nodes (variables and operations) and edges (what goes where)."),
        "backprop/graph?formula=sigmoid",
    ),
    Term(
        "condition number",
        "조건수",
        N_("The largest curvature of a bowl divided by its smallest: how elongated it is."),
        "descent/momentum",
    ),
    Term(
        "confidence interval",
        "신뢰 구간",
        N_("An interval computed from data; of many such 95% intervals, 95% contain the true value."),
        "initialization/matter",
    ),
    Term("contour line", "등고선", N_("A line along which a function has the same value."), "descent/plane"),
    Term(
        "contrastive divergence",
        "대조 발산",
        N_("Training a restricted Boltzmann machine by a few steps of back and forth, not the full distribution."),
        "initialization/rbm",
    ),
    Term(
        "convergence",
        "수렴",
        N_("Coming ever closer to a limit, here to a minimum."),
        "descent/plane",
    ),
    Term(
        "critical damping",
        "임계 감쇠",
        N_("The border between creeping and swinging: the fastest way without overshooting."),
        "descent/momentum",
    ),
    Term(
        "cross-entropy",
        "교차 엔트로피",
        N_("A loss for probabilities: minus the logarithm of the probability given to the true class."),
        "perceptron/xor?xor_run=bce",
    ),
    Term("curvature", "곡률", N_("The second derivative: how fast the slope changes."), "descent/line"),
    Term(
        "dead unit",
        "죽은 유닛",
        N_("A unit that is off (z ≤ 0) for every sample, with slope 0, as ReLU has it: its weights get no gradient."),
        "activations/dead",
    ),
    Term(
        "decision boundary",
        "결정 경계",
        N_("Where the answer changes from one class to the other."),
        "perceptron/decide",
    ),
    Term(
        "delta",
        "델타",
        N_("The gradient of the loss with respect to a unit's pre-activation, dL/dz."),
        "backprop/calculator",
    ),
    Term("derivative", "미분", N_("How fast a function changes when its input changes."), "backprop/graph"),
    Term(
        "divergence",
        "발산",
        N_("Running away instead of coming closer: the loss grows without end."),
        "descent/momentum",
    ),
    Term(
        "dropout",
        "드롭아웃",
        N_("Silencing each unit with some probability at every training step."),
        "regularization/dropping",
    ),
    Term(
        "early stopping",
        "조기 종료",
        N_("Ending the training when the loss on other data no longer falls, and going back to the best parameters."),
        "regularization/overfitting",
    ),
    Term(
        "eigenvalue",
        "고윳값",
        N_("The factor by which a matrix stretches one of its own directions; of the Hessian: a curvature."),
        "descent/momentum",
    ),
    Term(
        "entropy",
        "엔트로피",
        N_("How undecided probabilities are, −Σ p ln p: 0 where one of them is 1."),
        "activations/softmax",
    ),
    Term("epoch", "에포크", N_("One pass over all samples."), "descent/batch"),
    Term(
        "evaluation mode",
        "평가 모드",
        N_("How a network computes when it is used: all units at work, stored statistics."),
        "regularization/dropping?dropping_mode=eval",
    ),
    Term(
        "exploding gradient",
        "기울기 폭발",
        N_("A gradient that grows from layer to layer on its way back."),
        "regularization/training?training_preset=explode",
    ),
    Term(
        "fan_in",
        "fan_in",
        N_("The number of inputs of a layer."),
        "initialization/drawn",
    ),
    Term(
        "fan_out",
        "fan_out",
        N_("The number of outputs of a layer, one for each of its units."),
        "initialization/drawn",
    ),
    Term("feature", "특성", N_("A number that describes a sample: one column of the input X."), "regularization/batch"),
    Term(
        "fine-tuning",
        "미세 조정",
        N_("Training a whole network from parameters that were learned before."),
        "initialization/pretraining",
    ),
    Term("forward pass", "순전파", N_("Computing the outputs from the inputs, layer by layer."), "backprop/calculator"),
    Term(
        "free energy",
        "자유 에너지",
        N_("Minus the logarithm of the sum of e⁻ᴱ over all hidden states; the lower, the more probable the image."),
        "initialization/rbm",
    ),
    Term(
        "generalization",
        "일반화",
        N_("How well a network answers for samples that it has not learned from."),
        "regularization/overfitting",
    ),
    Term(
        "gradient",
        "기울기",
        N_("The derivatives of a result, mostly the loss, with respect to all variables."),
        "backprop/graph",
    ),
    Term(
        "gradient check",
        "기울기 검사",
        N_("Comparing a computed gradient with central differences of the loss."),
        "backprop/mistakes",
    ),
    Term(
        "gradient clipping",
        "기울기 클리핑",
        N_("Shortening the gradient to a given length where it is longer, so that no update is too large."),
        "training/play",
    ),
    Term(
        "gradient descent",
        "경사 하강법",
        N_("Moving the parameters a small step against the gradient."),
        "descent/line",
    ),
    Term(
        "gradient noise",
        "기울기 잡음",
        N_("How far the gradient of a batch is from the gradient of all samples."),
        "descent/batch",
    ),
    Term(
        "He initialization",
        "He 초기화",
        N_("Weights with mean 0 and variance 2/fan_in, made for ReLU."),
        "initialization/drawn?drawn_preset=he",
    ),
    Term(
        "Hessian",
        "헤세 행렬",
        N_("The matrix of all second derivatives; where f is a bowl, its eigenvalues are the curvatures."),
        "descent/batch",
    ),
    Term("hidden layer", "은닉층", N_("A layer between the inputs and the outputs."), "perceptron/bend"),
    Term("hidden unit", "은닉 유닛", N_("A unit of a hidden layer."), "perceptron/three"),
    Term(
        "histogram",
        "히스토그램",
        N_("How many values fall into each of several intervals, as bars."),
        "initialization/drawn",
    ),
    Term(
        "hyperparameter",
        "하이퍼파라미터",
        N_("A number that is chosen before training, such as the learning rate, and not learned."),
        "descent/family",
    ),
    Term("initialization", "초기화", N_("How the weights are drawn before training starts."), "initialization/matter"),
    Term(
        "internal covariate shift",
        "내부 공변량 변화",
        N_("That the inputs of a layer change their distribution while the layers before it learn."),
        "regularization/training",
    ),
    Term(
        "inverted dropout",
        "인버티드 드롭아웃",
        N_("Dropout that divides by 1 − p in training, so that evaluation needs no factor."),
        "regularization/dropping",
    ),
    Term(
        "Jacobian",
        "야코비 행렬",
        N_("All derivatives of several outputs with respect to several inputs, as a matrix."),
        "activations/softmax",
    ),
    Term(
        "L-BFGS",
        "L-BFGS",
        N_("Estimates the curvature from its last steps and divides by it, almost as Newton's method does."),
        "descent/family?family_optimizer=lbfgs",
    ),
    Term("layer", "층", N_("Units that read the same inputs side by side."), "perceptron/bend"),
    Term(
        "leaky ReLU",
        "Leaky ReLU",
        N_("max(αz, z) with a small α: a slope above 0 on both sides."),
        "activations/lens?lens_function=leaky_relu",
    ),
    Term("learning rate", "학습률", N_("The factor between a gradient and the change of a parameter."), "descent/line"),
    Term(
        "learning-rate schedule",
        "학습률 스케줄",
        N_("A rule that changes the learning rate while training goes on."),
        "descent/batch",
    ),
    Term(
        "line search",
        "직선 탐색",
        N_("Trying several lengths of a step along one direction before it is taken."),
        "descent/race",
    ),
    Term(
        "linearly separable",
        "선형 분리 가능",
        N_("Two classes that a straight line (a plane, …) can part."),
        "perceptron/xor?xor_view=wall",
    ),
    Term(
        "local derivative",
        "국소적 미분",
        N_("The derivative of one node with respect to one of its own inputs."),
        "backprop/graph",
    ),
    Term(
        "local minimum",
        "지역 최솟값",
        N_("A point lower than all its neighbours, though perhaps not the lowest of all."),
        "descent/line?line_function=wavy",
    ),
    Term(
        "log-likelihood",
        "로그 가능도",
        N_("The logarithm of the probability that a model gives to the data."),
        "initialization/rbm",
    ),
    Term(
        "logic gate",
        "논리 게이트",
        N_("A function of inputs 0 and 1 with the output 0 or 1, such as AND."),
        "perceptron/decide",
    ),
    Term(
        "logit",
        "로짓",
        N_("A pre-activation that becomes a probability: alone by the sigmoid, with others by softmax."),
        "activations/softmax",
    ),
    Term(
        "loss",
        "손실",
        N_("One number for how wrong the outputs are; the lecture notes also call it cost."),
        "backprop/calculator",
    ),
    Term(
        "margin",
        "마진",
        N_("The distance of a point to the decision boundary, positive on the right side."),
        "perceptron/decide",
    ),
    Term("mask", "마스크", N_("Ones and zeros that say which units are kept."), "regularization/dropping"),
    Term(
        "mean squared error",
        "평균 제곱 오차",
        N_("The mean of (a - y)² over all entries."),
        "perceptron/xor?xor_run=mse",
    ),
    Term("median", "중앙값", N_("The middle one of sorted values: half lie below it."), "training/sweep"),
    Term("mini-batch", "미니배치", N_("A few of the samples, used together for one update."), "descent/batch"),
    Term(
        "momentum", "모멘텀", N_("The part of the last step's velocity that the next step keeps."), "descent/momentum"
    ),
    Term(
        "Nesterov momentum",
        "네스테로프 모멘텀",
        N_("Momentum that looks ahead: it takes the gradient where the velocity is about to lead."),
        "descent/family?family_optimizer=nesterov",
    ),
    Term(
        "Newton's method",
        "뉴턴 방법",
        N_("Divides the gradient by the curvature: a step to the minimum of the bowl that fits best at this point."),
        "descent/family",
    ),
    Term(
        "numerical gradient",
        "수치 기울기",
        N_("A gradient from differences of the loss, without any formula."),
        "descent/numerical",
    ),
    Term(
        "optimizer",
        "옵티마이저",
        N_("The rule that turns a gradient into an update of the parameters."),
        "descent/race",
    ),
    Term(
        "overfitting",
        "과적합",
        N_("Learning the training samples with their noise, so that other samples come out worse."),
        "regularization/overfitting",
    ),
    Term(
        "p-value",
        "p값",
        N_("How probable a result at least as extreme would be if there were no difference."),
        "regularization/overfitting",
    ),
    Term("parameter", "매개변수", N_("A number that training changes: a weight or a bias."), "training/inside"),
    Term(
        "patience",
        "인내심",
        N_("For how many epochs early stopping waits for a lower loss."),
        "regularization/overfitting",
    ),
    Term(
        "penalty",
        "벌점",
        N_("A term of the loss that grows with the weights: λ Σ|w| (L1) or ½ λ Σw² (L2)."),
        "regularization/overfitting?over_family=l2",
    ),
    Term(
        "perceptron",
        "퍼셉트론",
        N_("A unit that answers 1 where its weighted sum is above 0, else 0; and Rosenblatt's rule to teach it."),
        "perceptron/learn",
    ),
    Term(
        "plateau",
        "고원",
        N_("A region where the loss is almost flat, so that training hardly moves."),
        "descent/real",
    ),
    Term(
        "pre-activation",
        "활성화 전 값",
        N_("A unit's weighted sum plus bias, z, before the activation function."),
        "activations/lens",
    ),
    Term(
        "pretraining",
        "사전 학습",
        N_("Training before the actual training; here: one layer after the other, without labels."),
        "initialization/pretraining",
    ),
    Term("probability", "확률", N_("A number from 0 to 1; over all classes they sum to 1."), "activations/softmax"),
    Term(
        "quartile",
        "사분위수",
        N_("The value below which a quarter, or three quarters, of all values lie; between both is the middle half."),
        "descent/real",
    ),
    Term(
        "reconstruction",
        "재구성",
        N_("What a machine makes of its input on the way up to the hidden units and back."),
        "initialization/rbm",
    ),
    Term(
        "regularization",
        "규제",
        N_("What keeps a network from overfitting: penalties, dropout, early stopping."),
        "regularization/overfitting",
    ),
    Term(
        "relative error",
        "상대 오차",
        N_("The distance of two numbers, divided by the larger of their sizes."),
        "backprop/calculator",
    ),
    Term(
        "ReLU",
        "ReLU",
        N_("max(0, z): 0 below 0, z itself above."),
        "activations/lens?lens_function=relu",
    ),
    Term(
        "restricted Boltzmann machine",
        "제한 볼츠만 머신",
        N_("Two layers of binary units with links between the layers only, and an energy for each state."),
        "initialization/rbm",
    ),
    Term(
        "RMSProp",
        "RMSProp",
        N_("As AdaGrad, but with an average of the squared gradients that forgets old ones."),
        "descent/inside?inside_optimizer=rmsprop",
    ),
    Term(
        "rounding error",
        "반올림 오차",
        N_("What is lost because a computer keeps some 16 digits of a number."),
        "descent/numerical",
    ),
    Term(
        "running mean",
        "이동 평균",
        N_("A mean that each batch pulls a little towards its own."),
        "regularization/batch?batch_view=running",
    ),
    Term(
        "saddle point",
        "안장점",
        N_("A point with gradient 0 that is a minimum in one direction and a maximum in another."),
        "descent/plane?plane_preset=saddle",
    ),
    Term("sample", "샘플", N_("One example: inputs and their targets."), "training/play"),
    Term(
        "saturation",
        "포화",
        N_("Where an activation function is flat, so that its derivative is almost 0."),
        "activations/gallery",
    ),
    Term(
        "seed",
        "시드",
        N_("The number that random draws start from; the same seed gives the same draws."),
        "training/compare",
    ),
    Term("sigmoid", "시그모이드", N_("1 / (1 + e⁻ᶻ), from 0 to 1."), "activations/lens"),
    Term(
        "sign test",
        "부호 검정",
        N_("Counts in how many seeds one setting is better, and asks how often a coin would be as one-sided."),
        "regularization/overfitting",
    ),
    Term(
        "softmax",
        "소프트맥스",
        N_("Turns logits into probabilities, in proportion to their exponentials."),
        "activations/softmax",
    ),
    Term("sparsity", "희소성", N_("That many outputs are exactly 0."), "activations/dead"),
    Term(
        "standard deviation",
        "표준편차",
        N_("The root of the variance: how far values lie from their mean, typically."),
        "initialization/drawn",
    ),
    Term(
        "standardization",
        "표준화",
        N_("Bringing each feature of the data to mean 0 and standard deviation 1."),
        "regularization/batch?batch_view=inputs",
    ),
    Term(
        "statistical power",
        "검정력",
        N_("The probability that an experiment finds a difference that is really there."),
        "initialization/matter",
    ),
    Term("step function", "계단 함수", N_("1 where the input is above 0, else 0."), "activations/gallery"),
    Term(
        "stochastic gradient descent",
        "확률적 경사 하강법",
        N_("Gradient descent with the gradient of one sample, or of a few, at a time."),
        "descent/batch?batch_preset=stochastic",
    ),
    Term(
        "sweep", "스윕", N_("Training again and again with one setting changed, all else the same."), "training/sweep"
    ),
    Term(
        "symmetry",
        "대칭",
        N_("Here: that hidden units are equal. They learn the same, and so stay equal."),
        "initialization/symmetry",
    ),
    Term(
        "tangent",
        "접선",
        N_("The straight line that touches a curve at a point and has its slope there."),
        "activations/lens",
    ),
    Term(
        "tanh",
        "tanh",
        N_("The hyperbolic tangent, (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ), from −1 to 1."),
        "activations/lens?lens_function=tanh",
    ),
    Term("target", "타깃", N_("What the output should be, y."), "perceptron/decide"),
    Term(
        "temperature",
        "온도",
        N_("The number that logits are divided by before softmax: low sharpens, high levels out."),
        "activations/softmax",
    ),
    Term(
        "test set",
        "테스트 데이터",
        N_("Samples that are kept aside: measured on, never learned from."),
        "regularization/batch?batch_mistake=test",
    ),
    Term(
        "training mode",
        "학습 모드",
        N_("How a network computes while it learns: dropout masks, statistics of the batch."),
        "regularization/dropping",
    ),
    Term(
        "truncation error",
        "절단 오차",
        N_("What a formula of differences gets wrong because its step h is not infinitely small."),
        "descent/numerical",
    ),
    Term("truth table", "진리표", N_("All inputs of a logic gate with their outputs."), "perceptron/decide"),
    Term("unit", "유닛", N_("One neuron: weighted sum, bias, activation function."), "perceptron/three"),
    Term("update", "갱신", N_("One change of all parameters by their gradients."), "backprop/calculator"),
    Term(
        "upstream gradient",
        "상류 기울기",
        N_("The gradient that arrives at a node from the side of the loss."),
        "backprop/graph",
    ),
    Term(
        "validation set",
        "검증 데이터",
        N_("Samples that are not learned from, but that settings are chosen by."),
        "regularization/overfitting",
    ),
    Term(
        "vanishing gradient",
        "기울기 소실",
        N_("A gradient that shrinks from layer to layer on its way back, until the first layers hardly learn."),
        "activations/vanish",
    ),
    Term("variance", "분산", N_("The mean of the squared distances to the mean."), "regularization/batch"),
    Term(
        "velocity",
        "속도",
        N_("The running sum of gradients that momentum moves the parameters by; older ones count less and less."),
        "descent/inside?inside_optimizer=momentum",
    ),
    Term(
        "warm-up",
        "웜업",
        N_("Raising the learning rate from near 0 during the first updates."),
        "descent/batch?batch_schedule=warm_up",
    ),
    Term("weight", "가중치", N_("The factor of one connection."), "perceptron/decide"),
    Term(
        "weight decay",
        "가중치 감쇠",
        N_("Pulling all weights towards 0 a little at each update; with plain SGD the same as an L2 penalty."),
        "regularization/overfitting?over_family=l2",
    ),
    Term(
        "weighted sum",
        "가중합",
        N_("Each input times its weight, added up, with or without the bias."),
        "perceptron/decide",
    ),
    Term(
        "Xavier initialization",
        "Xavier 초기화",
        N_("Weights with mean 0 and variance 2/(fan_in + fan_out); note 000 means 1/fan_in by it."),
        "initialization/drawn?drawn_preset=xavier",
    ),
)


@functools.lru_cache(maxsize=8)
def _table(code: str) -> pd.DataFrame:
    """All terms in the words of a language; the same in every run, and long."""
    say = catalog(code).gettext
    rows = [
        {say(N_("English")): t.english, say(N_("Korean")): t.korean, say(N_("Meaning")): say(t.meaning)} for t in TERMS
    ]
    return pd.DataFrame(rows)


def panel() -> None:
    """The list, closed until the learner asks, and the way to the page that explains more."""
    with st.expander(_("Terms in English and Korean"), icon=":material/menu_book:", key="terms"):
        label = _("Glossary: search the terms, and see where each one is explained")
        st.page_link("pages/glossary.py", label=label, icon="📖")
        st.table(_table(language()), hide_index=True, border="horizontal", alt=_("Terms in English and Korean"))
