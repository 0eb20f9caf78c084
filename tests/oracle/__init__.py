"""A second, independent statement of the engine's rules, and the means to hold the engine to it.

`model.solve` says what every load must get and which reasons would be true. It is written from
the rules alone and shares nothing with `evenload.engine` but the nouns: it keeps no running
headroom, it judges a whole site from scratch each time it asks "may this load go to this level?".
That makes it slow and easy to believe. `exhaustive` checks it in turn by trying every
combination of levels on small sites; `sites` makes the sites; `agreement` compares.
"""
