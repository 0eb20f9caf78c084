"""What must hold of every allocation, whatever the site: the engine's eight invariants.

1. No limit is exceeded, and one that the base alone exceeds gives nothing: `test_limits`.
2. Each allocation is 0 or a level under the ceiling: `test_limits`.
3. No load could go one level up: `test_limits`.
4. Taking from a later load could not raise an earlier one: `test_order`.
5. No load takes more of its pool than its mode allows: `test_pools`.
6. More room never lowers, or never stops, the first load: `test_order`.
7. The same house gets the same answer: `test_same_answer`. Without its meter it gets none: `test_refusal`.
8. Every reason is true: `test_reasons`.

Sites come from hypothesis and shrink to plain ones; what is possible beside the answer is asked of
the oracle's limits and pools, which keep no account of what the engine did.
"""
