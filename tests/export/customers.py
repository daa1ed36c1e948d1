"""Customers to learn from, and others to score: rows of text, as files hold them."""

import csv
import random

CITIES = ["Bandung", "Jakarta", "Medan", "Kota <1> & 'dua'"]


def mall(count, seed):
    """New visitors of the mall, some far beyond those that were learned from."""
    draw = random.Random(seed)
    for row in range(count):
        far = draw.choice([1, 1, 1, 5, 1e3, 1e7])
        yield {
            "row": row,
            "Annual Income (k$)": round(draw.uniform(0, 140) * far, draw.choice([0, 2, 6])),
            "Spending Score (1-100)": round(draw.uniform(0, 100), draw.choice([0, 3])),
        }


def shop(count, seed, is_new):
    """Customers of a shop. New ones come with cells that the shop has not seen before."""
    draw = random.Random(seed)
    for row in range(count):
        group = draw.randrange(4)
        customer = {
            "row": row,
            "income": round(draw.lognormvariate(7 + group, 0.6), 2),
            "age": draw.randint(18, 30) + 12 * (group % 3),
            "visits": draw.randint(0, 20) + (200 if draw.random() < 0.02 else 0),
            "balance": round(draw.gauss(1000 * group, 700), 2),
            "city": draw.choices(CITIES, [4, 3 + group, 2, 1])[0],
            "vip": "yes" if draw.random() < 0.2 * (group + 1) else "no",
        }
        for name in ("income", "age", "city"):
            if draw.random() < 0.06:
                customer[name] = ""
        yield altered(customer, draw) if is_new else customer


def altered(customer, draw):
    """The customer with some cells as people write them, unknown, extreme or missing."""
    if draw.random() < 0.15:
        customer["city"] = draw.choice(["NA", "n/a", "-", "null", "Atlantis", "jakarta", "<script>"])
    if draw.random() < 0.2:
        customer["vip"] = draw.choice(["YES", "No", "Yes", "maybe", "nO", "", "NaN"])
    if draw.random() < 0.05:
        customer["income"] = draw.choice([0, 1e-9, 1e12, 0.001, 1e300])
    if draw.random() < 0.05:
        customer["balance"] = draw.choice([-1e6, 1e15, -1e9, 0.1])
    if draw.random() < 0.05:
        customer["visits"] = draw.choice([1e6, 0])
    if draw.random() < 0.03:
        customer[draw.choice(["age", "balance"])] = ""
    return customer


def write(path, customers):
    """Writes customers as CSV, and returns them."""
    customers = list(customers)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, customers[0])
        writer.writeheader()
        writer.writerows(customers)
    return customers


def read(path):
    """Customers from CSV, numbers as such."""
    with open(path, newline="", encoding="utf-8") as file:
        return [{column: as_number(cell) for column, cell in row.items()} for row in csv.DictReader(file)]


def as_number(cell):
    try:
        return float(cell)
    except ValueError:
        return cell
