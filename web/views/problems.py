"""A page for every code this node refuses with, where `type` of a problem points."""

from flask import Blueprint

from governance.errors import NotFound
from web import answers, errors

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems/<code>")
def show(code: str) -> str:
    """Explain one code in a sentence."""
    sentence = errors.explanations().get(code)
    if sentence is None:
        raise NotFound("There is no such code.")
    return answers.bare_page(code, sentence, f"HTTP {errors.status_of(code)}")
