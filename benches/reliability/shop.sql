-- A small shop: what it sells, what was ordered, and what the service did about it.
CREATE TABLE policies (
    category TEXT PRIMARY KEY,
    days INTEGER NOT NULL, -- How long after its delivery an item can be given back.
    fee_percent INTEGER NOT NULL -- What is kept of the price.
);
CREATE TABLE items (
    name TEXT PRIMARY KEY,
    category TEXT NOT NULL REFERENCES policies,
    stock INTEGER NOT NULL CHECK (stock >= 0)
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL,
    item TEXT NOT NULL REFERENCES items,
    quantity INTEGER NOT NULL,
    paid_cents INTEGER NOT NULL,
    state TEXT NOT NULL,
    days_since_delivery INTEGER
);
CREATE TABLE refunds (order_id INTEGER NOT NULL REFERENCES orders, cents INTEGER NOT NULL CHECK (cents > 0));
CREATE TABLE shipments (order_id INTEGER NOT NULL REFERENCES orders);

INSERT INTO policies VALUES ('home', 30, 0), ('clothes', 30, 0), ('electronics', 14, 15), ('outdoor', 60, 0);
INSERT INTO items VALUES
    ('lamp', 'home', 8), ('desk', 'home', 2), ('mug', 'home', 40), ('kettle', 'home', 0),
    ('blue jeans', 'clothes', 5), ('black jeans', 'clothes', 3), ('coat', 'clothes', 1), ('gloves', 'clothes', 9),
    ('headphones', 'electronics', 4), ('keyboard', 'electronics', 6),
    ('tent', 'outdoor', 2), ('stove', 'outdoor', 7), ('boots', 'outdoor', 1);
INSERT INTO orders VALUES
    (1001, 'ada', 'lamp', 1, 4900, 'delivered', 5),
    (1002, 'ada', 'desk', 1, 24900, 'shipped', NULL),
    (1003, 'ben', 'blue jeans', 1, 5900, 'delivered', 10),
    (1004, 'ben', 'black jeans', 1, 6400, 'delivered', 10),
    (1005, 'cleo', 'headphones', 1, 20000, 'delivered', 9),
    (1006, 'cleo', 'keyboard', 1, 8000, 'delivered', 40),
    (1007, 'dan', 'coat', 1, 18000, 'delivered', 45),
    (1008, 'dan', 'gloves', 1, 2500, 'packed', NULL),
    (1009, 'eva', 'mug', 4, 6000, 'delivered', 3),
    (1010, 'eva', 'kettle', 1, 3900, 'delivered', 12),
    (1011, 'finn', 'tent', 1, 25000, 'delivered', 20),
    (1012, 'finn', 'stove', 1, 7000, 'delivered', 20),
    (1013, 'finn', 'boots', 1, 12000, 'refunded', 31);
