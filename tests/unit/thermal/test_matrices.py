"""Little matrices do what large ones do elsewhere."""

import pytest
from numpy import allclose, array, eye

from evenload.thermal.matrices import accumulated, exponential, inverse, product, times


def series(matrix, hours):
    """Return exp(matrix * hours) the slow way."""
    own, term = eye(len(matrix)), eye(len(matrix))
    for order in range(1, 40):
        term = term @ array(matrix) * hours / order
        own = own + term
    return own


@pytest.mark.parametrize(
    "matrix",
    [((-0.04,),), ((-0.7, 0.6), (0.07, -0.07)), ((-0.5, 0.0), (0.0, -0.5))],
    ids=["one node", "two nodes", "two alike"],
)
def test_the_exponential_is_its_series(matrix):
    assert allclose(exponential(matrix, 0.25), series(matrix, 0.25), rtol=1e-12)


def test_an_inverse_undoes():
    matrix = ((0.0, 2.0, 1.0), (1.0, 0.0, 3.0), (4.0, 1.0, 0.0))
    assert allclose(product(inverse(matrix), matrix), eye(3))


def test_what_has_no_inverse_says_so():
    with pytest.raises(ZeroDivisionError):
        inverse(((1.0, 2.0), (2.0, 4.0)))


def test_squares_add_up():
    assert accumulated(((1.0, 0.0), (0.0, 1.0)), (1.0, 2.0), 3.0, 0.5) == ((3.5, 6.0), (6.0, 12.5))
    assert times(((1.0, 2.0), (3.0, 4.0)), (1.0, -1.0)) == (-1.0, -1.0)
