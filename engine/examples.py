"""The worked networks of the lecture notes, as data."""

from engine.activations import Sigmoid
from engine.experiment import Experiment, random_start
from engine.losses import CrossEntropy, HalfSquaredError, SquaredError

XOR_X = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
XOR_Y = ((0.0,), (1.0,), (1.0,), (0.0,))

# Lecture note 002: one unit a layer, no biases.
CHAIN = Experiment(
    sizes=(1, 1, 1),
    activations=(Sigmoid(),) * 2,
    parameters=(0.7, 0.0, 0.5, 0.0),
    X=((0.5,),),
    Y=((1.0,),),
    loss=SquaredError(),
    learning_rate=1.0,
    learn_biases=False,
)
# Lecture note 002 prints outputs 0.609, 0.633 and targets only; weights and biases here are chosen to give them.
TWO_OUTPUTS = Experiment(
    sizes=(2, 2, 2),
    activations=(Sigmoid(),) * 2,
    parameters=(0.3, 0.5, 0.4, 0.2, 0.1, 0.1, 0.4, 0.3, 0.2, 0.6, 0.09260603, 0.02373093),
    X=((0.2, 0.5),),
    Y=((0.3, 0.9),),
    loss=HalfSquaredError("sum"),
    learning_rate=0.5,
)
# The example with inputs 0.05 and 0.10 that many tutorials share; its biases stay fixed.
CLASSIC = Experiment(
    sizes=(2, 2, 2),
    activations=(Sigmoid(),) * 2,
    parameters=(0.15, 0.25, 0.20, 0.30, 0.35, 0.35, 0.40, 0.50, 0.45, 0.55, 0.60, 0.60),
    X=((0.05, 0.10),),
    Y=((0.01, 0.99),),
    loss=HalfSquaredError("sum"),
    learning_rate=0.5,
    learn_biases=False,
)
# Lecture note 004's network and loss; the note gives no start, this one learns.
XOR = Experiment(
    sizes=(2, 2, 1),
    activations=(Sigmoid(),) * 2,
    parameters=random_start((2, 2, 1), seed=4),
    X=XOR_X,
    Y=XOR_Y,
    loss=CrossEntropy("sum"),
    learning_rate=0.5,
)
