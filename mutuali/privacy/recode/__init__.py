"""From rows to coarser rows: the histogram, its classes, and the searches for the best scheme."""
