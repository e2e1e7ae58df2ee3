"""For programs: every table of the pages as JSON, CSV and XLSX, described by one OpenAPI document."""
