"""Standard VAT rates by country, in basis points, and who belongs to the VAT area of the European Union.

Source: the rates that the member states publish through the European Commission (Taxes in Europe Database), in force in
January 2026; the others from their tax authorities. A rate that changes is set in ``[plugin.commission.vat.rates]``
until a release brings it.
"""

EU: dict[str, int] = {
    "AT": 2000, "BE": 2100, "BG": 2000, "CY": 1900, "CZ": 2100, "DE": 1900, "DK": 2500, "EE": 2400, "ES": 2100,
    "FI": 2550, "FR": 2000, "GR": 2400, "HR": 2500, "HU": 2700, "IE": 2300, "IT": 2200, "LT": 2100, "LU": 1700,
    "LV": 2100, "MT": 1800, "NL": 2100, "PL": 2300, "PT": 2300, "RO": 2100, "SE": 2500, "SI": 2200, "SK": 2300,
}  # fmt: skip
ELSEWHERE: dict[str, int] = {
    "CA": 500, "CH": 810, "GB": 2000, "IS": 2400, "LI": 810, "MA": 2000, "NO": 2500, "RS": 2000, "SN": 1800,
    "TN": 1900, "TR": 2000, "UA": 2000, "US": 0,
}  # fmt: skip  # Canada: the federal tax alone; the United States have none
SAME_AREA = {"MC": "FR"}  # Monaco belongs to the VAT area of France
