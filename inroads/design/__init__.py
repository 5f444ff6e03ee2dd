"""Components from the NHS kit: layouts, form fields, maps, and the gallery that shows them."""
