"""The words of the payment page, in English and French, and amounts as they are written there."""

from marketwright.plugin import Money, exponent

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "name": "Sandbox payments",
        "no_money": "A practice payment: no real money moves.",
        "title": "Pay",
        "amount": "Amount",
        "reference": "Reference",
        "how": "Choose a test card",
        "pay": "A card that pays",
        "pay_hint": "4242 4242 4242 4242. The money is there at once.",
        "confirm": "A card that asks for a confirmation",
        "confirm_hint": "4000 0000 0000 3220. The bank asks back first.",
        "late": "A payment that answers late",
        "late_hint": "The bank takes its time; the money comes after you have left.",
        "decline": "A card that is declined",
        "decline_hint": "4000 0000 0000 0002. The bank says no.",
        "button": "Pay {amount}",
        "leave": "Leave without paying",
        "bank": "Your bank asks back",
        "bank_text": "Do you confirm the payment of {amount}?",
        "yes": "Confirm the payment",
        "no": "Refuse",
        "gone": "This payment is done",
        "gone_text": "There is nothing left to do on this page.",
        "expired": "This payment page has expired",
        "expired_text": "Go back and start the payment once more.",
        "back": "Back to the marketplace",
        "unknown": "There is no such payment",
        "unknown_text": "The address is incomplete, or the payment was never asked for.",
        "choose": "Choose one of the cards.",
    },
    "fr": {
        "name": "Paiements d’essai",
        "no_money": "Un paiement d’entraînement : aucun argent réel ne circule.",
        "title": "Payer",
        "amount": "Montant",
        "reference": "Référence",
        "how": "Choisissez une carte d’essai",
        "pay": "Une carte qui paie",
        "pay_hint": "4242 4242 4242 4242. L’argent arrive aussitôt.",
        "confirm": "Une carte qui demande une confirmation",
        "confirm_hint": "4000 0000 0000 3220. La banque vous interroge d’abord.",
        "late": "Un paiement qui répond en retard",
        "late_hint": "La banque prend son temps ; l’argent arrive après votre départ.",
        "decline": "Une carte refusée",
        "decline_hint": "4000 0000 0000 0002. La banque dit non.",
        "button": "Payer {amount}",
        "leave": "Partir sans payer",
        "bank": "Votre banque demande une confirmation",
        "bank_text": "Confirmez-vous le paiement de {amount} ?",
        "yes": "Confirmer le paiement",
        "no": "Refuser",
        "gone": "Ce paiement est terminé",
        "gone_text": "Il n’y a plus rien à faire sur cette page.",
        "expired": "Cette page de paiement a expiré",
        "expired_text": "Revenez en arrière et recommencez le paiement.",
        "back": "Retour à la place de marché",
        "unknown": "Ce paiement n’existe pas",
        "unknown_text": "L’adresse est incomplète, ou le paiement n’a jamais été demandé.",
        "choose": "Choisissez l’une des cartes.",
    },
}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def show(amount: int, currency: str, language: str) -> str:
    """``€1,234.50`` or ``1 234,50 €``."""
    digits = exponent(currency)
    text = f"{Money(amount, currency).decimal:,.{digits}f}"
    sign = _SIGNS.get(currency, currency)
    if language == "fr":
        return text.replace(",", "\u202f").replace(".", ",") + "\u00a0" + sign
    return f"{sign}{text}" if len(sign) == 1 else f"{text} {sign}"
