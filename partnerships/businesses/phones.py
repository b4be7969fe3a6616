"""Phone numbers in one spelling."""

import phonenumbers


def in_one_form(typed: str, region: str = "US") -> str:
    """The number as people of the country write it: "(312) 555-0134", "+44 20 7946 0000".

    What is not a number stays as typed; the forms refuse it.

    Args:
        typed: what was typed.
        region: the country of a number without a country code, two letters.
    """
    number = parse(typed, region)
    if number is None:
        return (typed or "").strip()
    home = phonenumbers.country_code_for_region(region)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def parse(typed: str, region: str = "US") -> phonenumbers.PhoneNumber | None:
    """The parsed number, or `None` when it can't be one; without its area code nobody can call it."""
    try:
        number = phonenumbers.parse(typed or "", region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    return number if possible == phonenumbers.ValidationResult.IS_POSSIBLE else None
