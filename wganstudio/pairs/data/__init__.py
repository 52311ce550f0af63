"""Laws from files: images, tables, and what is shown of them before they are used."""
