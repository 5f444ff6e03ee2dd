"""Published data in: the publishers' own files, recognised, checked, carried to one geography and swapped in."""
