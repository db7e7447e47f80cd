"""Briefs: two pages a comparison and one a jurisdiction, to take into a meeting; as HTML, PDF, DOCX and XLSX."""
