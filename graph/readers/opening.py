"""From a store to readers: one snapshot a revision and AsOf, made when first asked for, swapped in whole."""
