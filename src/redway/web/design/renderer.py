"""Forms in the markup of the UK government design system: every form, without a word in its template."""

from __future__ import annotations

from typing import Any

from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from redway.web.design.forms import DateBoxes

_CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    # The first match wins, so subclasses stand before their parents.
    (widgets.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (widgets.RadioSelect, "govuk-radios__input"),
    (widgets.CheckboxInput, "govuk-checkboxes__input"),
    (widgets.Select, "govuk-select"),
    (widgets.Textarea, "govuk-textarea"),
    (widgets.FileInput, "govuk-file-upload"),
    (widgets.Input, "govuk-input"),
)


_MARKED_WHEN_WRONG = ("govuk-input", "govuk-select", "govuk-textarea", "govuk-file-upload")


class GovukBoundField(BoundField):
    """A form field that knows its design-system classes and the element that an error should lead to."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: widgets.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        # The browser's own bubble would hide the error summary, which says more and can be read again.
        attrs.pop("required", None)
        for kind, name in _CLASSES:
            if isinstance(widget, kind):
                names = [name, widget.attrs.get("class", "")]
                if self.errors and name in _MARKED_WHEN_WRONG:
                    names.append(f"{name}--error")
                attrs["class"] = " ".join(filter(None, names))
                break
        return attrs

    @property
    def shape(self) -> str:
        """What surrounds the control: 'date', 'radios', 'checkboxes', 'checkbox' or 'plain'."""
        widget = self.field.widget
        if isinstance(widget, DateBoxes):
            return "date"
        # Django's tick boxes are a kind of its radios, so they are asked for first.
        if isinstance(widget, widgets.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, widgets.RadioSelect):
            return "radios"
        if isinstance(widget, widgets.CheckboxInput):
            return "checkbox"
        return "plain"

    @property
    def first_control(self) -> str:
        """The id an error summary links to: of a group, its first control, or the link would do nothing."""
        if self.shape in ("radios", "checkboxes", "date"):
            return f"{self.auto_id}_0"
        return self.id_for_label or str(self.auto_id)


_TEMPLATES = {
    "django/forms/widgets/radio.html": "design/forms/radios.html",
    "django/forms/widgets/checkbox_select.html": "design/forms/checkboxes.html",
}
"""Django's widget template -> ours. By name and not by order of applications, which is easily upset."""


class GovukRenderer(TemplatesSetting):
    """Set as FORM_RENDERER: every form, field and widget is drawn by the templates in ``design/forms``."""

    form_template_name = "design/forms/form.html"
    formset_template_name = "design/forms/formset.html"
    field_template_name = "design/forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Any:
        return super().get_template(_TEMPLATES.get(template_name, template_name))
