"""Money in minor units, with Stripe's own table of exponents.

Source: docs.stripe.com/currencies. Libraries get Stripe's special cases wrong: ISK and UGX have no
decimals, but are sent as if they had two; MGA has none at all.
"""

from typing import Literal

import attrs

_TWO_DECIMALS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF
    CHF CNY COP CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK
    HTG HUF IDR ILS INR ISK JMD KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MRO
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR
    SBD SCR SEK SGD SHP SLE SLL SOS SRD STD STN SVC SYP SZL THB TJS TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VES WST XCD YER ZAR ZMW ZWL
""".split()
_NO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()
_THREE_DECIMALS = "BHD JOD KWD OMR TND".split()
_WHOLE_THOUGH_TWO_ARE_SENT = ("ISK", "UGX")

AMOUNT_DIGITS_MAX = 15
"""More digits than any invoice has; it also keeps the arithmetic small."""


@attrs.frozen(kw_only=True)
class CurrencyRule:
    """`exponent`: how many digits of the provider's number are minor. `decimals`: how many of them
    may be written."""

    code: str
    exponent: int
    decimals: int


CURRENCIES: dict[str, CurrencyRule] = {
    code: CurrencyRule(
        code=code,
        exponent=exponent,
        decimals=0 if code in _WHOLE_THOUGH_TWO_ARE_SENT else exponent,
    )
    for exponent, codes in ((2, _TWO_DECIMALS), (0, _NO_DECIMALS), (3, _THREE_DECIMALS))
    for code in codes
}


@attrs.frozen(kw_only=True, order=True)
class Money:
    """`minor` of the currency's smallest units; `currency` is its upper-case ISO code."""

    minor: int
    currency: str

    def __str__(self) -> str:
        rule = CURRENCIES.get(self.currency)
        exponent = rule.exponent if rule else 2
        sign = "-" if self.minor < 0 else ""
        digits = str(abs(self.minor)).rjust(exponent + 1, "0")
        if rule and rule.decimals == 0 and digits[-exponent:] == "0" * exponent and exponent:
            return f"{sign}{digits[:-exponent]} {self.currency}"
        if exponent == 0:
            return f"{sign}{digits} {self.currency}"
        return f"{sign}{digits[:-exponent]}.{digits[-exponent:]} {self.currency}"


@attrs.frozen(kw_only=True)
class MoneyMistake:
    """Why a text is no money."""

    reason: Literal["unknown_currency", "too_many_decimals", "too_large", "not_a_number"]
    message: str
    allowed_decimals: int | None = None


def parse_money(number: str, currency: str) -> Money | MoneyMistake:
    """The money that `number` (digits, at most one point) and `currency` (upper case) mean."""
    rule = CURRENCIES.get(currency)
    if rule is None:
        return MoneyMistake(
            reason="unknown_currency", message=f"`{currency}` is no currency that Stripe knows"
        )
    whole, _, fraction = number.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit() and (fraction.isdigit() or not fraction)):
        return MoneyMistake(reason="not_a_number", message=f"`{number}` is no amount")
    if len(fraction) > rule.decimals:
        finest = Money(minor=10 ** (rule.exponent - rule.decimals), currency=currency)
        return MoneyMistake(
            reason="too_many_decimals",
            message=f"`{number} {currency}` is finer than the smallest amount, {finest}",
            allowed_decimals=rule.decimals,
        )
    if len(whole) > AMOUNT_DIGITS_MAX:
        return MoneyMistake(reason="too_large", message=f"`{number}` is too large an amount")
    minor = int(whole + fraction.ljust(rule.exponent, "0"))
    return Money(minor=-minor if number.startswith("-") else minor, currency=currency)


def money_from_provider(minor: int, currency: str) -> Money:
    """Money as the provider sends it: minor units, and a currency in any case."""
    return Money(minor=minor, currency=currency.upper())
