"""What a policy offers people: access, correction, deletion, withdrawal, cancelling the account, and how."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.collect.policy_channels import channels, path
from mingcha.collect.policy_reading import Reading, states
from mingcha.collect.policy_text import Sentence, clauses_of, run_on
from mingcha.model.artefact import clip
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms
from mingcha.model.words import Provision

_RIGHTS: tuple[tuple[Provision, str, str], ...] = (
    ("access", "access", "own_information"),
    ("correction", "correct", "own_information"),
    ("deletion", "delete", "own_information"),
    ("withdrawal", "withdraw", "consent"),
)


_RIGHT_REACH = {"zh": 30, "en": 70}
"""Characters between "you may", the verb, and what it is done to, by language."""


def rights(reading: Reading) -> Iterator[ProvisionStated]:
    """Rights offered to people, with the way to use them where the sentence gives one."""
    for provision, verb, thing in _RIGHTS:
        rule = Rule(
            provision=provision,
            needs=("people_may", verb, thing),
            within=_RIGHT_REACH.get(reading.terms.language, _RIGHT_REACH["zh"]),
        )
        for _, sentence in reading.with_words("people_may", verb, thing):
            if _offers(reading.terms, rule, sentence.plain):
                yield reading.stated(provision, sentence, way=way(reading.terms, sentence.plain))


def _offers(terms: Terms, rule: Rule, text: str) -> bool:
    text = terms.pattern("document_change").sub("", text)
    if terms.has("no_right", text) or (rule.provision != "withdrawal" and terms.has("no_information_right", text)):
        return False
    return states(terms, rule, run_on(text))


def way(terms: Terms, text: str) -> str | None:
    """How a right is used: a menu path, else a channel, else the clause that says what to press."""
    found = path(terms, text)
    if found:
        return found
    channel = next((c for c in channels(terms, text) if c.form != "address"), None)
    if channel:
        return channel.way
    return next((clip(clause) for clause in clauses_of(text) if terms.has("press", clause)), None)


def cancellations(reading: Reading) -> Iterator[ProvisionStated]:
    """Cancelling the account as a right: ``way`` is how, ``form`` a condition that is hard to meet (also told apart)."""
    for at, sentence in reading.with_words("cancel_account"):
        text = sentence.plain
        condition = reading.terms.pattern("hard_condition").search(text)
        demanded = condition is not None and reading.terms.has("you", text)
        if reading.terms.has("cancel_sanction", text) or not (demanded or _cancels(reading.terms, sentence)):
            continue
        found = way(reading.terms, text)
        if found is None and at + 1 < len(reading.sentences) and reading.terms.has("following", text[-12:]):
            found = way(reading.terms, reading.sentences[at + 1].plain)
        yield reading.stated("account_cancellation", sentence, way=found, form=condition[0] if condition else None)


def _cancels(terms: Terms, sentence: Sentence) -> bool:
    """People may do it; it is neither what happens before or afterwards nor what we do to them."""
    text = terms.pattern("cancel_after").sub("", sentence.plain)
    if terms.has("cancel_not", text) and path(terms, text) is None:
        return False
    return any(
        _ordered(terms, names, text) for names in (("may_cancel", "cancel_account"), ("cancel_account", "cancel_way"))
    )


def _ordered(terms: Terms, names: tuple[str, ...], text: str) -> bool:
    rule = Rule(provision="account_cancellation", needs=names, within=40)
    return terms.has("you", text) and states(terms, rule, run_on(text))
