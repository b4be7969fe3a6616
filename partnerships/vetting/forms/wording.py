"""What a form says when a field was left empty, in our words."""

from typing import Any, ClassVar

from django import forms


class OwnWords(forms.Form):
    """A form whose fields say themselves what they miss.

    `required_words` holds the sentence by field name; fields that a subclass adds or takes away are fine.
    """

    required_words: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.required_words.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = words
