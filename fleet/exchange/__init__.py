"""Exchange (数据交换): every list in and out as a spreadsheet, declared once for both ways.

A `Sheet` is a list's columns with who may read and write it. A `Column` says how its cell is read
and how its value is shown; the template, the dry run, the import and the export follow from it.
"""
