"""Money beside the formula: blocks, growth, de-delegation, notional SEN and the years ahead."""
