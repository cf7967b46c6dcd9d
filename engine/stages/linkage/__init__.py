"""Record linkage on arrays: columns, candidate pairs, comparison levels, learnt weights, one-to-one, clusters."""
